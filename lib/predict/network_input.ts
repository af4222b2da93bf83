/**
 * Whole pictures as networks take them.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import type { RgbImage } from "../image/image.ts";
import { encodePixels } from "../net/encode_pixels.ts";
import type { InputEncoding } from "../net/input_encoding.ts";

/**
 * A picture as three planes, padded at the bottom and right with 0, which
 * stands for the mean colour.
 *
 * @param padded At least the picture's size.
 * @returns float32 `[3, H', W']`, of the padded size.
 * @throws {RangeError} When the picture is larger than that.
 *
 * @example
 * ```ts
 * import { networkInput } from "./network_input.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const image = { width: 1, height: 1, data: Uint8Array.of(30, 20, 10) };
 * const input = networkInput(image, { width: 2, height: 1 }, {
 *   order: "bgr", mean: [1, 2, 3], scale: 0.5,
 * });
 * deepStrictEqual([...input], [4.5, 0, 9, 0, 13.5, 0]);
 * ```
 */
export function networkInput(
  image: RgbImage,
  padded: Size,
  encoding: InputEncoding,
): Float32Array {
  const { width, height } = image;
  if (width > padded.width || height > padded.height) {
    throw new RangeError(
      `Cannot pad a picture as it must fit in ${padded.width} × ` +
        `${padded.height} px: it is ${width} × ${height}`,
    );
  }
  const planes = new Float32Array(3 * padded.width * padded.height);
  const columns = paddedAxis(width, padded.width);
  const rows = paddedAxis(height, padded.height);
  encodePixels(planes, { image, columns, rows }, encoding);
  return planes;
}

/** 0, 1, 2, …, then −1 beyond the picture. */
function paddedAxis(length: number, padded: number): Int32Array {
  return Int32Array.from({ length: padded }, (_, i) => i < length ? i : -1);
}
