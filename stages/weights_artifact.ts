/**
 * Kinds of artifact that hold weights: a proposal for `artifacts.ts`.
 *
 * @module
 */
import {
  decodeSafetensors,
  encodeSafetensors,
  type WeightsFile,
} from "../lib/net/safetensors.ts";
import { valueKind } from "../pipeline/mod.ts";

/** Tensors by name, and texts that say what they are: as safetensors. */
export const WEIGHTS = valueKind<WeightsFile>({
  name: "weights",
  extension: ".safetensors",
  decode(bytes, path) {
    try {
      return decodeSafetensors(bytes);
    } catch (error) {
      throw new RangeError(
        `Cannot read "${path}" as it must hold weights: ${
          (error as Error).message
        }`,
        { cause: error },
      );
    }
  },
  encode: (file) => encodeSafetensors(file),
});

/** A file of weights that others made: safetensors or ONNX, as it is. */
export const WEIGHTS_FILE = valueKind<Uint8Array>({
  name: "weights_file",
  extension: ".bin",
  decode: (bytes) => bytes,
  encode: (bytes) => bytes,
});
