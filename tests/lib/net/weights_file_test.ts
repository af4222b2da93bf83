import { deepStrictEqual, throws } from "node:assert/strict";
import { Graph } from "../../../lib/graph/graph.ts";
import { encodeOnnx } from "../../../lib/graph/onnx_file.ts";
import { add } from "../../../lib/graph/operators/arithmetic.ts";
import { encodeSafetensors } from "../../../lib/net/safetensors.ts";
import { decodeWeightsFile } from "../../../lib/net/weights_file.ts";

const TENSORS = new Map([
  ["a.weight", { shape: [2], data: Float32Array.of(1, 2) }],
  ["a.bias", { shape: [2], data: Float32Array.of(3, 4) }],
]);

Deno.test("weights are read from ONNX as from safetensors", () => {
  const graph = new Graph("model");
  const [weight, bias] = [...TENSORS].map(([name, { shape }]) =>
    graph.parameter(name, shape)
  );
  graph.output("sum", add(weight!, bias!));
  const constants = new Map(
    [...TENSORS].map(([name, { data }]) => [name, data]),
  );
  const onnx = encodeOnnx(graph, { constants });
  deepStrictEqual(decodeWeightsFile(onnx).tensors, TENSORS);
  const safetensors = encodeSafetensors({ tensors: TENSORS, metadata: {} });
  deepStrictEqual(decodeWeightsFile(safetensors).tensors, TENSORS);
});

Deno.test("PyTorch's counts of batches are passed over", () => {
  const count = { dtype: "I64", shape: [], ["data_offsets"]: [0, 8] };
  const header = JSON.stringify({ "bn1.num_batches_tracked": count });
  const file = new Uint8Array(8 + header.length + 8);
  file[0] = header.length;
  file.set(new TextEncoder().encode(header), 8);
  deepStrictEqual(decodeWeightsFile(file).tensors, new Map());
});

Deno.test("what is neither is refused", () => {
  const text = new TextEncoder().encode("<!DOCTYPE html><html></html>");
  throws(() => decodeWeightsFile(text), SyntaxError);
  throws(() => decodeWeightsFile(new Uint8Array(0)), RangeError);
});
