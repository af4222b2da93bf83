/** Pictures of noise, as stages that predict read them. */
import { encodeRgbPng } from "../../lib/image/rgb_png.ts";
import { seededRandom } from "../../lib/random.ts";

/** Sizes by image id, px. */
export type PictureSizes = Record<string, [width: number, height: number]>;

/** Pictures and the items of `BOXES` that tell their sizes. */
export function noisePictures(sizes: PictureSizes) {
  const random = seededRandom(1);
  const entries = Object.entries(sizes);
  return {
    images: Object.fromEntries(entries.map(([id, [width, height]]) => {
      const data = new Uint8Array(3 * width * height)
        .map(() => random.below(256));
      return [id, encodeRgbPng({ width, height, data })];
    })),
    boxes: Object.fromEntries(
      entries.map(([id, [width, height]]) => {
        return [id, { width, height, boxes: [] }];
      }),
    ),
  };
}
