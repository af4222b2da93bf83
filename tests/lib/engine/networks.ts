/**
 * A small network with the layers of the real ones, its loss and its training.
 */
import { Graph } from "../../../lib/graph/graph.ts";
import { gradients } from "../../../lib/graph/gradients.ts";
import { logSoftmax, relu } from "../../../lib/graph/operators/activation.ts";
import { mul, neg, sub } from "../../../lib/graph/operators/arithmetic.ts";
import { conv } from "../../../lib/graph/operators/convolution.ts";
import { averagePool, maxPool } from "../../../lib/graph/operators/pooling.ts";
import { reduceSum } from "../../../lib/graph/operators/reduction.ts";
import { bilinearResize } from "../../../lib/graph/operators/resize.ts";
import { reshape } from "../../../lib/graph/operators/shape.ts";
import type { TensorData } from "../../../lib/graph/tensor_type.ts";
import type { Value } from "../../../lib/graph/value.ts";
import { type FedGraph, normals } from "./primitive_graph.ts";

const SHAPES = {
  conv1: [6, 3, 3, 3],
  bias1: [6],
  depthwise: [6, 1, 3, 3],
  grouped: [8, 3, 3, 3],
  atrous: [5, 8, 3, 3],
  bias2: [5],
} as const;

/** Values of the parameters. */
export function weights(): Map<string, Float32Array> {
  return new Map(
    Object.entries(SHAPES).map((
      [name, shape],
    ) => [name, normals(name, shape, 0.3)]),
  );
}

/**
 * Convolutions of all kinds, pools, resizing and softmax cross-entropy.
 *
 * @param isShort Leaves out what only adds kernels: a program that stands in
 *   for a GPU takes a tenth of a second to compile each.
 */
function lossOf(graph: Graph, isShort: boolean) {
  const parameters = Object.fromEntries(
    Object.entries(SHAPES).map((
      [name, shape],
    ) => [name, graph.parameter(name, shape)]),
  ) as Record<keyof typeof SHAPES, Value>;
  const { conv1, bias1, depthwise, grouped, atrous, bias2 } = parameters;
  let x = graph.input("images", "float32", [2, 3, 17, 17]);
  x = relu(conv(x, conv1, bias1, { pad: 1, stride: 2 }));
  x = maxPool(x, { kernel: 3, stride: 2, pad: 1 });
  x = conv(x, depthwise, null, { pad: 1, group: 6 });
  if (!isShort) x = maxPool(x, { kernel: 3, stride: 1, pad: 1 });
  x = relu(conv(x, grouped, null, { pad: 1, group: 2 }));
  if (!isShort) x = averagePool(x, { kernel: 3, stride: 1, pad: 1 });
  x = conv(x, atrous, bias2, { pad: 2, dilation: 2 });
  x = bilinearResize(x, [9, 9]);
  const wanted = graph.input("wanted", "float32", [2, 5, 9, 9]);
  const loss = neg(reduceSum(mul(wanted, logSoftmax(x, 1)), [0, 1, 2, 3]));
  return { loss: reshape(loss, []), parameters: Object.values(parameters) };
}

/** What the network is fed, but for its parameters. */
export function batch(): Record<string, TensorData> {
  return {
    images: normals("images", [2, 3, 17, 17]),
    wanted: normals("wanted", [2, 5, 9, 9]).map((x) => x > 1 ? 1 : 0),
  };
}

/** Loss, the gradient of each parameter, and the parameter moved against it. */
export function gradientGraph(isShort: boolean): FedGraph & {
  /** Output that is the next value of each parameter. */
  readonly nexts: ReadonlyMap<string, string>;
} {
  const graph = new Graph("network");
  const { loss, parameters } = lossOf(graph, isShort);
  graph.output("loss", loss);
  const slopes = gradients(loss, parameters);
  const rate = graph.scalar(0.002);
  for (const [i, parameter] of parameters.entries()) {
    graph.output(`gradient:${parameter.name}`, slopes[i]!);
    const next = sub(parameter, mul(rate, slopes[i]!));
    graph.output(`next:${parameter.name}`, next);
  }
  return {
    graph,
    feeds: { ...batch(), ...Object.fromEntries(weights()) },
    nexts: new Map(parameters.map(({ name }) => [name, `next:${name}`])),
  };
}
