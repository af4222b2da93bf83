/**
 * Dense CRF: labels that agree between pixels close in place and colour.
 *
 * The one door to CRF inference. Callers hand over a picture, a unary and the
 * parameters; how the messages are computed is this folder's affair, see
 * docs/crf.md. Runs wherever WebAssembly with SIMD does: Deno, Node, browsers.
 *
 * @module
 */
import {
  type AppearanceLattice,
  appearanceLattice,
} from "./_appearance_lattice.ts";
import { assertFits, type CrfWork } from "./crf_memory.ts";
import { crfWork } from "./dense_crf_memory.ts";
import {
  type CrfImage,
  type FeatureImage,
  featureImage,
  type FeatureRange,
  featureRange,
} from "./feature_image.ts";
import { Arena, MOST_BYTES } from "./kernel/arena.ts";
import { type Kernel, newKernel } from "./kernel/kernel.ts";
import type { LabelPlanes } from "./label_planes.ts";
import { latticeKeys } from "./lattice_keys.ts";
import { meanField } from "./_mean_field.ts";
import { assertOptions, type DenseCrfOptions } from "./dense_crf_options.ts";
import { setSmoothness } from "./_smoothness_term.ts";
import { assertUnary, assertUnarySize } from "./unary.ts";

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
  const features = featureImage(image);
  assertUnarySize(features, unary);
  assertOptions(options);
  const range = featureRange(features);
  if (unary.labelCount === 1) {
    assertUnary(unary);
    return { ...unary, data: new Float32Array(unary.data.length).fill(1) };
  }
  const work = crfWork(features, unary, options);
  const limitBytes = options.memoryLimit ?? MOST_BYTES;
  assertFits(work, limitBytes);
  const kernel = takeKernel(limitBytes);
  const marginals = infer(new Arena(kernel, limitBytes), {
    features,
    range,
    unary,
    options,
    work,
    limitBytes,
  });
  keepKernel(kernel);
  return marginals;
}

/** All that the inference is about. */
interface Task {
  readonly features: FeatureImage;
  /** Of the features. */
  readonly range: FeatureRange;
  readonly unary: LabelPlanes;
  readonly options: DenseCrfOptions;
  readonly work: CrfWork;
  readonly limitBytes: number;
}

function infer(arena: Arena, task: Task): LabelPlanes {
  const { unary, options, work } = task;
  const { onEvent } = options;
  const memoryBytes = () => arena.kernel.memory.buffer.byteLength;
  const lattice = latticeOf(arena, task);
  const vertexCount = lattice?.vertexCount ?? 0;
  if (work.hasSmoothness) {
    setSmoothness(arena, {
      ...unary,
      sigmaPx: options.smoothnessSigmaPx,
      weight: options.smoothnessWeight,
      normalisation: options.normalisation,
      channels: unary.labelCount - 1,
    });
  } else arena.kernel.defineSmoothness(0, 0, 0, 0, 0, 0);
  return meanField(arena, unary, {
    iterations: options.iterations,
    stopEarly: work.stopEarly,
    lattice,
    hasSmoothness: work.hasSmoothness,
    onStart: () =>
      onEvent?.({ type: "built", vertexCount, memoryBytes: memoryBytes() }),
    onIteration: (iteration) =>
      onEvent?.({ type: "iterated", iteration, memoryBytes: memoryBytes() }),
  });
}

function latticeOf(arena: Arena, task: Task): AppearanceLattice | null {
  const { features, range, options, work, limitBytes } = task;
  if (!work.hasAppearance) {
    arena.kernel.defineLattice(0, 0, 0);
    return null;
  }
  const keys = latticeKeys({
    ...features,
    ...range,
    sigmaPx: options.appearanceSigmaPx,
    sigmaLevels: options.appearanceSigmaLevels,
  });
  const weight = options.appearanceWeight;
  const source = { image: features, keys, weight, work, limitBytes };
  return appearanceLattice(arena, source);
}

/** What kernels may keep when they are not in use. */
const MOST_IDLE_BYTES = 2 ** 28;

let idle: Kernel | null = null;

/** The idle kernel, unless it has more memory than it may. */
function takeKernel(limitBytes: number): Kernel {
  const kernel = idle;
  idle = null;
  const isFit = kernel && kernel.memory.buffer.byteLength <= limitBytes;
  return isFit ? kernel : newKernel();
}

function keepKernel(kernel: Kernel): void {
  if (kernel.memory.buffer.byteLength <= MOST_IDLE_BYTES) idle = kernel;
}
