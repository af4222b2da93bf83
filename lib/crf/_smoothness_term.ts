/**
 * The Gaussian over positions of a picture, in the memory of a kernel.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import { paddedWidth } from "./crf_memory.ts";
import type { Arena } from "./kernel/arena.ts";
import { STRIP_PX } from "./kernel/kernel.ts";
import type { Normalisation } from "./pairwise.ts";
import { type PositionFilter, positionFilter } from "./position_filter.ts";

/** What decides the smoothness term. */
export interface SmoothnessSource extends Size {
  readonly sigmaPx: number;
  readonly weight: number;
  readonly normalisation: Normalisation;
  /** Numbers that a pixel sends: L − 1. */
  readonly channels: number;
}

/** Sets up the smoothness term of the kernel at the top of the arena. */
export function setSmoothness(arena: Arena, source: SmoothnessSource): void {
  const { width, height, sigmaPx, weight, channels } = source;
  const across = positionFilter(width, sigmaPx);
  const down = positionFilter(height, sigmaPx);
  setDirection(arena, across, {
    ...source,
    which: 0,
    length: width,
    paddedLength: paddedWidth(width),
    weight: 1,
  });
  setDirection(arena, down, {
    ...source,
    which: 1,
    length: height,
    paddedLength: height,
    weight,
  });
  const margin = across.taps ? paddedWidth(across.taps.length >> 1) : 0;
  const rowLength = paddedWidth(width) + 2 * margin;
  const planeBytes = 4 * rowLength * channels * (down.nodeCount ?? height);
  arena.kernel.defineSmoothness(
    channels,
    rowLength,
    arena.take(planeBytes),
    arena.take(planeBytes),
    arena.take(4 * (STRIP_PX + 2 * margin) * channels),
    arena.take(4 * STRIP_PX * channels),
    across.nodeCount
      ? arena.take(16 * (paddedWidth(width) + across.nodeCount))
      : 0,
  );
  arena.kernel.clearRows();
}

interface Direction {
  /** 0 across, 1 down. */
  readonly which: 0 | 1;
  readonly length: number;
  readonly paddedLength: number;
  readonly weight: number;
  readonly normalisation: Normalisation;
}

function setDirection(
  arena: Arena,
  filter: PositionFilter,
  { which, length, paddedLength, weight, normalisation }: Direction,
): void {
  const isSymmetric = normalisation === "symmetric";
  // Pixels that fill up a row send and receive nothing.
  const sent = new Float32Array(paddedLength);
  const received = new Float32Array(paddedLength);
  for (let x = 0; x < length; x++) {
    const n = isSymmetric ? Math.sqrt(filter.sums[x]!) : filter.sums[x]!;
    sent[x] = isSymmetric ? 1 / n : 1;
    received[x] = weight / n;
  }
  arena.kernel.defineDirection(
    which,
    paddedLength,
    filter.nodeCount ?? length,
    filter.taps ? filter.taps.length >> 1 : -1,
    filter.taps ? arena.put(filter.taps) : 0,
    putPadded(arena, filter.heard, paddedLength, filter.heard?.at(-1)),
    putPadded(arena, filter.weights, 4 * paddedLength),
    arena.put(sent),
    arena.put(received),
  );
}

/** Values, and behind them the last one or 0; address 0 for none. */
function putPadded(
  arena: Arena,
  values: Float32Array | Uint32Array | undefined,
  length: number,
  rest = 0,
): number {
  if (!values) return 0;
  const piece = values instanceof Uint32Array
    ? new Uint32Array(length)
    : new Float32Array(length);
  piece.fill(rest).set(values);
  return arena.put(piece);
}
