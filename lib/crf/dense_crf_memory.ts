/**
 * How much memory the dense CRF of a picture needs.
 *
 * @module
 */
import { type CrfMemory, type CrfWork, workMemory } from "./crf_memory.ts";
import { assertOptions, type DenseCrfOptions } from "./dense_crf_options.ts";
import {
  type CrfImage,
  type FeatureImage,
  featureImage,
} from "./feature_image.ts";
import type { LabelPlanes } from "./label_planes.ts";
import { filteredLength } from "./position_filter.ts";

/** Of a unary: how many labels there are. */
type Labels = Pick<LabelPlanes, "labelCount">;

/**
 * Bounds of the WebAssembly memory that `denseCrf` takes, beside the arrays it
 * is given and the one it returns; see `memoryLimit`. They are far apart: how
 * many vertices a picture's lattice has is known when it is built. docs/crf.md
 * says how they come about.
 *
 * @param unary One, or only how many labels it has.
 * @throws {RangeError} When the image's size does not fit or a parameter is out
 *   of its range.
 * @throws {TypeError} When the image is of another type of array.
 *
 * @example
 * ```ts
 * import { denseCrfMemory } from "./dense_crf_memory.ts";
 * import { RESNET101_CRF } from "./dense_crf.ts";
 * import { ok } from "node:assert";
 *
 * const data = new Uint8Array(500 * 375 * 3);
 * const image = { width: 500, height: 375, data };
 * const { leastBytes, mostBytes } = denseCrfMemory(
 *   image,
 *   { labelCount: 21 },
 *   RESNET101_CRF,
 * );
 * // Photographs take 56 to 105 MiB.
 * ok(leastBytes > 50 * 2 ** 20 && mostBytes < 260 * 2 ** 20);
 * ```
 */
export function denseCrfMemory(
  image: CrfImage,
  unary: Labels,
  options: DenseCrfOptions,
): CrfMemory {
  const features = featureImage(image);
  assertOptions(options);
  if (unary.labelCount === 1) return { leastBytes: 0, mostBytes: 0 };
  return workMemory(crfWork(features, unary, options));
}

/**
 * What decides the memory that a picture's CRF needs.
 *
 * @example
 * ```ts
 * import { crfWork } from "./dense_crf_memory.ts";
 * import { BANA_CRF } from "./dense_crf.ts";
 * import { ok } from "node:assert";
 *
 * const data = new Uint8Array(6);
 * const image = { width: 2, height: 1, channels: 3, data };
 * ok(crfWork(image, { labelCount: 2 }, BANA_CRF).isSymmetric);
 * ```
 */
export function crfWork(
  { width, height, channels, data }: FeatureImage,
  { labelCount }: Labels,
  options: DenseCrfOptions,
): CrfWork {
  const isRun = options.iterations > 0;
  return {
    width,
    height,
    channels,
    bytesPerValue: data.BYTES_PER_ELEMENT,
    labelCount,
    hasAppearance: isRun && options.appearanceWeight > 0,
    smoothnessRows: isRun && options.smoothnessWeight > 0
      ? filteredLength(height, options.smoothnessSigmaPx)
      : 0,
    isSymmetric: options.normalisation === "symmetric",
    stopEarly: options.stopEarly ?? false,
  };
}
