/**
 * All that is known of a batch before it goes to the GPU: sizes, parameters,
 * tables.
 *
 * @module
 */
import type { DenseCrfOptions } from "../dense_crf_options.ts";
import type { ParamValues } from "./_kernel.ts";
import { BeyondGpuError } from "./beyond_gpu.ts";
import { CORNERS, type LatticePlan, latticePlan } from "./_lattice_plan.ts";
import { type SpatialPlan, spatialPlan } from "./_spatial_plan.ts";

/** Pictures of one size, and what to do with them. */
export interface Batch {
  readonly width: number;
  readonly height: number;
  /** L, at least 2. */
  readonly labelCount: number;
  readonly pictureCount: number;
  readonly options: DenseCrfOptions;
}

/** Buffers of a batch by name, in bytes. */
export type BufferSizes = Readonly<Record<string, number>>;

/** A batch, planned. */
export interface BatchPlan {
  readonly params: ParamValues;
  /** Null where the kernel has no weight. */
  readonly lattice: LatticePlan | null;
  readonly spatial: SpatialPlan | null;
  readonly iterations: number;
  readonly sizes: BufferSizes;
}

/**
 * Plans a batch.
 *
 * @param verticesPerPixel Room for the lattice; 6 is always enough.
 * @throws {BeyondGpuError} When the lattice's coordinates overflow.
 */
export function planBatch(batch: Batch, verticesPerPixel: number): BatchPlan {
  const { width, height, labelCount, pictureCount, options } = batch;
  const picturePixels = width * height;
  const pixels = pictureCount * picturePixels;
  const lattice = options.appearanceWeight === 0 ? null : latticePlan({
    width,
    height,
    pictures: pictureCount,
    sigmaPx: options.appearanceSigmaPx,
    sigmaLevels: options.appearanceSigmaLevels,
  });
  const spatial = options.smoothnessWeight === 0 ? null : spatialPlan({
    width,
    height,
    sigmaPx: options.smoothnessSigmaPx,
    weight: options.smoothnessWeight,
    normalisation: options.normalisation,
  });
  const capacity = lattice === null
    ? 0
    : Math.min(CORNERS * pixels, Math.ceil(pixels * verticesPerPixel) + 1024);
  const slotCount = lattice === null ? 1 : slotsFor(CORNERS * pixels);
  const params = {
    pixels,
    picturePixels,
    width,
    height,
    labels: labelCount,
    channels: labelCount - 1,
    capacity,
    words: lattice?.wordCount ?? 0,
    slotMask: slotCount - 1,
    isSymmetric: options.normalisation === "symmetric",
    appearanceWeight: options.appearanceWeight,
    radiusX: spatial?.radius[0] ?? 0,
    radiusY: spatial?.radius[1] ?? 0,
    hasSmoothness: spatial !== null,
  };
  const sizes = bufferSizes(params, { lattice, spatial, slotCount });
  return { params, lattice, spatial, iterations: options.iterations, sizes };
}

/** A power of 2 that a corner each would fill by three quarters at most. */
function slotsFor(corners: number): number {
  return 2 ** Math.ceil(Math.log2(corners * 4 / 3));
}

/** Values are of 4 bytes each. A kernel without weight leaves its own unused. */
function bufferSizes(
  { pixels, labels, channels, capacity, words }: ParamValues,
  { lattice, spatial, slotCount }: {
    lattice: LatticePlan | null;
    spatial: SpatialPlan | null;
    slotCount: number;
  },
): BufferSizes {
  const corners = lattice === null ? 0 : CORNERS * pixels;
  const values = {
    // The data of pictures and unaries; later the marginals.
    pictures: Math.ceil(pixels * 3 / 4),
    planes: pixels * labels,
    // Mean field.
    energies: pixels * labels,
    q: pixels * channels,
    factors: pixels * 3,
    rows: spatial === null ? 0 : pixels * channels,
    sides: spatial?.sides.length ?? 0,
    // The lattice: its plan, its table, its corners and its vertices.
    scaled: lattice?.scaled.length ?? 0,
    packing: lattice?.packing.length ?? 0,
    counts: 1,
    slots: slotCount,
    keys: corners * words,
    corners: corners * 2,
    vertexKeys: capacity * words,
    neighbours: capacity * CORNERS * 2,
    sharers: capacity,
    strongest: capacity,
    bounds: capacity,
    units: capacity,
    splatted: capacity * channels,
    blurredEven: capacity * channels,
    blurredOdd: capacity * channels,
  };
  return Object.fromEntries(
    // What is not used is bound all the same, so it needs a few bytes.
    Object.entries(values).map(([name, n]) => [name, Math.max(16, 4 * n)]),
  );
}

/** What a device says of the size of its buffers, bytes. */
export interface BufferLimits {
  readonly maxStorageBufferBindingSize: number;
  readonly maxBufferSize: number;
}

/** Whether every buffer fits the device. */
export function fits({ sizes }: BatchPlan, limits: BufferLimits): boolean {
  return Math.max(...Object.values(sizes)) <= mostBytes(limits);
}

/**
 * Checks that every buffer fits the device.
 *
 * @throws {BeyondGpuError} Naming the largest buffer when it does not.
 */
export function assertFits(plan: BatchPlan, limits: BufferLimits): void {
  if (fits(plan, limits)) return;
  const { sizes, params } = plan;
  const [name, bytes] = Object.entries(sizes).reduce((largest, each) =>
    each[1] > largest[1] ? each : largest
  );
  throw new BeyondGpuError(
    `Cannot run the dense CRF on the GPU as each of its buffers must be at ` +
      `most the device's ${mostBytes(limits)} bytes: "${name}" is ${bytes} ` +
      `bytes for ${params.labels} labels of ${params.pixels} pixels`,
  );
}

function mostBytes(limits: BufferLimits): number {
  return Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
}
