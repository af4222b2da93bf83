/**
 * The permutohedral lattice of a picture, in the memory of a kernel.
 *
 * @module
 */
import {
  assertFits,
  type CrfWork,
  firstTableBits,
  latticeTooLarge,
  paddedWidth,
} from "./crf_memory.ts";
import type { FeatureImage } from "./feature_image.ts";
import { addressBehind, type Arena, pieceBytes } from "./kernel/arena.ts";
import { KEY_ADDRESSES } from "./kernel/kernel.ts";
import type { LatticeKeys } from "./lattice_keys.ts";

/** Per vertex, what `writeRuns` overwrites. */
const SPARE_BYTES = 24;

/** What a picture's appearance term is filtered with. */
export interface AppearanceLattice {
  readonly corners: number;
  readonly vertexCount: number;
  /** Addresses. */
  readonly simplex: number;
  readonly barycentric: number;
  readonly runs: number;
  readonly received: number;
  /** 0: all send 1. */
  readonly sent: number;
}

/** What the lattice is made of. */
export interface AppearanceSource {
  readonly image: FeatureImage;
  readonly keys: LatticeKeys;
  readonly weight: number;
  readonly work: CrfWork;
  readonly limitBytes: number;
}

/**
 * Builds the lattice at the top of the arena: simplices, runs of neighbours
 * and the factors of the normalisation.
 *
 * @throws {RangeError} When there is not memory enough.
 */
export function appearanceLattice(
  arena: Arena,
  source: AppearanceSource,
): AppearanceLattice {
  const { image, keys, work } = source;
  const corners = image.channels + 3;
  const pixels = paddedWidth(image.width) * image.height;
  const simplex = arena.take(4 * corners * pixels);
  const barycentric = arena.take(4 * corners * pixels);
  const received = arena.take(4 * pixels);
  const sent = work.isSymmetric ? arena.take(4 * pixels) : 0;
  putKeys(arena, keys);
  const runs = arena.top;
  locate(arena, source, { simplex, barycentric });
  const vertexCount = arena.kernel.vertexCount();
  assertFits(work, source.limitBytes, vertexCount);
  writeRuns(arena, source, runs);
  const lattice = {
    corners,
    vertexCount,
    simplex,
    barycentric,
    runs,
    received,
    sent,
  };
  useLattice(arena, lattice);
  normalise(arena, lattice, { pixels, weight: source.weight });
  return lattice;
}

/** Lets pixels of the kernel splat to a lattice and slice from it, or none. */
export function useLattice(
  { kernel }: Arena,
  lattice: AppearanceLattice | null,
): void {
  if (lattice === null) {
    kernel.defineLattice(0, 0, 0);
    return;
  }
  const { corners, simplex, barycentric, sent, received } = lattice;
  kernel.defineLattice(corners, simplex, barycentric);
  kernel.defineFactors(sent, received);
}

function putKeys(
  { kernel }: Arena,
  { scales, multipliers, steps }: LatticeKeys,
): void {
  const { buffer } = kernel.memory;
  new Float64Array(buffer, KEY_ADDRESSES.scales, scales.length).set(scales);
  new BigUint64Array(buffer, KEY_ADDRESSES.multipliers, multipliers.length)
    .set(multipliers);
  new BigUint64Array(buffer, KEY_ADDRESSES.steps, steps.length).set(steps);
}

/** Leaves the top of the arena behind the image, where the table begins. */
function locate(
  arena: Arena,
  source: AppearanceSource,
  { simplex, barycentric }: { simplex: number; barycentric: number },
): void {
  const { width, height, channels, data } = source.image;
  const address = arena.take(data.byteLength);
  arena.bytes(address, data.byteLength).set(
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
  const isLocated = arena.kernel.locate(
    Math.log2(data.BYTES_PER_ELEMENT),
    address,
    channels,
    width,
    height,
    simplex,
    barycentric,
    arena.top,
    firstTableBits(source.image),
  );
  if (!isLocated) throw noRoom(arena, source);
}

/** Moves the runs to their address and sets the top of the arena behind. */
function writeRuns(
  arena: Arena,
  source: AppearanceSource,
  runs: number,
): void {
  const { kernel } = arena;
  const spare = kernel.tableEnd() >>> 0;
  const spareBytes = SPARE_BYTES * kernel.vertexCount();
  const first = addressBehind(spare, spareBytes, source.limitBytes);
  if (first === null) throw noRoom(arena, source);
  let end = first;
  const { order, steps } = source.keys;
  for (const axis of order) {
    end = kernel.writeRuns(steps[axis]!, end, spare) >>> 0;
    if (end === 0) throw noRoom(arena, source);
  }
  new Uint8Array(kernel.memory.buffer).copyWithin(runs, first, end);
  arena.top = runs + pieceBytes(end - first);
}

function noRoom({ kernel }: Arena, source: AppearanceSource): RangeError {
  const { work, limitBytes } = source;
  return latticeTooLarge(work, limitBytes, kernel.vertexCount());
}

/** n of an all-ones picture, and the factors that are made of it. */
function normalise(
  arena: Arena,
  lattice: AppearanceLattice,
  { pixels, weight }: { pixels: number; weight: number },
): void {
  const { kernel, top } = arena;
  const { corners, vertexCount, runs, received, sent } = lattice;
  const vertices = arena.take(4 * vertexCount);
  arena.floats(vertices, vertexCount).fill(0);
  kernel.defineVertices(vertices, vertices, 4);
  kernel.splatOnes(pixels);
  kernel.blur(corners, runs, vertices, 4);
  kernel.slicePixels(pixels, received);
  kernel.normaliseFactors(pixels, received, sent, weight);
  arena.top = top;
}
