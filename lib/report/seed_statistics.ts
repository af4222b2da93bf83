/**
 * What a few runs with different seeds say about a score: how far it varies with
 * the seed of the training, the pictures being the same in all; and of many
 * intervals of 95 %, one in twenty misses by chance.
 *
 * @module
 */

/** A mean and how far single runs lie from it. */
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation (n − 1); null for a single run. */
  readonly deviation: number | null;
  /** n, at least 1. */
  readonly count: number;
}

/** A mean with a range that holds the true one in 95 of 100 experiments. */
export interface Interval {
  readonly mean: number;
  /** Null for a single run, which tells nothing of chance. */
  readonly low: number | null;
  readonly high: number | null;
  readonly count: number;
}

/**
 * Mean and spread of the scores of some runs.
 *
 * @throws {RangeError} When there are none.
 *
 * @example
 * ```ts
 * import { spreadOf } from "./seed_statistics.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(spreadOf([1, 2, 3]), { mean: 2, deviation: 1, count: 3 });
 * deepStrictEqual(spreadOf([5]), { mean: 5, deviation: null, count: 1 });
 * ```
 */
export function spreadOf(values: readonly number[]): Spread {
  const count = values.length;
  if (count === 0) {
    throw new RangeError(
      "Cannot take the mean of runs as there must be at least one: 0",
    );
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, deviation: null, count };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (count - 1)), count };
}

/**
 * 95 % interval of the mean of paired differences:
 *
 *   d̄ ± t(0.975; n − 1) · s_d / √n
 *
 * where d_i is the difference between two methods run with the same seed i, s_d
 * its sample standard deviation and t Student's quantile. Pairing takes out
 * what a seed does to both, such as an easy initialisation.
 *
 * @param differences One for each seed.
 * @throws {RangeError} When there are none.
 *
 * @example
 * ```ts
 * import { pairedInterval } from "./seed_statistics.ts";
 * import { strictEqual } from "node:assert";
 *
 * const { mean, low, high } = pairedInterval([1, 2, 3]);
 * strictEqual(mean, 2);
 * strictEqual(low!.toFixed(3), "-0.484"); // 2 − 4.303 · 1 / √3
 * strictEqual(high!.toFixed(3), "4.484");
 * ```
 */
export function pairedInterval(differences: readonly number[]): Interval {
  const { mean, deviation, count } = spreadOf(differences);
  if (deviation === null) return { mean, low: null, high: null, count };
  const half = studentQuantile(count - 1) * deviation / Math.sqrt(count);
  return { mean, low: mean - half, high: mean + half, count };
}

/** t(0.975; ν) for ν = 1…10, from any table. */
// deno-fmt-ignore
const QUANTILES = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622,
  2.2281,
];

/** The 0.975 quantile of the normal distribution. */
const Z = 1.959964;

/**
 * Student's quantile t(0.975; ν): half the width, in standard errors, of a
 * 95 % interval.
 *
 * @param degrees ν, a whole number from 1.
 *
 * @example
 * ```ts
 * import { studentQuantile } from "./seed_statistics.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(studentQuantile(2), 4.3027);
 * strictEqual(studentQuantile(30).toFixed(4), "2.0423");
 * ```
 */
export function studentQuantile(degrees: number): number {
  const known = QUANTILES[degrees - 1];
  if (known !== undefined) return known;
  // Abramowitz and Stegun, 26.7.5: good to 0.0002 from here on.
  return Z + (Z ** 3 + Z) / (4 * degrees) +
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * degrees ** 2) +
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / (384 * degrees ** 3);
}
