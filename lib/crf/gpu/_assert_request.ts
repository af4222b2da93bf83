/**
 * What is asked of the CRF on a GPU, checked at the door.
 *
 * @module
 */
import type { CrfPicture } from "../crf_picture.ts";
import { assertOptions, type DenseCrfOptions } from "../dense_crf_options.ts";
import { featureImage } from "../feature_image.ts";
import { assertUnary, assertUnarySize } from "../unary.ts";
import { BeyondGpuError } from "./beyond_gpu.ts";

const ACTION = "Cannot run the dense CRF";

/** Checks a picture and its unary: as on a CPU, but RGB of 8 bits only. */
export function assertPicture({ image, unary }: CrfPicture): void {
  const features = featureImage(image);
  assertUnarySize(features, unary);
  assertUnary(unary);
  const { channels, data } = features;
  if (channels !== 3 || data.BYTES_PER_ELEMENT !== 1) {
    throw new BeyondGpuError(
      `${ACTION} on the GPU as an image must be RGB of 8 bits: it has ` +
        `${channels} channels of ${8 * data.BYTES_PER_ELEMENT} bits`,
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
