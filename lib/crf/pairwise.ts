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
import type { RgbImage } from "../image/image.ts";
import {
  addFiltered,
  latticeBuffers,
  type PermutohedralLattice,
  permutohedralLattice,
} from "./permutohedral_lattice.ts";

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
  /** θ_β > 0, levels of 0…255. */
  readonly appearanceSigmaLevels: number;
  /** w₂, 0…10⁶; 0 leaves the smoothness term out. */
  readonly smoothnessWeight: number;
  /** θ_γ > 0, px. */
  readonly smoothnessSigmaPx: number;
  readonly normalisation: Normalisation;
}

/** One Gaussian kernel over the pixels of one picture, ready for messages. */
export interface PairwiseKernel {
  readonly lattice: PermutohedralLattice;
  /** float32 `[P]`: multiplied onto what pixel j sends. */
  readonly sent: Float32Array;
  /** float32 `[P]`: multiplied onto what pixel i receives; holds the weight. */
  readonly received: Float32Array;
}

/**
 * The kernels of a picture; those of weight 0 are left out.
 *
 * @throws {RangeError} When a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { pairwiseKernels } from "./pairwise.ts";
 * import { strictEqual } from "node:assert";
 *
 * const image = { width: 2, height: 2, data: new Uint8Array(12) };
 * const kernels = pairwiseKernels(image, {
 *   appearanceWeight: 0,
 *   appearanceSigmaPx: 37,
 *   appearanceSigmaLevels: 3,
 *   smoothnessWeight: 15,
 *   smoothnessSigmaPx: 3,
 *   normalisation: "after",
 * });
 * strictEqual(kernels.length, 1);
 * ```
 */
export function pairwiseKernels(
  image: RgbImage,
  params: PairwiseParams,
): PairwiseKernel[] {
  assertPairwiseParams(params);
  const kernels: PairwiseKernel[] = [];
  if (params.appearanceWeight > 0) {
    kernels.push(pairwiseKernel(
      permutohedralLattice(appearanceFeatures(image, params), 5),
      { weight: params.appearanceWeight, ...params },
    ));
  }
  if (params.smoothnessWeight > 0) {
    kernels.push(pairwiseKernel(
      permutohedralLattice(smoothnessFeatures(image, params), 2),
      { weight: params.smoothnessWeight, ...params },
    ));
  }
  return kernels;
}

/** float64 `[P, 5]`: position and colour in standard deviations. */
function appearanceFeatures(
  { width, height, data }: RgbImage,
  { appearanceSigmaPx: px, appearanceSigmaLevels: levels }: PairwiseParams,
): Float64Array {
  const features = new Float64Array(width * height * 5);
  let from = 0;
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      features[to++] = x / px;
      features[to++] = y / px;
      for (let c = 0; c < 3; c++) features[to++] = data[from++]! / levels;
    }
  }
  return features;
}

/** float64 `[P, 2]`: position in standard deviations. */
function smoothnessFeatures(
  { width, height }: RgbImage,
  { smoothnessSigmaPx: px }: PairwiseParams,
): Float64Array {
  const features = new Float64Array(width * height * 2);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      features[to++] = x / px;
      features[to++] = y / px;
    }
  }
  return features;
}

/** Filters an all-ones picture to find n, and splits 1 / n into two factors. */
function pairwiseKernel(
  lattice: PermutohedralLattice,
  { weight, normalisation }: { weight: number; normalisation: Normalisation },
): PairwiseKernel {
  const { pointCount } = lattice;
  const ones = new Float32Array(pointCount).fill(1);
  const sums = new Float32Array(pointCount);
  addFiltered(lattice, {
    channels: 1,
    input: ones,
    inputScale: ones,
    output: sums,
    outputScale: ones,
    buffers: latticeBuffers([lattice], 1),
  });
  // n > 0 everywhere, as each pixel is among its own neighbours.
  if (normalisation === "after") {
    return { lattice, sent: ones, received: sums.map((n) => weight / n) };
  }
  return {
    lattice,
    sent: sums.map((n) => 1 / Math.sqrt(n)),
    received: sums.map((n) => weight / Math.sqrt(n)),
  };
}

/** So that sums of weights stay exact to 1 nat in float32. */
const MAX_WEIGHT = 1e6;

function assertPairwiseParams(params: PairwiseParams): void {
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
