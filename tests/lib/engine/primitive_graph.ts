/**
 * One graph whose outputs are all primitive operators, in the variants that
 * engines are known to run by different code, and in those they got wrong.
 */
import { Graph } from "../../../lib/graph/graph.ts";
import {
  relu,
  relu6,
  sigmoid,
} from "../../../lib/graph/operators/activation.ts";
import * as arithmetic from "../../../lib/graph/operators/arithmetic.ts";
import * as comparison from "../../../lib/graph/operators/comparison.ts";
import { CONV, conv } from "../../../lib/graph/operators/convolution.ts";
import { matMul } from "../../../lib/graph/operators/linear.ts";
import {
  AVERAGE_POOL,
  averagePool,
  MAX_POOL,
  maxPool,
} from "../../../lib/graph/operators/pooling.ts";
import { rankInGroup } from "../../../lib/graph/operators/rank.ts";
import {
  reduceMax,
  reduceSum,
} from "../../../lib/graph/operators/reduction.ts";
import * as shape from "../../../lib/graph/operators/shape.ts";
import { stopGradient } from "../../../lib/graph/operators/stop_gradient.ts";
import type { Shape, TensorData } from "../../../lib/graph/tensor_type.ts";
import { elementCount } from "../../../lib/graph/tensor_type.ts";
import { apply, type Value } from "../../../lib/graph/value.ts";
import { seededRandom } from "../../../lib/random.ts";

/** A graph and what to feed it. */
export interface FedGraph {
  readonly graph: Graph;
  readonly feeds: Record<string, TensorData>;
}

/** Normal numbers. */
export function normals(name: string, shape: Shape, scale = 1): Float32Array {
  const random = seededRandom(1).split(name);
  return Float32Array.from(
    { length: elementCount(shape) },
    () => scale * random.normal(),
  );
}

/** See above; the names of its outputs say the variants. */
export function primitiveGraph(): FedGraph {
  const graph = new Graph("primitives");
  const feeds: Record<string, TensorData> = {};
  const input = (name: string, shape: Shape, of = (x: number) => x) => {
    feeds[name] = normals(name, shape).map(of);
    return graph.input(name, "float32", shape);
  };
  const bools = (name: string, shape: Shape) => {
    feeds[name] = Uint8Array.from(normals(name, shape), (x) => x > 0 ? 1 : 0);
    return graph.input(name, "bool", shape);
  };
  const give = (name: string, value: Value) => graph.output(name, value);

  const a = input("a", [2, 3, 4]);
  const row = input("row", [1, 3, 1]);
  const positive = input("positive", [2, 3, 4], (x) => Math.abs(x) + 0.1);
  for (const name of ["add", "sub", "mul", "maximum", "minimum"] as const) {
    give(name, arithmetic[name](a, row));
    give(`${name} of a scalar`, arithmetic[name](graph.scalar(0.3), a));
  }
  give("div", arithmetic.div(row, positive));
  give("neg", arithmetic.neg(a));
  give("exp", arithmetic.exp(a));
  give("log", arithmetic.log(positive));
  give("sqrt", arithmetic.sqrt(positive));
  give("relu", relu(a));
  give("relu6", relu6(arithmetic.mul(a, graph.scalar(5))));
  give("sigmoid", sigmoid(a));
  give("identity of an input", stopGradient(a));
  give("an input itself", a);

  const p = bools("p", [2, 3, 1]);
  const q = bools("q", [3, 4]);
  const whole = input("whole", [2, 3, 4], Math.round);
  const otherWhole = input("other_whole", [3, 1], Math.round);
  give("equal", comparison.equal(whole, otherWhole));
  give("greater", comparison.greater(whole, otherWhole));
  give("less", comparison.less(whole, otherWhole));
  give("and", comparison.and(p, q));
  give("or", comparison.or(p, q));
  give("not", comparison.not(q));
  give("where", comparison.where(p, a, row));
  give(
    "where of scalars",
    comparison.where(q, graph.scalar(2), graph.scalar(3)),
  );
  give("cast of bool", comparison.cast(p, "float32"));
  give("cast to bool", comparison.cast(whole, "bool"));
  const ids = comparison.cast(arithmetic.mul(a, graph.scalar(3)), "int64");
  give("cast to int64", ids);
  give("cast of int64", comparison.cast(ids, "float32"));

  give("matMul", matMul(input("m", [5, 7]), input("n", [7, 6])));
  const stack = input("stack", [2, 3, 4, 5]);
  give("matMul, stack by matrix", matMul(stack, input("right", [5, 3])));
  give("matMul, matrix by stack", matMul(input("left", [6, 4]), stack));
  give("matMul, stack by stack", matMul(input("other", [2, 3, 2, 4]), stack));
  give("matMul, broadcast", matMul(input("some", [2, 1, 2, 4]), stack));
  give("reduceSum", reduceSum(stack, [0, 2]));
  give("reduceSum, last", reduceSum(stack, [3]));
  give("reduceSum, all", reduceSum(stack, [0, 1, 2, 3]));
  give("reduceMax", reduceMax(stack, [1]));
  give("reduceMax, two", reduceMax(stack, [1, 3]));

  give("reshape", shape.reshape(stack, [6, 20]));
  give("transpose", shape.transpose(stack, [3, 1, 0, 2]));
  const five = input("five", [2, 2, 3, 2, 3]);
  give("transpose, 5 axes", shape.transpose(five, [0, 3, 1, 4, 2]));
  give("transpose of bool", shape.transpose(q, [1, 0]));
  give(
    "concat",
    shape.concat([a, row, a].map((x) => shape.expand(x, [2, 3, 4])), 1),
  );
  give("concat, last", shape.concat([stack, stack], 3));
  give("slice", shape.slice(stack, { axis: 1, start: 1, end: 3 }));
  give(
    "slice, steps",
    shape.slice(stack, { axis: 3, start: 1, end: 5, step: 2 }),
  );
  give(
    "slice, 5 axes",
    shape.slice(five, { axis: 2, start: 0, end: 3, step: 2 }),
  );
  give(
    "slice, backwards",
    shape.slice(a, { axis: 2, start: 3, end: 0, step: -2 }),
  );
  give("flip", shape.flip(stack, [2, 3]));
  give("pad", shape.pad(stack, [0, 0, 1, 2, 0, 1, 0, 3]));
  give("pad, 5 axes", shape.pad(five, [0, 0, 0, 0, 1, 0, 0, 0, 1, 0]));
  give("expand", shape.expand(row, [2, 3, 4]));
  give("expand of a scalar", shape.expand(graph.scalar(1.5), [2, 3]));
  give("expand of bool", shape.expand(p, [2, 3, 4]));
  const groups = shape.reshape(whole, [2, 12]);
  give("rank", rankInGroup(shape.reshape(a, [2, 12]), groups));
  give(
    "rank of ties",
    rankInGroup(groups, shape.reshape(stopGradient(ofTwo(whole)), [2, 12])),
  );
  addWindows({ graph, feeds }, input);
  return { graph, feeds };
}

/** 0 or 1. */
function ofTwo(x: Value): Value {
  const zero = x.graph.scalar(0);
  return comparison.cast(comparison.greater(x, zero), "float32");
}

function addWindows(
  { graph }: FedGraph,
  input: (name: string, shape: Shape, of?: (x: number) => number) => Value,
): void {
  const x = input("x", [2, 4, 9, 8]);
  const w = input("w", [6, 4, 3, 3]);
  const b = input("b", [6]);
  const give = (name: string, value: Value) => graph.output(name, value);
  give("conv", conv(x, w, b, { pad: 1 }));
  give("conv, 1 × 1", conv(x, input("w1", [3, 4, 1, 1]), null));
  give("conv, strides", conv(x, w, b, { pad: 1, stride: 2 }));
  give("conv, dilation", conv(x, w, null, { pad: 2, dilation: 2 }));
  give(
    "conv, dilation past the input",
    conv(x, w, b, { pad: 12, dilation: 12 }),
  );
  give(
    "conv, strides and dilation",
    conv(x, w, b, { pad: 2, dilation: 2, stride: 2 }),
  );
  give("conv, uneven pads", conv(x, w, b, { pad: [0, 2, 1, 0] }));
  give(
    "conv, uneven pads and strides",
    conv(x, w, b, { pad: [2, 0, 1, 1], stride: 2 }),
  );
  const wide = {
    strides: [1, 2],
    pads: [0, 1, 0, 1],
    dilations: [2, 1],
    group: 1,
  };
  give("conv, 2 × 3", apply(CONV, [x, input("w23", [2, 4, 2, 3])], wide));
  const grouped = input("wg", [6, 2, 3, 3]);
  give("conv, groups", conv(x, grouped, b, { group: 2, pad: 1 }));
  give(
    "conv, groups, dilation",
    conv(x, grouped, b, { group: 2, pad: 2, dilation: 2 }),
  );
  const deep = input("wd", [4, 1, 3, 3]);
  give("conv, depthwise", conv(x, deep, null, { group: 4, pad: 1 }));
  give(
    "conv, depthwise, strides",
    conv(x, deep, null, { group: 4, pad: 1, stride: 2 }),
  );
  give(
    "conv, depthwise, dilation",
    conv(x, deep, null, { group: 4, pad: 2, dilation: 2 }),
  );
  const doubled = input("wdd", [8, 1, 3, 3]);
  give(
    "conv, two a channel",
    conv(x, doubled, null, { group: 4, pad: [1, 0, 0, 1] }),
  );
  const below = input("below", [2, 3, 7, 6], (x) => -Math.abs(x) - 1);
  give("maxPool, below 0", maxPool(below, { kernel: 3, stride: 2, pad: 1 }));
  give("maxPool", maxPool(x, { kernel: 3, stride: 1, pad: 1 }));
  give(
    "maxPool, uneven pads",
    maxPool(below, { kernel: 3, stride: 2, pad: [0, 1, 1, 2] }),
  );
  const rows = { kernelShape: [1, 3], strides: [1, 2], pads: [0, 1, 0, 1] };
  give("maxPool, 1 × 3", apply(MAX_POOL, [below], rows));
  give("averagePool", averagePool(x, { kernel: 3, stride: 1, pad: 1 }));
  give(
    "averagePool, strides",
    averagePool(x, { kernel: 3, stride: 2, pad: [0, 1, 1, 0] }),
  );
  const columns = {
    kernelShape: [3, 1],
    strides: [2, 1],
    pads: [1, 0, 1, 0],
    countIncludePad: 1,
  } as const;
  give("averagePool, 3 × 1", apply(AVERAGE_POOL, [x], columns));
}
