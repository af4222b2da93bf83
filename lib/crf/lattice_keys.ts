/**
 * How points of the permutohedral lattice become 64-bit keys.
 *
 * A pixel's d features, place and channels in standard deviations, lead to a
 * point of d + 1 coordinates that sum to 0; see `kernel/assembly/simplex.ts`.
 *
 * @module
 */
import { blurOrder, latticeStretch } from "./lattice_shape.ts";

/** What a picture's features are and how they are weighed. */
export interface Features {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Bounds of the channels' values. */
  readonly low: number;
  readonly high: number;
  /** Standard deviation of places. */
  readonly sigmaPx: number;
  /** Standard deviation of values. */
  readonly sigmaLevels: number;
}

/** What the kernel is told of the lattice. */
export interface LatticeKeys {
  /** float64 `[d]`: what 1 in a feature is worth. */
  readonly scales: Float64Array;
  /** uint64 `[d + 1]`: what d + 1 in a coordinate is worth in a key. */
  readonly multipliers: BigUint64Array;
  /** uint64 `[d + 1]`: what a lattice step is worth in a key. */
  readonly steps: BigUint64Array;
  /** `[d + 1]`: the axes in the order in which they are blurred. */
  readonly order: readonly number[];
}

/** Lattice coordinates beyond this would lose the place inside a simplex. */
const MAX_COORDINATE = 2 ** 40;
/** Lattice steps, d + 1 at a time, from a pixel to its farthest neighbour. */
const MARGIN = 3;

/**
 * Keys as numbers with a digit for each coordinate but the last, which follows
 * from them: equal keys, equal points.
 *
 * Features very far apart have more points than there are keys. Then digits
 * are worth what a generator of random numbers says, and two of M points share
 * a key with a probability of M² / 2⁶⁵: 1 in 10⁷ for 2 million.
 *
 * @throws {RangeError} When features are so far apart in standard deviations
 *   that a coordinate leaves ±2⁴⁰.
 *
 * @example
 * ```ts
 * import { latticeKeys } from "./lattice_keys.ts";
 * import { strictEqual } from "node:assert";
 *
 * const { steps } = latticeKeys({
 *   width: 500, height: 375, channels: 3, low: 0, high: 255,
 *   sigmaPx: 67, sigmaLevels: 3,
 * });
 * // All steps together lead back.
 * strictEqual(BigInt.asUintN(64, steps.reduce((a, b) => a + b)), 0n);
 * ```
 */
export function latticeKeys(features: Features): LatticeKeys {
  const stretches = axisStretches(features);
  const digits = digitCounts(coordinateRanges(features, stretches));
  const worths = digitWorths(digits);
  const corners = BigInt(digits.length + 1);
  const total = worths.reduce((sum, worth) => sum + worth, 0n);
  const all = [...worths, 0n];
  return {
    scales: stretches,
    multipliers: BigUint64Array.from(all, (worth) => asKey(worth * corners)),
    steps: BigUint64Array.from(
      all,
      (worth) => asKey(total - worth * corners),
    ),
    order: blurOrder(digits.length),
  };
}

function asKey(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

/** How far features are stretched, over d + 1. */
function axisStretches(
  { channels, sigmaPx, sigmaLevels }: Features,
): Float64Array {
  const dimension = channels + 2;
  return Float64Array.from(
    { length: dimension },
    (_, i) =>
      latticeStretch(i, dimension) / (dimension + 1) /
      (i < 2 ? sigmaPx : sigmaLevels),
  );
}

/** Least and greatest of each coordinate but the last, over d + 1. */
function coordinateRanges(
  { width, height, low, high }: Features,
  stretches: Float64Array,
): { least: number; greatest: number }[] {
  const ranges: { least: number; greatest: number }[] = [];
  let leastSum = 0;
  let greatestSum = 0;
  for (let i = stretches.length; i >= 0; i--) {
    let least = 0;
    let greatest = 0;
    if (i > 0) {
      const ends = i === 1
        ? [0, width - 1]
        : i === 2
        ? [0, height - 1]
        : [low, high];
      least = ends[0]! * stretches[i - 1]!;
      greatest = ends[1]! * stretches[i - 1]!;
    }
    ranges[i] = {
      least: leastSum - i * greatest,
      greatest: greatestSum - i * least,
    };
    leastSum += least;
    greatestSum += greatest;
  }
  ranges.forEach(assertRange);
  return ranges.slice(0, -1);
}

function assertRange(
  { least, greatest }: { least: number; greatest: number },
  coordinate: number,
  { length }: ArrayLike<unknown>,
): void {
  const most = MAX_COORDINATE / length;
  if (least >= -most && greatest <= most) return;
  throw new RangeError(
    "Cannot build a lattice as its coordinates must be within ±2⁴⁰: " +
      `coordinate ${coordinate} is from ${least * length} to ` +
      `${greatest * length}`,
  );
}

/** How many values each coordinate has. */
function digitCounts(
  ranges: readonly { least: number; greatest: number }[],
): bigint[] {
  return ranges.map(({ least, greatest }) => {
    const steps = Math.ceil(greatest) - Math.floor(least) + 2 * MARGIN;
    return BigInt(steps * (ranges.length + 1));
  });
}

/** What 1 in each coordinate but the last is worth. */
function digitWorths(digits: readonly bigint[]): bigint[] {
  const worths: bigint[] = [];
  let next = 1n;
  for (const digit of digits) {
    worths.push(next);
    next *= digit;
  }
  if (next <= 2n ** 64n) return worths;
  return digits.map((_, i) => randomOdd(BigInt(i + 1)));
}

/** SplitMix64, made odd. */
function randomOdd(seed: bigint): bigint {
  let z = asKey(seed * 0x9e3779b97f4a7c15n);
  z = asKey((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = asKey((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return (z ^ (z >> 31n)) | 1n;
}
