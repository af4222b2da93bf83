/**
 * What is asked of the CRF on a GPU, checked at the door.
 *
 * @module
 */
import type { CrfPicture } from "../crf_picture.ts";
import type { DenseCrfOptions } from "../dense_crf.ts";
import { assertOptions } from "../dense_crf_options.ts";
import { featureImage } from "../feature_image.ts";
import { assertUnary } from "../unary.ts";
import { MAX_LABELS } from "./_mean_field_kernels.ts";

const ACTION = "Cannot run the dense CRF";

/** Checks a picture and its unary: as on a CPU, but RGB of 8 bits only. */
export function assertPicture({ image, unary }: CrfPicture): void {
  assertUnary(unary);
  const { width, height, channels, data } = featureImage(image);
  if (channels !== 3 || data.BYTES_PER_ELEMENT !== 1) {
    throw new RangeError(
      `${ACTION} on the GPU as an image must be RGB of 8 bits: it has ` +
        `${channels} channels of ${8 * data.BYTES_PER_ELEMENT} bits`,
    );
  }
  if (width !== unary.width || height !== unary.height) {
    throw new RangeError(
      `${ACTION} as image and unary must be of one size: ` +
        `image is ${width} × ${height}, unary is ` +
        `${unary.width} × ${unary.height}`,
    );
  }
  if (unary.labelCount > MAX_LABELS) {
    throw new RangeError(
      `${ACTION} on the GPU as labels must be at most ${MAX_LABELS}: ` +
        `${unary.labelCount}`,
    );
  }
}

/** Checks the parameters. */
export function assertGpuOptions(options: DenseCrfOptions): void {
  assertOptions(options);
  if (!options.stopEarly) return;
  throw new RangeError(
    `${ACTION} on the GPU as stopEarly must be false: a GPU does not look at ` +
      "labels between iterations",
  );
}
