/**
 * Mean-field inference: the fully factorised distribution Q nearest to the CRF.
 *
 *   Q_i(l) ∝ exp(−U_i(l) + Σ_m w_m Σ_j k_m(i, j) Q_j(l))
 *                                           [Kraehenbuehl2011, Algorithm 1]
 *
 * for Potts labels, all pixels at once, from Q = softmax(−U). The sum over j
 * includes i itself, as in the authors' code.
 *
 * The kernel filters one number less than there are labels, as Q sums to 1,
 * and makes of one iteration's messages the next one's in one pass over the
 * pixels. Here is what happens in which order, and where in memory.
 *
 * @module
 */
import type { AppearanceLattice } from "./_appearance_lattice.ts";
import { paddedWidth, vertexChannels } from "./crf_memory.ts";
import type { Arena } from "./kernel/arena.ts";
import { PASS, type Pass } from "./kernel/kernel.ts";
import type { LabelPlanes } from "./label_planes.ts";
import type { Mirroring } from "./mirroring.ts";
import { assertUnary } from "./unary.ts";

/** Unary and marginals pass through a buffer of about this size. */
const BUFFER_BYTES = 2 ** 18;

/** How far to go. */
export interface MeanFieldOptions {
  /** 0 or more; 0 gives softmax(−U). */
  readonly iterations: number;
  /** Whether to end with the first iteration that changes no label. */
  readonly stopEarly: boolean;
  /** How the unary is read and the marginals are written. */
  readonly mirroring: Mirroring;
  /** Called when the unary is read and its Q sent. */
  readonly onStart?: () => void;
  /** Called after each iteration; after the last one, with its marginals. */
  readonly onIteration?: (iteration: number) => void;
}

/** A unary that is being worked on. */
interface Field extends MeanFieldOptions {
  readonly arena: Arena;
  readonly lattice: AppearanceLattice | null;
  readonly hasSmoothness: boolean;
  readonly unary: LabelPlanes;
  readonly vertexBytes: number;
  /** Addresses. */
  readonly energies: number;
  readonly labels: number;
  readonly buffer: number;
  /** Rows that the buffer holds. */
  readonly bufferRows: number;
}

/**
 * Marginals after a number of iterations, by the kernel terms that are set.
 *
 * @param unary −ln p, nats, of two labels or more.
 * @param terms The lattice of the appearance term, null without one.
 * @returns Q, 0…1, sums to 1 over the labels of each pixel.
 * @throws {RangeError} When an energy is NaN or −∞, or all of a pixel are +∞.
 */
export function meanField(
  arena: Arena,
  unary: LabelPlanes,
  { lattice, hasSmoothness, ...options }: MeanFieldOptions & {
    readonly lattice: AppearanceLattice | null;
    readonly hasSmoothness: boolean;
  },
): LabelPlanes {
  const { labelCount, width, height } = unary;
  const pixels = paddedWidth(width) * height;
  const rowBytes = 4 * labelCount * paddedWidth(width);
  const bufferRows = Math.min(
    height,
    Math.max(1, Math.floor(BUFFER_BYTES / rowBytes)),
  );
  const field: Field = {
    ...options,
    arena,
    lattice,
    hasSmoothness,
    unary,
    vertexBytes: 4 * vertexChannels(labelCount),
    energies: arena.take(4 * pixels * (labelCount === 2 ? 1 : labelCount)),
    labels: options.stopEarly ? arena.take(pixels) : 0,
    buffer: arena.take(bufferRows * rowBytes),
    bufferRows,
  };
  readUnary(field);
  const data = field.iterations > 0 ? iterate(field) : withoutIterations(field);
  return { ...unary, data };
}

/** All iterations; the marginals of the last one. */
function iterate(field: Field): Float32Array {
  const { iterations, stopEarly, onIteration } = field;
  let [held, given] = vertexMemory(field);
  startVertices(field, held, given);
  update(field, PASS.first);
  field.onStart?.();
  for (let iteration = 1; iteration < iterations; iteration++) {
    [held, given] = [given, held];
    exchange(field, held, given);
    const changes = update(field, PASS.middle);
    onIteration?.(iteration);
    if (stopEarly && changes === 0) return readMarginals(field);
  }
  exchange(field, given, given);
  const marginals = readMarginals(field);
  onIteration?.(iterations);
  return marginals;
}

/** Makes what was sent what is received: at some vertices, others being next. */
function exchange(field: Field, held: number, given: number): void {
  const { arena: { kernel }, lattice, hasSmoothness } = field;
  if (lattice) {
    kernel.blur(lattice.corners, lattice.runs, held, field.vertexBytes);
  }
  startVertices(field, held, given);
  if (hasSmoothness) kernel.exchangeRows();
}

/** softmax(−U). */
function withoutIterations(field: Field): Float32Array {
  const { kernel } = field.arena;
  kernel.defineLattice(0, 0, 0);
  kernel.defineSmoothness(0, 0, 0, 0, 0, 0, 0);
  field.onStart?.();
  return readMarginals(field);
}

/** Two arrays for the values at the vertices, used by turns. */
function vertexMemory(
  { arena, lattice, vertexBytes }: Field,
): [number, number] {
  if (!lattice) return [0, 0];
  const bytes = lattice.vertexCount * vertexBytes;
  return [arena.take(bytes), arena.take(bytes)];
}

/** Lets pixels receive from some vertices and send to others, which become 0. */
function startVertices(
  { arena, lattice, vertexBytes }: Field,
  held: number,
  given: number,
): void {
  if (!lattice) return;
  arena.kernel.defineVertices(held, given, vertexBytes);
  if (given === held) return;
  arena.bytes(given, lattice.vertexCount * vertexBytes).fill(0);
}

/** One pass over all pixels; how many labels changed. */
function update(field: Field, pass: Pass): number {
  return updateRows(field, pass, [0, field.unary.height]);
}

function updateRows(
  { arena: { kernel }, unary, ...field }: Field,
  pass: Pass,
  [top, bottom]: readonly [number, number],
): number {
  const { energies, labels, buffer } = field;
  const chosen = pass === PASS.last ? 0 : labels;
  const { labelCount, width } = unary;
  return labelCount === 2
    ? kernel.updateTwo(pass, width, top, bottom, energies, chosen, buffer)
    : kernel.updateMany(
      pass,
      width,
      top,
      bottom,
      labelCount,
      field.vertexBytes,
      energies,
      chosen,
      buffer,
    );
}

/** Energies of the kernel from the unary, through the buffer. */
function readUnary(field: Field): void {
  const { arena, unary, mirroring, energies, buffer, bufferRows } = field;
  const { labelCount, width, height } = unary;
  const bytesPerPixel = labelCount === 2 ? 4 : 4 * labelCount;
  const size = bufferRows * paddedWidth(width) * labelCount;
  // For the pixels that fill up rows.
  arena.floats(buffer, size).fill(0);
  for (let top = 0; top < height; top += bufferRows) {
    const bottom = Math.min(height, top + bufferRows);
    const values = arena.floats(buffer, size);
    forRows(field, [top, bottom], (at, from, length) => {
      values.set(unary.data.subarray(from, from + length), at);
      if (mirroring.across) values.subarray(at, at + length).reverse();
    });
    const pixels = (bottom - top) * paddedWidth(width);
    const out = energies + bytesPerPixel * top * paddedWidth(width);
    const { kernel } = arena;
    const isRight = labelCount === 2
      ? kernel.readTwo(buffer, pixels, out)
      : kernel.readMany(buffer, labelCount, pixels, out);
    // Names the place.
    if (!isRight) assertUnary(unary);
  }
}

/** float32 `[L, H, W]`: the last pass, through the buffer. */
function readMarginals(field: Field): Float32Array {
  const { arena, unary, mirroring, buffer, bufferRows } = field;
  const { labelCount, width, height } = unary;
  const marginals = new Float32Array(labelCount * width * height);
  const size = bufferRows * paddedWidth(width) * labelCount;
  for (let top = 0; top < height; top += bufferRows) {
    const bottom = Math.min(height, top + bufferRows);
    updateRows(field, PASS.last, [top, bottom]);
    const values = arena.floats(buffer, size);
    forRows(field, [top, bottom], (at, to, length) => {
      marginals.set(values.subarray(at, at + length), to);
      if (mirroring.across) marginals.subarray(to, to + length).reverse();
    });
  }
  return marginals;
}

/**
 * Calls back for each piece of rows top…bottom − 1 that is one piece both in
 * the buffer, `[L, rows, padded W]`, and outside, `[L, H, W]`: a row, or more
 * where they follow each other on both sides.
 */
function forRows(
  { unary: { labelCount, width, height }, mirroring: { across, down } }: Field,
  [top, bottom]: readonly [number, number],
  visit: (inBuffer: number, outside: number, length: number) => void,
): void {
  const isWhole = paddedWidth(width) === width && !across && !down;
  const rows = isWhole ? bottom - top : 1;
  let inBuffer = 0;
  for (let label = 0; label < labelCount; label++) {
    for (let y = top; y < bottom; y += rows) {
      const row = label * height + (down ? height - 1 - y : y);
      visit(inBuffer, row * width, rows * width);
      inBuffer += rows * paddedWidth(width);
    }
  }
}
