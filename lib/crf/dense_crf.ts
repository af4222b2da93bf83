/**
 * Dense CRF: labels that agree between pixels close in place and colour.
 *
 * The one door to CRF inference. Callers hand over a picture, a unary and the
 * parameters; how the messages are computed is this folder's affair, see
 * docs/crf.md. Several unaries of one picture: picture_crf.ts. Runs wherever
 * WebAssembly with SIMD does: Deno, Node, browsers.
 *
 * @module
 */
import type { DenseCrfOptions } from "./dense_crf_options.ts";
import type { CrfImage } from "./feature_image.ts";
import type { LabelPlanes } from "./label_planes.ts";
import { openPictureCrf } from "./picture_crf.ts";

export type { CrfEvent, DenseCrfOptions } from "./dense_crf_options.ts";

/**
 * WSSL's for proposals from boxes: `bboxErode20` of its SetupEnv.m, chosen
 * there on 100 fully labelled images; docs/method.md, Proposals.
 */
export const WSSL_BOX_CRF: DenseCrfOptions = {
  appearanceWeight: 45,
  appearanceSigmaPx: 37,
  appearanceSigmaLevels: 3,
  smoothnessWeight: 15,
  smoothnessSigmaPx: 3,
  iterations: 10,
  normalisation: "after",
};

/** BANA's for its pseudo labels: configs/stage2.yml, utils/densecrf.py. */
export const BANA_CRF: DenseCrfOptions = {
  appearanceWeight: 4,
  appearanceSigmaPx: 55,
  appearanceSigmaLevels: 3,
  smoothnessWeight: 3,
  smoothnessSigmaPx: 3,
  iterations: 10,
  normalisation: "symmetric",
};

/**
 * DeepLab-LargeFOV's on the scores of a network; docs/method.md, Proposals.
 */
export const LARGEFOV_CRF: DenseCrfOptions = {
  appearanceWeight: 4,
  appearanceSigmaPx: 121,
  appearanceSigmaLevels: 5,
  smoothnessWeight: 3,
  smoothnessSigmaPx: 3,
  iterations: 10,
  normalisation: "after",
};

/** DeepLab-v2 ResNet-101's, as deeplab-pytorch runs it. */
export const RESNET101_CRF: DenseCrfOptions = {
  appearanceWeight: 4,
  appearanceSigmaPx: 67,
  appearanceSigmaLevels: 3,
  smoothnessWeight: 3,
  smoothnessSigmaPx: 1,
  iterations: 10,
  normalisation: "symmetric",
};

/**
 * Marginals of the dense CRF of a picture [Kraehenbuehl2011].
 *
 * Equal inputs give equal bytes.
 *
 * @param image RGB, or any channels, of H × W pixels.
 * @param unary −ln p, nats; L × H × W. +∞ rules a label out.
 * @returns Q, 0…1, L × H × W; sums to 1 over the labels of each pixel. The
 *   labels themselves come from `mapLabels`.
 * @throws {RangeError} When sizes do not fit, a parameter is out of its range,
 *   a unary is NaN, −∞ or +∞ for all labels of a pixel, a feature is NaN or
 *   infinite, or the work needs more memory than there may be.
 * @throws {TypeError} When the image or the unary is of another type of array.
 *
 * @example
 * ```ts
 * import { denseCrf, WSSL_BOX_CRF } from "./dense_crf.ts";
 * import { mapLabels } from "./label_planes.ts";
 * import { unaryFromProbabilities } from "./unary.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * // Three white pixels and three black ones; one white pixel is undecided.
 * const white = [255, 255, 255];
 * const black = [0, 0, 0];
 * const image = {
 *   width: 6,
 *   height: 1,
 *   data: Uint8Array.from([white, white, white, black, black, black].flat()),
 * };
 * const background = [0.1, 0.1, 0.5, 0.9, 0.9, 0.9];
 * const unary = unaryFromProbabilities({
 *   labelCount: 2,
 *   width: 6,
 *   height: 1,
 *   data: Float32Array.from([...background, ...background.map((p) => 1 - p)]),
 * });
 * const marginals = denseCrf(image, unary, WSSL_BOX_CRF);
 * deepStrictEqual([...mapLabels(marginals).data], [1, 1, 1, 0, 0, 0]);
 * ```
 */
export function denseCrf(
  image: CrfImage,
  unary: LabelPlanes,
  options: DenseCrfOptions,
): LabelPlanes {
  // Not `using`, which Node 20 and some browsers do not know.
  const picture = openPictureCrf(image, options);
  const marginals = picture.run(unary);
  picture[Symbol.dispose]();
  return marginals;
}
