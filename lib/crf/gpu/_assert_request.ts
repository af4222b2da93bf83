/**
 * What is asked of the CRF on a GPU, checked at the door.
 *
 * @module
 */
import type { CrfPicture } from "../crf_picture.ts";
import { assertOptions, type DenseCrfOptions } from "../dense_crf_options.ts";
import { featureImage } from "../feature_image.ts";
import { assertUnary } from "../unary.ts";
import { MAX_LABELS } from "../label_planes.ts";
import { BeyondGpuError } from "./beyond_gpu.ts";

const ACTION = "Cannot run the dense CRF";

/** Checks a picture and its unary: as on a CPU, but RGB of 8 bits only. */
export function assertPicture({ image, unary }: CrfPicture): void {
  assertUnary(unary);
  const { width, height, channels, data } = featureImage(image);
  if (channels !== 3 || data.BYTES_PER_ELEMENT !== 1) {
    throw new BeyondGpuError(
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
      `${ACTION} as there must be 1…${MAX_LABELS} labels: ${unary.labelCount}`,
    );
  }
}

/** Checks the parameters: as on a CPU, but without `stopEarly`. */
export function assertGpuOptions(options: DenseCrfOptions): void {
  assertOptions(options);
  if (!options.stopEarly) return;
  throw new BeyondGpuError(
    `${ACTION} on the GPU as stopEarly must be false: a GPU does not look at ` +
      "labels between iterations",
  );
}
