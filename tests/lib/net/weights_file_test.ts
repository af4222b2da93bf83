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
  deepStrictEqual(decodeWeightsFile(onnx, "a").tensors, TENSORS);
  const safetensors = encodeSafetensors({ tensors: TENSORS, metadata: {} });
  deepStrictEqual(decodeWeightsFile(safetensors, "a").tensors, TENSORS);
});

Deno.test("PyTorch's counts of batches are passed over", () => {
  const count = { dtype: "I64", shape: [], ["data_offsets"]: [0, 8] };
  const header = JSON.stringify({ "bn1.num_batches_tracked": count });
  const file = new Uint8Array(8 + header.length + 8);
  file[0] = header.length;
  file.set(new TextEncoder().encode(header), 8);
  deepStrictEqual(decodeWeightsFile(file, "a").tensors, new Map());
});

Deno.test("of what is neither it is said why it is not the one nor the other", () => {
  const refuses = (bytes: Uint8Array, ...[safetensors, onnx]: string[]) =>
    throws(() => decodeWeightsFile(bytes, "w.safetensors"), {
      name: "RangeError",
      message: `Cannot read "w.safetensors" as it must be safetensors or ` +
        `ONNX: it is neither\n  Cannot read safetensors as ${safetensors}\n` +
        `  Cannot read an ONNX file as ${onnx}`,
    });
  refuses(
    new TextEncoder().encode("<!DOCTYPE html><html></html>"),
    "its header must have at most 20 bytes: it says that it has " +
      "5789751444030890300",
    "it must be one: cant skip wire type 4",
  );
  refuses(
    new Uint8Array(16).fill(255, 0, 8),
    "its header must have at most 8 bytes: it says that it has " +
      "18446744073709551615",
    "it must be one: illegal tag: varint overflows uint32",
  );
  refuses(
    new Uint8Array(0),
    "it must begin with 8 bytes of length: 0 bytes",
    "it must have a graph: there is none",
  );
});
