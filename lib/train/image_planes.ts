/**
 * Crops of pictures as networks take them.
 *
 * @module
 */
import type { RgbImage } from "../image/image.ts";
import { encodePixels } from "../net/encode_pixels.ts";
import type { InputEncoding } from "../net/input_encoding.ts";
import type { CropAxis } from "./augment.ts";

/**
 * Writes a crop as three planes; the padding is left as it is: 0, which stands
 * for the mean.
 *
 * @param planes float32 `[3, S, S]`, zeros.
 *
 * @example
 * ```ts
 * import { encodeCrop } from "./image_planes.ts";
 * import { cropAxes } from "./augment.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const image = { width: 1, height: 1, data: Uint8Array.of(30, 20, 10) };
 * const placement = { scaled: image, x0: 0, y0: 0, isMirrored: false };
 * const planes = new Float32Array(3 * 9 * 9);
 * encodeCrop(planes, { image, ...cropAxes(image, placement, 9) }, {
 *   order: "bgr", mean: [1, 2, 3], scale: 0.5,
 * });
 * deepStrictEqual([planes[0], planes[81], planes[162]], [4.5, 9, 13.5]);
 * deepStrictEqual(planes[1], 0);
 * ```
 */
export function encodeCrop(
  planes: Float32Array,
  { image, columns, rows }: {
    readonly image: RgbImage;
    readonly columns: CropAxis;
    readonly rows: CropAxis;
  },
  encoding: InputEncoding,
): void {
  if (columns.isWhole && rows.isWhole) {
    const whole = { image, columns: columns.nearest, rows: rows.nearest };
    encodePixels(planes, whole, encoding);
    return;
  }
  const { order, mean, scale } = encoding;
  const size = columns.nearest.length;
  for (let plane = 0; plane < 3; plane++) {
    mixPixels(planes.subarray(plane * size * size, (plane + 1) * size * size), {
      image,
      columns,
      rows,
      channel: order === "rgb" ? plane : 2 - plane,
      mean: mean[plane]!,
      scale,
    });
  }
}

/** One plane to be written. */
interface Plane {
  readonly image: RgbImage;
  readonly columns: CropAxis;
  readonly rows: CropAxis;
  /** Of the picture: 0 red, 1 green, 2 blue. */
  readonly channel: number;
  readonly mean: number;
  readonly scale: number;
}

function mixPixels(
  plane: Float32Array,
  { image: { width, data }, columns, rows, channel, mean, scale }: Plane,
): void {
  const size = columns.nearest.length;
  for (let i = 0; i < size; i++) {
    if (rows.nearest[i]! < 0) continue;
    const upper = rows.first[i]! * width;
    const lower = rows.second[i]! * width;
    const down = rows.share[i]!;
    for (let j = 0; j < size; j++) {
      if (columns.nearest[j]! < 0) continue;
      const left = columns.first[j]!;
      const right = columns.second[j]!;
      const along = columns.share[j]!;
      const above = data[(upper + left) * 3 + channel]! * (1 - along) +
        data[(upper + right) * 3 + channel]! * along;
      const below = data[(lower + left) * 3 + channel]! * (1 - along) +
        data[(lower + right) * 3 + channel]! * along;
      plane[i * size + j] = (above * (1 - down) + below * down - mean) * scale;
    }
  }
}
