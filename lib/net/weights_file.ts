/**
 * Files of weights in any format that is read.
 *
 * @module
 */
import { readOnnxInitialisers } from "../graph/onnx_initialisers.ts";
import { decodeSafetensors, type WeightsFile } from "./safetensors.ts";

/**
 * Reads safetensors or an ONNX model, whichever the bytes are; of a model, its
 * initialisers. PyTorch's counts of batches, which are no weights, are passed
 * over.
 *
 * @throws {RangeError | SyntaxError} When they are not a valid one.
 *
 * @example
 * ```ts
 * import { encodeSafetensors } from "./safetensors.ts";
 * import { decodeWeightsFile } from "./weights_file.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const tensor = { shape: [2], data: Float32Array.of(1, 2) };
 * const file = { tensors: new Map([["bias", tensor]]), metadata: {} };
 * deepStrictEqual(decodeWeightsFile(encodeSafetensors(file)), file);
 * ```
 */
export function decodeWeightsFile(bytes: Uint8Array): WeightsFile {
  // The upper half of the length of a header; in an ONNX file the name of the
  // program that wrote it is there, or the beginning of the graph.
  const isSafetensors = bytes.subarray(4, 8).every((byte) => byte === 0);
  if (!isSafetensors) {
    return { tensors: readOnnxInitialisers(bytes), metadata: {} };
  }
  const isSkipped = (name: string) => name.endsWith(".num_batches_tracked");
  return decodeSafetensors(bytes, { isSkipped });
}
