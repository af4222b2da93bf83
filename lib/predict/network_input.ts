/**
 * Whole pictures as networks take them.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import type { RgbImage } from "../image/image.ts";
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
  { width, height, data }: RgbImage,
  padded: Size,
  { order, mean, scale }: InputEncoding,
): Float32Array {
  if (width > padded.width || height > padded.height) {
    throw new RangeError(
      `Cannot pad a picture as it must fit in ${padded.width} × ` +
        `${padded.height} px: it is ${width} × ${height}`,
    );
  }
  const area = padded.width * padded.height;
  const planes = new Float32Array(3 * area);
  for (let plane = 0; plane < 3; plane++) {
    const values = Float32Array.from(
      { length: 256 },
      (_, level) => (level - mean[plane]!) * scale,
    );
    let from = order === "rgb" ? plane : 2 - plane;
    for (let y = 0; y < height; y++) {
      const start = plane * area + y * padded.width;
      for (let to = start; to < start + width; to++, from += 3) {
        planes[to] = values[data[from]!]!;
      }
    }
  }
  return planes;
}
