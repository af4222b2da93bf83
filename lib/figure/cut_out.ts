/**
 * What is in a box, cut out of pictures and label maps.
 *
 * @module
 */
import type { Box } from "../geometry/box.ts";
import { assertBoxes } from "../geometry/box_pixels.ts";
import type { RgbImage } from "../image/image.ts";
import type { LabelMap } from "../label/label_map.ts";

/**
 * The part of a picture in a box.
 *
 * @throws {RangeError} When the box is not whole pixels of the picture.
 *
 * @example
 * ```ts
 * import { cutOutImage } from "./cut_out.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const image = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
 * const box = { classId: 1, x0: 1, y0: 0, x1: 2, y1: 1 };
 * deepStrictEqual([...cutOutImage(image, box).data], [4, 5, 6]);
 * ```
 */
export function cutOutImage(image: RgbImage, box: Box): RgbImage {
  return cutOut(image, box, 3);
}

/**
 * The part of a label map in a box, of the box's class alone: all else becomes
 * background.
 *
 * @throws {RangeError} When the box is not whole pixels of the map.
 *
 * @example
 * ```ts
 * import { cutOutClass } from "./cut_out.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const labels = { width: 3, height: 1, data: Uint8Array.of(1, 2, 1) };
 * const box = { classId: 1, x0: 1, y0: 0, x1: 3, y1: 1 };
 * deepStrictEqual([...cutOutClass(labels, box).data], [0, 1]);
 * ```
 */
export function cutOutClass(labels: LabelMap, box: Box): LabelMap {
  const part = cutOut(labels, box, 1);
  const data = part.data.map((label) => label === box.classId ? label : 0);
  return { ...part, data };
}

function cutOut(
  { width, height, data }: RgbImage | LabelMap,
  box: Box,
  channels: number,
) {
  assertBoxes([box], { width, height }, "cut out box %");
  const { x0, y0, x1, y1 } = box;
  const rowLength = channels * (x1 - x0);
  const part = new Uint8Array(rowLength * (y1 - y0));
  for (let y = y0; y < y1; y++) {
    const from = channels * (y * width + x0);
    part.set(data.subarray(from, from + rowLength), (y - y0) * rowLength);
  }
  return { width: x1 - x0, height: y1 - y0, data: part };
}
