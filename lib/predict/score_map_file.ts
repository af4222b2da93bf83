/**
 * Score maps as files: safetensors of float16.
 *
 * Half precision keeps eleven bits: below a score of 16 an error of at most
 * 0.004, which changes a label only where two classes are as good as equal: 23
 * of 2 million, on maps made of VOC's masks and noise. A picture of 500 × 375 px
 * with 21 classes takes 126 KiB.
 *
 * @module
 */
import { decodeSafetensors, encodeSafetensors } from "../net/safetensors.ts";
import { assertScoreMap, gridOf, type ScoreMap } from "./score_map.ts";

/** What the values are, and so the name of their tensor. */
export type MapTensor = "scores" | "attention";

/**
 * Writes a map: one tensor, F16 `[C, Y, X]`, and as metadata the picture's
 * `width` and `height`, `outputStride`, and `engine` if it is known.
 *
 * @param name Of the tensor.
 * @throws {RangeError} When the data do not fit the sizes, or a score is not
 *   finite or beyond ±65504.
 *
 * @example
 * ```ts
 * import { decodeScoreMap, encodeScoreMap } from "./score_map_file.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const data = Float32Array.of(0.5, -2);
 * const map = { classCount: 2, width: 1, height: 1, outputStride: 8, data };
 * deepStrictEqual(decodeScoreMap(encodeScoreMap(map), "a.safetensors"), map);
 * ```
 */
export function encodeScoreMap(
  map: ScoreMap,
  name: MapTensor = "scores",
): Uint8Array {
  assertScoreMap(map, "write scores");
  const { classCount, width, height, outputStride, data, engine } = map;
  const { columns, rows } = gridOf(map);
  const tensor = { shape: [classCount, rows, columns], data };
  return encodeSafetensors({
    tensors: new Map([[name, tensor]]),
    metadata: {
      width: String(width),
      height: String(height),
      outputStride: String(outputStride),
      ...(engine !== undefined && { engine }),
    },
  }, { dtype: "F16" });
}

/**
 * Reads a map.
 *
 * @param path For messages.
 * @param name Of the tensor.
 * @throws {RangeError} When the file is not as
 *   {@link encodeScoreMap} writes it.
 *
 * @example
 * ```ts
 * import { decodeScoreMap } from "./score_map_file.ts";
 * import { throws } from "node:assert";
 *
 * throws(() => decodeScoreMap(new Uint8Array(3), "a.safetensors"));
 * ```
 */
export function decodeScoreMap(
  bytes: Uint8Array,
  path: string,
  name: MapTensor = "scores",
): ScoreMap {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const tensor = tensors.get(name);
  const { width: w, height: h, outputStride: s, engine } = metadata;
  const [width, height, outputStride] = [w, h, s].map(countOf);
  const isSized = width && height && outputStride;
  if (tensor === undefined || tensors.size !== 1 || !isSized) {
    throw new RangeError(
      `Cannot read "${path}" as a score map must have one tensor ` +
        `"${name}", the picture's width and height and the output stride: ` +
        `it has ${[...tensors.keys()].join(", ") || "no tensor"}, width ` +
        `${w}, height ${h} and output stride ${s}`,
    );
  }
  const { columns, rows } = gridOf({ width, height, outputStride });
  const { shape, data } = tensor;
  const fits = shape.length === 3 && shape[1] === rows && shape[2] === columns;
  if (!fits) {
    throw new RangeError(
      `Cannot read "${path}" as the scores of a picture of ${width} × ` +
        `${height} px, ${outputStride} px apart, must be ` +
        `[C, ${rows}, ${columns}]: they are [${shape.join(", ")}]`,
    );
  }
  const size = { width, height, outputStride };
  const by = engine === undefined ? {} : { engine };
  const map = { classCount: shape[0]!, ...size, data, ...by };
  assertScoreMap(map, `read "${path}"`);
  return map;
}

/** 1…999999 px; null for anything else. */
function countOf(text: string | undefined): number | null {
  return text !== undefined && /^[1-9][0-9]{0,5}$/.test(text)
    ? Number(text)
    : null;
}
