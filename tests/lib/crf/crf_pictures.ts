/**
 * Small pictures of noise for the dense CRF.
 *
 * @module
 */
import type { LabelPlanes } from "../../../lib/crf/label_planes.ts";
import type { RgbImage } from "../../../lib/image/image.ts";
import { seededRandom } from "../../../lib/random.ts";

/** A picture of noise with the unary of two halves; its own arrays each time. */
export function noisePicture(
  seed: number,
  { width, height, labelCount = 2 }: {
    width: number;
    height: number;
    labelCount?: number;
  },
): { image: RgbImage; unary: LabelPlanes } {
  const random = seededRandom(seed);
  const pixels = width * height;
  return {
    image: {
      width,
      height,
      data: Uint8Array.from({ length: 3 * pixels }, () => random.below(256)),
    },
    unary: {
      labelCount,
      width,
      height,
      data: Float32Array.from(
        { length: labelCount * pixels },
        () => random.below(1000) / 250,
      ),
    },
  };
}
