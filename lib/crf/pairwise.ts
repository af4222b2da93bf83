/**
 * Pairwise terms: how much unlike labels of two pixels cost.
 *
 *   k(i, j) = w₁ · exp(−|p_i − p_j|² / 2θ_α² − |I_i − I_j|² / 2θ_β²)
 *           + w₂ · exp(−|p_i − p_j|² / 2θ_γ²)       [Kraehenbuehl2011, Eq. 3]
 *
 * with positions p in px and colours I in levels 0…255. The first term is the
 * appearance, the second the smoothness; the labels' compatibility is Potts.
 *
 * @module
 */

/**
 * How the sum over neighbours is scaled, with n_i = Σ_j k(i, j):
 *
 *   after      1 / n_i              a weighted mean; WSSL's and DeepLab's code
 *   symmetric  1 / √n_i · 1 / √n_j  pydensecrf's default
 *
 * The same weights mean other models: take published parameters together with
 * the normalisation of the code they were chosen for.
 */
export type Normalisation = "after" | "symmetric";

/** Parameters of the two Gaussian kernels. */
export interface PairwiseParams {
  /** w₁, 0…10⁶; 0 leaves the appearance term out. */
  readonly appearanceWeight: number;
  /** θ_α > 0, px. */
  readonly appearanceSigmaPx: number;
  /** θ_β > 0, levels of 0…255, or the unit of the image's channels. */
  readonly appearanceSigmaLevels: number;
  /** w₂, 0…10⁶; 0 leaves the smoothness term out. */
  readonly smoothnessWeight: number;
  /** θ_γ > 0, px. */
  readonly smoothnessSigmaPx: number;
  readonly normalisation: Normalisation;
}

/** So that sums of weights stay exact to 1 nat in float32. */
const MAX_WEIGHT = 1e6;

/**
 * Checks the parameters of the kernels.
 *
 * @throws {RangeError} When one is out of its range.
 *
 * @example
 * ```ts
 * import { assertPairwiseParams } from "./pairwise.ts";
 * import { WSSL_BOX_CRF } from "./dense_crf.ts";
 * import { throws } from "node:assert";
 *
 * assertPairwiseParams(WSSL_BOX_CRF);
 * throws(() => assertPairwiseParams({ ...WSSL_BOX_CRF, smoothnessWeight: -1 }));
 * ```
 */
export function assertPairwiseParams(params: PairwiseParams): void {
  assertWeight(params, "appearanceWeight");
  assertSigma(params, "appearanceSigmaPx");
  assertSigma(params, "appearanceSigmaLevels");
  assertWeight(params, "smoothnessWeight");
  assertSigma(params, "smoothnessSigmaPx");
  if (!["after", "symmetric"].includes(params.normalisation)) {
    throw new RangeError(
      'Cannot run the dense CRF as normalisation must be "after" or ' +
        `"symmetric": "${params.normalisation}"`,
    );
  }
}

function assertWeight(
  params: PairwiseParams,
  name: "appearanceWeight" | "smoothnessWeight",
): void {
  if (params[name] >= 0 && params[name] <= MAX_WEIGHT) return;
  throw new RangeError(
    `Cannot run the dense CRF as ${name} must be 0…${MAX_WEIGHT}: ` +
      `${params[name]}`,
  );
}

function assertSigma(
  params: PairwiseParams,
  name: "appearanceSigmaPx" | "appearanceSigmaLevels" | "smoothnessSigmaPx",
): void {
  if (params[name] > 0 && params[name] < Infinity) return;
  throw new RangeError(
    `Cannot run the dense CRF as ${name} must be above 0 and finite: ` +
      `${params[name]}`,
  );
}
