/**
 * The dense CRF of one picture, which keeps what does not depend on the unary.
 *
 * @module
 */
import {
  type AppearanceLattice,
  appearanceLattice,
  useLattice,
} from "./_appearance_lattice.ts";
import { assertFits, type CrfWork } from "./crf_memory.ts";
import { crfWork } from "./dense_crf_memory.ts";
import { assertOptions, type DenseCrfOptions } from "./dense_crf_options.ts";
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
import {
  mirroredImage,
  type Mirroring,
  mirroringsOf,
  symmetrised,
  unaryMirrorings,
} from "./mirroring.ts";
import { setSmoothness } from "./_smoothness_term.ts";
import { assertUnary, assertUnarySize } from "./unary.ts";

/** See {@link openPictureCrf}; disposing frees its memory. */
export interface PictureCrf extends Disposable {
  /**
   * As `denseCrf`; the lattice is made by the first call.
   *
   * @param unary −ln p, nats; L × H × W. L may differ from call to call.
   */
  run(unary: LabelPlanes): LabelPlanes;
}

/**
 * Opens a picture for several unaries, such as those of several networks: the
 * lattice, which takes from a tenth to two thirds of the time of one, is built
 * once. Each gets the bytes that `denseCrf` gives.
 *
 * @param image RGB, or any channels, of H × W pixels; must stay as it is.
 * @param options `onEvent` hears of "built" for each unary.
 * @returns The caller's, to be disposed of.
 * @throws {RangeError} When a parameter is out of its range or a feature is NaN
 *   or infinite; when run, as `denseCrf`.
 * @throws {TypeError} When the image is of another type of array.
 *
 * @example
 * ```ts
 * import { BANA_CRF, denseCrf } from "./dense_crf.ts";
 * import { openPictureCrf } from "./picture_crf.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const image = { width: 2, height: 1, data: new Uint8Array(6) };
 * const of = (...energies: number[]) => ({
 *   labelCount: energies.length / 2,
 *   width: 2,
 *   height: 1,
 *   data: Float32Array.from(energies),
 * });
 * using picture = openPictureCrf(image, BANA_CRF);
 * for (const unary of [of(1, 0, 0, 1), of(3, 1, 0, 2, 2, 2)]) {
 *   deepStrictEqual(picture.run(unary), denseCrf(image, unary, BANA_CRF));
 * }
 * ```
 */
export function openPictureCrf(
  image: CrfImage,
  options: DenseCrfOptions,
): PictureCrf {
  const features = featureImage(image);
  assertOptions(options);
  const picture: Picture = {
    features,
    range: featureRange(features),
    options,
    limitBytes: options.memoryLimit ?? MOST_BYTES,
  };
  let state: State = { is: "new" };
  return {
    run(unary) {
      assertUnarySize(features, unary);
      if (state.is === "closed") throw closed();
      if (unary.labelCount === 1) return certain(unary);
      const { limitBytes } = picture;
      const work = crfWork(features, unary, options);
      const built = state.is === "built" ? state.built : null;
      assertFits(work, limitBytes, built?.lattice?.vertexCount);
      // What fails half-way is not used again.
      state = { is: "new" };
      const ready = built ?? build(picture, work);
      const mirrorings = unaryMirrorings(unary, ready.mirrorings);
      const mirroring = mirrorings[0]!;
      const marginals = symmetrised(
        infer(ready, { ...picture, unary, work, mirroring }),
        mirrorings,
      );
      state = { is: "built", built: ready };
      return marginals;
    },
    [Symbol.dispose]() {
      if (state.is === "built") keepKernel(state.built.arena.kernel);
      state = { is: "closed" };
    },
  };
}

/** A picture and what is asked of it. */
interface Picture {
  readonly features: FeatureImage;
  /** Of the features. */
  readonly range: FeatureRange;
  readonly options: DenseCrfOptions;
  readonly limitBytes: number;
}

/** What is kept from unary to unary. */
interface Built {
  readonly arena: Arena;
  /** Null without an appearance term. */
  readonly lattice: AppearanceLattice | null;
  /** Of the picture; the lattice is of the first. */
  readonly mirrorings: readonly Mirroring[];
  /** Where the arena ends that is kept. */
  readonly top: number;
}

type State =
  | { readonly is: "new" | "closed" }
  | { readonly is: "built"; readonly built: Built };

function closed(): Error {
  return new Error(
    "Cannot run the dense CRF as its picture must be open: it was disposed of",
  );
}

/** With one label there is nothing to infer. */
function certain(unary: LabelPlanes): LabelPlanes {
  assertUnary(unary);
  return { ...unary, data: new Float32Array(unary.data.length).fill(1) };
}

function build(picture: Picture, work: CrfWork): Built {
  const { limitBytes } = picture;
  const arena = new Arena(takeKernel(limitBytes), limitBytes);
  const mirrorings = mirroringsOf(picture.features);
  const lattice = work.hasAppearance
    ? latticeOf(arena, picture, { work, mirroring: mirrorings[0]! })
    : null;
  return { arena, lattice, mirrorings, top: arena.top };
}

function latticeOf(
  arena: Arena,
  { features, range, options, limitBytes }: Picture,
  { work, mirroring }: { work: CrfWork; mirroring: Mirroring },
): AppearanceLattice {
  const keys = latticeKeys({
    ...features,
    ...range,
    sigmaPx: options.appearanceSigmaPx,
    sigmaLevels: options.appearanceSigmaLevels,
  });
  const weight = options.appearanceWeight;
  const image = mirroredImage(features, mirroring);
  const source = { image, keys, weight, work, limitBytes };
  return appearanceLattice(arena, source);
}

function infer(
  { arena, lattice, top }: Built,
  { unary, options, work, mirroring }: Picture & {
    readonly unary: LabelPlanes;
    readonly work: CrfWork;
    readonly mirroring: Mirroring;
  },
): LabelPlanes {
  const { onEvent } = options;
  const memoryBytes = () => arena.kernel.memory.buffer.byteLength;
  const vertexCount = lattice?.vertexCount ?? 0;
  arena.top = top;
  useLattice(arena, lattice);
  if (work.smoothnessRows > 0) {
    setSmoothness(arena, {
      ...unary,
      sigmaPx: options.smoothnessSigmaPx,
      weight: options.smoothnessWeight,
      normalisation: options.normalisation,
      channels: unary.labelCount - 1,
    });
  } else arena.kernel.defineSmoothness(0, 0, 0, 0, 0, 0, 0);
  return meanField(arena, unary, {
    iterations: options.iterations,
    stopEarly: work.stopEarly,
    lattice,
    hasSmoothness: work.smoothnessRows > 0,
    mirroring,
    onStart: () =>
      onEvent?.({ type: "built", vertexCount, memoryBytes: memoryBytes() }),
    onIteration: (iteration) =>
      onEvent?.({ type: "iterated", iteration, memoryBytes: memoryBytes() }),
  });
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
