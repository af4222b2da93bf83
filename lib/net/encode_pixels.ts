/**
 * Pixels of a picture as networks take them.
 *
 * @module
 */
import type { RgbImage } from "../image/image.ts";
import type { InputEncoding } from "./input_encoding.ts";

/** Which pixels of a picture are taken: a grid of its columns and rows. */
export interface PixelGrid {
  readonly image: RgbImage;
  /** int32 `[X]`; −1: padding. */
  readonly columns: Int32Array;
  /** int32 `[Y]`; −1: padding. */
  readonly rows: Int32Array;
}

/**
 * Writes pixels as three planes; the padding is left as it is: 0, which stands
 * for the mean colour.
 *
 * @param planes float32 `[3, Y, X]`, zeros.
 *
 * @example
 * ```ts
 * import { encodePixels } from "./encode_pixels.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const image = { width: 1, height: 1, data: Uint8Array.of(30, 20, 10) };
 * const grid = { image, columns: Int32Array.of(0, -1), rows: Int32Array.of(0) };
 * const planes = new Float32Array(6);
 * encodePixels(planes, grid, { order: "bgr", mean: [1, 2, 3], scale: 0.5 });
 * deepStrictEqual([...planes], [4.5, 0, 9, 0, 13.5, 0]);
 * ```
 */
export function encodePixels(
  planes: Float32Array,
  { image: { width, data }, columns, rows }: PixelGrid,
  { order, mean, scale }: InputEncoding,
): void {
  for (let plane = 0; plane < 3; plane++) {
    const values = Float32Array.from(
      { length: 256 },
      (_, level) => (level - mean[plane]!) * scale,
    );
    const channel = order === "rgb" ? plane : 2 - plane;
    for (let i = 0; i < rows.length; i++) {
      const y = rows[i]!;
      if (y < 0) continue;
      const to = (plane * rows.length + i) * columns.length;
      for (let j = 0; j < columns.length; j++) {
        const x = columns[j]!;
        if (x < 0) continue;
        planes[to + j] = values[data[(y * width + x) * 3 + channel]!]!;
      }
    }
  }
}
