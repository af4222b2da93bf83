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
 * @param path For errors.
 * @throws {RangeError} When they are neither; says of each why.
 *
 * @example
 * ```ts
 * import { encodeSafetensors } from "./safetensors.ts";
 * import { decodeWeightsFile } from "./weights_file.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const tensor = { shape: [2], data: Float32Array.of(1, 2) };
 * const file = { tensors: new Map([["bias", tensor]]), metadata: {} };
 * const bytes = encodeSafetensors(file);
 * deepStrictEqual(decodeWeightsFile(bytes, "a.safetensors"), file);
 * ```
 */
export function decodeWeightsFile(
  bytes: Uint8Array,
  path: string,
): WeightsFile {
  const isSkipped = (name: string) => name.endsWith(".num_batches_tracked");
  const readers = [
    () => decodeSafetensors(bytes, { isSkipped }),
    () => ({ tensors: readOnnxInitialisers(bytes), metadata: {} }),
  ];
  const reasons: string[] = [];
  for (const read of readers) {
    try {
      return read();
    } catch (error) {
      if (!isOfFile(error)) throw error;
      reasons.push(error.message);
    }
  }
  throw new RangeError(
    `Cannot read "${path}" as it must be safetensors or ONNX: it is neither\n` +
      reasons.map((reason) => `  ${reason}`).join("\n"),
  );
}

/** Whether it is what the readers throw of a file that is not as it should be. */
function isOfFile(error: unknown): error is Error {
  return error instanceof RangeError || error instanceof SyntaxError;
}
