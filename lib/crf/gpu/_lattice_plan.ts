/**
 * What the GPU needs to place pixels in the permutohedral lattice, as whole
 * numbers: no rounding of the GPU decides which simplex holds a pixel.
 *
 * A feature is a level or a coordinate, so each has few values, and the scaled
 * feature of each is tabled here, in float64, as a whole part and a fraction
 * of 2⁻²⁴. Elevated coordinates are whole multiples of scaled features
 * [Adams2010], and the keys of vertices are mixed-radix numbers of them.
 *
 * @module
 */
import { latticeStretch } from "../lattice_shape.ts";
import { BeyondGpuError } from "./beyond_gpu.ts";

/** Position and colour. */
export const DIMENSION = 5;
/** Corners of a simplex. */
export const CORNERS = DIMENSION + 1;
/** Bits of a fraction: nine such units, as a simplex spans, fit 31 bits. */
export const FRACTION_BITS = 24;
/** Coordinates beyond this would overflow when rounded. */
const MAX_COORDINATE = 2 ** 28;
/** Levels of a colour channel. */
const LEVELS = 256;

/** Pictures of one size and the std of their appearance kernel. */
export interface LatticeSpace {
  readonly width: number;
  readonly height: number;
  /** Pictures of the batch; they share no vertex. */
  readonly pictures: number;
  /** px. */
  readonly sigmaPx: number;
  /** Levels of 0…255. */
  readonly sigmaLevels: number;
}

/** Tables for the kernels. */
export interface LatticePlan {
  /**
   * int32 `[W + H + 3 · 256, 2]`: whole part and fraction of each column's,
   * row's, red's, green's and blue's scaled feature.
   */
  readonly scaled: Int32Array<ArrayBuffer>;
  /** u32 words of a vertex's key. */
  readonly wordCount: number;
  /**
   * uint32 `[17 + 6 · words]`: lows (as int32), strides and words of the five
   * coordinates; stride and word of the picture; what a lattice step down
   * each of the six coordinates adds to the words.
   */
  readonly packing: Uint32Array<ArrayBuffer>;
}

/**
 * Plans the lattice of a batch of pictures.
 *
 * @throws {BeyondGpuError} When the std are so small that coordinates overflow.
 */
export function latticePlan(space: LatticeSpace): LatticePlan {
  const axes = axesOf(space);
  const scaled = new Int32Array(
    2 * axes.reduce((sum, { count }) => sum + count, 0),
  );
  let to = 0;
  for (const { count, step } of axes) {
    for (let value = 0; value < count; value++) {
      const units = Math.round(value * step * 2 ** FRACTION_BITS);
      const whole = Math.floor(units / 2 ** FRACTION_BITS);
      scaled[to++] = whole;
      scaled[to++] = units - whole * 2 ** FRACTION_BITS;
    }
  }
  return { scaled, ...keyPacking(axes, space.pictures) };
}

/** A feature: its number of values, and the scaled distance between two. */
interface Axis {
  readonly count: number;
  readonly step: number;
}

/** x, y, red, green, blue. */
function axesOf(space: LatticeSpace): Axis[] {
  return [space.width, space.height, LEVELS, LEVELS, LEVELS].map((count, i) => {
    const sigma = i < 2 ? space.sigmaPx : space.sigmaLevels;
    return { count, step: latticeStretch(i, DIMENSION) / sigma };
  });
}

function keyPacking(axes: readonly Axis[], pictures: number) {
  const { low, size } = coordinateRanges(axes);
  const places = mixedRadix([...size, pictures]);
  const wordCount = places.at(-1)!.word + 1;
  const packing = new Uint32Array(17 + CORNERS * wordCount);
  for (let i = 0; i < DIMENSION; i++) {
    packing[i] = low[i]!;
    packing[5 + i] = places[i]!.stride;
    packing[10 + i] = places[i]!.word;
  }
  packing[15] = places[DIMENSION]!.stride;
  packing[16] = places[DIMENSION]!.word;
  // One lattice step: this coordinate down by d, every other up by 1.
  for (let coordinate = 0; coordinate < CORNERS; coordinate++) {
    for (let i = 0; i < DIMENSION; i++) {
      const at = 17 + coordinate * wordCount + places[i]!.word;
      const step = i === coordinate ? -DIMENSION : 1;
      // Wraps round modulo 2³², as the sums on the GPU do.
      packing[at]! += step * places[i]!.stride;
    }
  }
  return { wordCount, packing };
}

/** Of corners and their neighbours, whatever the picture shows. */
function coordinateRanges(axes: readonly Axis[]) {
  const longest = axes.map(({ count, step }) => (count - 1) * step);
  // A corner is within d + 1 of its point, a neighbour within d of the corner.
  const margin = 2 * CORNERS;
  const low: number[] = [];
  const size: number[] = [];
  for (let i = 0; i < DIMENSION; i++) {
    const least = i === 0 ? 0 : -i * longest[i - 1]!;
    const most = longest.slice(i).reduce((a, b) => a + b);
    assertRange(i, least, most);
    low[i] = Math.floor(least) - margin;
    size[i] = Math.ceil(most) + margin - low[i]! + 1;
  }
  assertRange(DIMENSION, -DIMENSION * longest[DIMENSION - 1]!, 0);
  return { low, size };
}

function assertRange(coordinate: number, least: number, most: number): void {
  if (least >= -MAX_COORDINATE && most <= MAX_COORDINATE) return;
  throw new BeyondGpuError(
    "Cannot build a lattice on the GPU as its coordinates must be within " +
      `±2²⁸: coordinate ${coordinate} is from ${least} to ${most}`,
  );
}

/** The place of each digit in as few words of 32 bits as order allows. */
function mixedRadix(sizes: readonly number[]) {
  let word = 0;
  let next = 1;
  return sizes.map((size) => {
    if (next * size > 2 ** 32) {
      word++;
      next = 1;
    }
    const place = { word, stride: next };
    next *= size;
    return place;
  });
}
