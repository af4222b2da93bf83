/**
 * Graphs in channel blocks against the float64 interpreter, on onnxruntime's
 * native build, which runs every graph with learnt parameters like that.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { inBlocks } from "../../../lib/engine/blocked_layout.ts";
import { startOnnxruntimeNode } from "../../../lib/engine/onnxruntime_node.ts";
import { Graph } from "../../../lib/graph/graph.ts";
import { gradients } from "../../../lib/graph/gradients.ts";
import { relu, relu6 } from "../../../lib/graph/operators/activation.ts";
import { add, maximum, mul } from "../../../lib/graph/operators/arithmetic.ts";
import { cast, greater } from "../../../lib/graph/operators/comparison.ts";
import { conv } from "../../../lib/graph/operators/convolution.ts";
import { averagePool, maxPool } from "../../../lib/graph/operators/pooling.ts";
import { reduceSum } from "../../../lib/graph/operators/reduction.ts";
import { concat } from "../../../lib/graph/operators/shape.ts";
import type { TensorData } from "../../../lib/graph/tensor_type.ts";
import {
  elementCount,
  type Shape,
  type Value,
} from "../../../lib/graph/value.ts";
import { evaluate } from "../graph/reference.ts";
import { normals } from "./primitive_graph.ts";

/** Makes a network's output of the images, with weights that it asks for. */
type Net = (images: Value, weight: (...shape: number[]) => Value) => Value;

const NETS: Readonly<Record<string, Net>> = {
  "a narrow start, pools and a dropout": (x, weight) => {
    x = relu(conv(x, weight(16, 3, 3, 3), weight(16), { pad: 1 }));
    x = relu(conv(x, weight(16, 16, 3, 3), weight(16), { pad: 1 }));
    x = maxPool(x, { kernel: 3, stride: 2, pad: 1 });
    x = relu(conv(x, weight(32, 16, 3, 3), null, { pad: 2, dilation: 2 }));
    x = maxPool(x, { kernel: 3, stride: 1, pad: 1 });
    x = averagePool(x, { kernel: 3, stride: 1, pad: 1 });
    const kept = (x.graph as Graph).input("kept", "bool", x.shape);
    x = mul(x, cast(kept, "float32"));
    return conv(x, weight(5, 32, 1, 1), weight(5));
  },
  "depthwise convolutions and a way around them": (x, weight) => {
    x = relu6(conv(x, weight(24, 3, 3, 3), weight(24), { stride: 2, pad: 1 }));
    x = relu6(conv(x, weight(48, 24, 1, 1), weight(48)));
    const y = conv(x, weight(48, 1, 3, 3), weight(48), { group: 48, pad: 1 });
    x = add(x, conv(relu6(y), weight(48, 48, 1, 1), null));
    const options = { group: 48, pad: [0, 0, 1, 1], stride: 2 } as const;
    return conv(x, weight(48, 1, 3, 3), null, options);
  },
  "a value with two users, one of whom has no blocks": (x, weight) => {
    const y = conv(x, weight(16, 3, 1, 1), weight(16));
    return conv(concat([relu(y), y], 1), weight(16, 32, 1, 1), null);
  },
  "a number for each channel": (x, weight) => {
    const pad = [0, 0, 0, 2] as const; // 11 × 11 cells, as the kernel
    const gate = conv(x, weight(16, 3, 11, 11), null, { pad });
    const y = conv(x, weight(16, 3, 3, 3), null, { pad: 1 });
    return mul(conv(mul(y, gate), weight(16, 16, 1, 1), null), gate);
  },
};

interface FedNet {
  readonly graph: Graph;
  readonly feeds: Record<string, TensorData>;
}

/** The net's output and all gradients of its sum, weighed at random. */
function training(net: Net): FedNet {
  const graph = new Graph("net");
  const feeds: Record<string, TensorData> = {};
  const feed = (name: string, shape: Shape, std: number) => {
    feeds[name] = normals(name, shape, std);
  };
  const images = graph.input("images", "float32", [2, 3, 11, 9]);
  feed("images", images.shape, 1);
  const weights: Value[] = [];
  const y = net(images, (...shape) => {
    const name = `weight${weights.length}`;
    const inputs = elementCount(shape.slice(1));
    feed(name, shape, Math.sqrt(2 / inputs));
    weights.push(graph.parameter(name, shape));
    return weights.at(-1)!;
  });
  const kept = graph.inputs.find(({ type }) => type === "bool");
  if (kept !== undefined) {
    feeds.kept = Uint8Array.from(
      { length: elementCount(kept.shape) },
      (_, i) => i % 3 % 2,
    );
  }
  const share = graph.input("share", "float32", y.shape);
  feed("share", y.shape, 1);
  graph.output("y", y);
  const slopes = gradients(reduceSum(mul(y, share), [0, 1, 2, 3]), weights);
  slopes.forEach((slope, i) => graph.output(`gradient${i}`, slope));
  return { graph, feeds };
}

for (const [name, net] of Object.entries(NETS)) {
  Deno.test(`blocks change nothing of ${name}`, async () => {
    const { graph, feeds } = training(net);
    const numbers = Object.fromEntries(
      Object.entries(feeds).map((
        [key, data],
      ) => [key, Array.from(data, Number)]),
    );
    const expected = evaluate(graph, numbers);
    const engine = await startOnnxruntimeNode("cpu");
    const program = await engine.compile(graph);
    const found = await program.run(feeds);
    await program.dispose();
    deepStrictEqual(Object.keys(found).sort(), Object.keys(expected).sort());
    for (const [key, numbers] of Object.entries(expected)) {
      const scale = Math.max(...numbers.map(Math.abs));
      const error = numbers.map((x, i) => Math.abs(x - Number(found[key]![i])));
      ok(Math.max(...error) <= 1e-5 * scale, key);
    }
  });
}

/** How many nodes of each kind a net becomes, with blocks of 16 channels. */
function countNodes(net: Net): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { operator } of inBlocks(training(net).graph, 16).nodes) {
    const name = `${
      operator.domain === undefined ? "" : "blocked "
    }${operator.name}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

Deno.test("blocks take all that can be in them, and are left once a layer", () => {
  const counts = countNodes(Object.values(NETS)[0]!);
  // Only the last layer's own five channels fill no block.
  deepStrictEqual(counts.get("blocked Conv"), 6);
  deepStrictEqual(counts.get("Conv"), 1);
  // Input and gradient of each layer, for matrix products; images are plain.
  deepStrictEqual(counts.get("blocked ReorderOutput"), 6);
  // The mask of the dropout.
  deepStrictEqual(counts.get("blocked ReorderInput"), 1);
});

Deno.test("blocks are not for channels that fill none", () => {
  const counts = countNodes((x, weight) =>
    relu(conv(x, weight(24, 3, 1, 1), null))
  );
  deepStrictEqual(
    [...counts.keys()].filter((name) => /blocked/.test(name)),
    [],
  );
});

Deno.test("blocks compute truth values again of alternatives, where those are", () => {
  const graph = new Graph("net");
  const x = graph.input("x", "float32", [16, 3, 5, 5]);
  const y = conv(x, graph.parameter("weight", [16, 3, 1, 1]), null);
  const positive = relu(y);
  graph.alternative(positive, maximum(y, graph.scalar(0)));
  graph.output("mask", greater(positive, graph.scalar(1)));
  const names = inBlocks(graph, 16).nodes.map(({ operator }) => operator.name);
  ok(names.includes("Max") && !names.includes("Relu"), names.join());
});
