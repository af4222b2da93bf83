/**
 * Dense CRF: labels that agree between pixels close in place and colour.
 *
 * The one door to CRF inference. Callers hand over a picture, a unary and the
 * parameters; how the messages are computed is this folder's affair.
 *
 * @module
 */
import type { RgbImage } from "../image/image.ts";
import type { LabelPlanes } from "./label_planes.ts";
import { meanField } from "./mean_field.ts";
import { pairwiseKernels, type PairwiseParams } from "./pairwise.ts";
import { assertUnary } from "./unary.ts";

/** Parameters of the CRF; see the presets below for values. */
export interface DenseCrfOptions extends PairwiseParams {
  /** Mean-field iterations; a whole number from 0. */
  readonly iterations: number;
  /** Hears of each part of the work when it is done, for times and figures. */
  readonly onEvent?: (event: CrfEvent) => void;
}

/** A part of the work that is done. */
export type CrfEvent =
  | {
    readonly type: "built";
    /** Vertices of all lattices. */
    readonly vertexCount: number;
  }
  | {
    readonly type: "iterated";
    /** 1, 2, … */
    readonly iteration: number;
  };

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
 * @param image RGB of H × W pixels.
 * @param unary −ln p, nats; L × H × W. +∞ rules a label out.
 * @returns Q, 0…1, L × H × W; sums to 1 over the labels of each pixel. The
 *   labels themselves come from `mapLabels`.
 * @throws {RangeError} When sizes do not fit, a parameter is out of its range,
 *   or a unary is NaN, −∞ or +∞ for all labels of a pixel.
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
  image: RgbImage,
  unary: LabelPlanes,
  options: DenseCrfOptions,
): LabelPlanes {
  const { iterations } = options;
  assertUnary(unary);
  assertImage(image, unary);
  if (!Number.isSafeInteger(iterations) || iterations < 0) {
    throw new RangeError(
      "Cannot run the dense CRF as iterations must be a whole number of at " +
        `least 0: ${iterations}`,
    );
  }
  const kernels = pairwiseKernels(image, options);
  const vertexCount = kernels.reduce(
    (sum, { lattice }) => sum + lattice.vertexCount,
    0,
  );
  const { onEvent } = options;
  onEvent?.({ type: "built", vertexCount });
  return meanField(unary, kernels, {
    iterations,
    onIteration: (iteration) => onEvent?.({ type: "iterated", iteration }),
  });
}

function assertImage(image: RgbImage, unary: LabelPlanes): void {
  const { width, height, data } = image;
  if (width !== unary.width || height !== unary.height) {
    throw new RangeError(
      "Cannot run the dense CRF as image and unary must be of one size: " +
        `image is ${width} × ${height}, unary is ` +
        `${unary.width} × ${unary.height}`,
    );
  }
  if (data.length !== width * height * 3) {
    throw new RangeError(
      "Cannot run the dense CRF as an image must hold H × W × 3 values: " +
        `${data.length} values for ${height} × ${width} × 3`,
    );
  }
}
