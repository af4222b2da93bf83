import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { fromBinary } from "@bufbuild/protobuf";
import { Graph } from "../../../lib/graph/graph.ts";
import { encodeCopy, encodeOnnx } from "../../../lib/graph/onnx_file.ts";
import {
  type AttributeProto,
  ModelProtoSchema,
} from "../../../lib/graph/onnx_pb.ts";
import { relu6 } from "../../../lib/graph/operators/activation.ts";
import { add, mul, neg } from "../../../lib/graph/operators/arithmetic.ts";
import { cast } from "../../../lib/graph/operators/comparison.ts";
import { conv } from "../../../lib/graph/operators/convolution.ts";
import { reduceSum } from "../../../lib/graph/operators/reduction.ts";
import { slice } from "../../../lib/graph/operators/shape.ts";

function decode(bytes: Uint8Array) {
  return fromBinary(ModelProtoSchema, bytes).graph!;
}

/** An attribute's name and value. */
function attributeOf({ name, i, ints }: AttributeProto) {
  return [name, ints.length > 0 ? ints.map(Number) : Number(i)];
}

Deno.test("encodeOnnx writes inputs, parameters, constants and outputs by name", () => {
  const graph = new Graph("example");
  const x = graph.input("x", "float32", [2, 3]);
  const w = graph.parameter("w", [3]);
  graph.output("y", add(mul(x, w), graph.scalar(0.5)));
  const { name, node, input, output, initializer, valueInfo } = decode(
    encodeOnnx(graph),
  );
  strictEqual(name, "example");
  deepStrictEqual(
    node.map(({ opType, input, output }) => [opType, input, output]),
    [["Mul", ["x", "w"], ["Mul"]], ["Add", ["Mul", "constant"], ["y"]]],
  );
  deepStrictEqual(input.map(({ name }) => name), ["x", "w"]);
  deepStrictEqual(output.map(({ name }) => name), ["y"]);
  deepStrictEqual(initializer.map(({ name }) => name), ["constant"]);
  deepStrictEqual(valueInfo.map(({ name }) => name), ["Mul"]);
  const type = input[0]!.type!.value.value!;
  deepStrictEqual(type.shape!.dim.map(({ value }) => value.value), [2n, 3n]);
});

Deno.test("encodeOnnx freezes parameters as initialisers", () => {
  const graph = new Graph("example");
  graph.output("y", neg(graph.parameter("w", [2])));
  // A view that is not at the start of its memory.
  const data = Float32Array.of(0, 1, 2).subarray(1);
  const constants = new Map([["w", data]]);
  const { input, initializer: [w] } = decode(encodeOnnx(graph, { constants }));
  deepStrictEqual(input, []);
  deepStrictEqual(w!.rawData, Uint8Array.of(0, 0, 128, 63, 0, 0, 0, 64));
});

Deno.test("encodeOnnx freezes what lies in shared memory", () => {
  const graph = new Graph("example");
  graph.output("y", neg(graph.parameter("w", [1])));
  const data = new Float32Array(new SharedArrayBuffer(4));
  const constants = new Map([["w", data]]);
  strictEqual(decode(encodeOnnx(graph, { constants })).initializer.length, 1);
});

Deno.test("encodeOnnx writes attributes as ONNX spells them", () => {
  const graph = new Graph("example");
  const x = graph.input("x", "float32", [1, 2, 5, 5]);
  const w = graph.parameter("w", [2, 1, 3, 3]);
  graph.output("y", conv(x, w, null, { pad: [0, 1, 2, 3], group: 2 }));
  graph.output("bool", cast(x, "bool"));
  const { node } = decode(encodeOnnx(graph));
  deepStrictEqual(node[0]!.attribute.map(attributeOf), [
    ["strides", [1, 1]],
    ["pads", [0, 1, 2, 3]],
    ["dilations", [1, 1]],
    ["group", 2],
  ]);
  deepStrictEqual(node[1]!.attribute.map(attributeOf), [["to", 9]]);
});

Deno.test("encodeOnnx turns attributes into inputs where ONNX has inputs, once each", () => {
  const graph = new Graph("example");
  const x = graph.input("x", "float32", [4]);
  const part = slice(x, { axis: 0, start: 1, end: 3 });
  graph.output(
    "y",
    reduceSum(relu6(slice(part, { axis: 0, start: 0, end: 1 })), [0]),
  );
  const { node, initializer } = decode(encodeOnnx(graph));
  deepStrictEqual(node.map(({ input }) => input.slice(1)), [
    [
      "attribute starts 1",
      "attribute ends 3",
      "attribute axes 0",
      "attribute steps 1",
    ],
    [
      "attribute starts 0",
      "attribute ends 1",
      "attribute axes 0",
      "attribute steps 1",
    ],
    ["attribute min 0", "attribute max 6"],
    ["attribute axes 0"],
  ]);
  deepStrictEqual(node[3]!.attribute.map(attributeOf), [["keepdims", 1]]);
  strictEqual(initializer.length, 8);
});

Deno.test("encodeOnnx leaves out nodes and constants that no output needs", () => {
  const graph = new Graph("example");
  const x = graph.input("x", "float32", [4]);
  add(x, graph.scalar(7));
  graph.output("y", neg(x));
  const { node, initializer } = decode(encodeOnnx(graph));
  deepStrictEqual(node.map(({ opType }) => opType), ["Neg"]);
  deepStrictEqual(initializer, []);
});

Deno.test("encodeOnnx copies to outputs that are inputs, or others too", () => {
  const graph = new Graph("example");
  const x = graph.input("x", "float32", [4]);
  const y = neg(x);
  graph.output("y", y);
  graph.output("y again", y);
  graph.output("x itself", x);
  graph.output("constant itself", graph.scalar(1));
  const { node, initializer } = decode(encodeOnnx(graph));
  deepStrictEqual(
    node.map(({ opType, input, output }) => [opType, ...input, ...output]),
    [
      ["Neg", "x", "y"],
      ["Identity", "y", "y again"],
      ["Identity", "x", "x itself"],
      ["Identity", "constant", "constant itself"],
    ],
  );
  strictEqual(initializer.length, 1);
});

Deno.test("encodeOnnx keeps an output apart from another value of its name", () => {
  const graph = new Graph("example");
  const x = graph.input("x", "float32", [4]);
  const first = neg(x); // named "Neg"
  graph.output("Neg", neg(first)); // named "Neg_2"
  const { node } = decode(encodeOnnx(graph));
  deepStrictEqual(node.map(({ output }) => output), [["Neg'"], ["Neg"]]);
});

Deno.test("encodeOnnx refuses what cannot be frozen, and names in use", () => {
  const graph = new Graph("example");
  const w = graph.parameter("w", [2]);
  graph.output("y", neg(w));
  const freeze = (name: string) =>
    encodeOnnx(graph, { constants: new Map([[name, new Float32Array(3)]]) });
  throws(() => freeze("w"), {
    name: "RangeError",
    message: 'Cannot freeze "w" of graph "example" as its data must fill it: ' +
      "3 elements of 2",
  });
  throws(() => freeze("v"), {
    name: "RangeError",
    message: 'Cannot freeze "v" of graph "example" as it must be a parameter ' +
      "of the graph: there is none",
  });
  graph.output("w", neg(w));
  throws(() => encodeOnnx(graph), {
    name: "RangeError",
    message:
      'Cannot write graph "example" as ONNX as inputs and outputs must ' +
      'have different names: both have "w"',
  });
});

Deno.test("encodeCopy takes tensors of any shape", () => {
  const { input } = decode(encodeCopy());
  const type = input[0]!.type!.value.value!;
  deepStrictEqual([type.elemType, type.shape], [1, undefined]);
});
