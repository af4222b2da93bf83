/**
 * What the drawings take from a stream of random numbers.
 *
 * @module
 */
import type { Random } from "../random.ts";

/** A range `[low, high]`. */
export type Range = readonly [low: number, high: number];

/**
 * Uniform in the range.
 *
 * @example
 * ```ts
 * import { between } from "./chance.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * const value = between(seededRandom(1), [3, 4]);
 * ok(value >= 3 && value < 4);
 * ```
 */
export function between(random: Random, [low, high]: Range): number {
  return low + (high - low) * random.uniform();
}

/**
 * A whole number of 32 bits, the seed of a noise field.
 *
 * @example
 * ```ts
 * import { noiseSeed } from "./chance.ts";
 * import { seededRandom } from "../random.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(noiseSeed(seededRandom(1)), noiseSeed(seededRandom(1)));
 * ```
 */
export function noiseSeed(random: Random): number {
  return random.below(0x100000000) | 0;
}

/**
 * One of the items, all equally likely.
 *
 * @throws {RangeError} When there are no items.
 *
 * @example
 * ```ts
 * import { oneOf } from "./chance.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * ok(oneOf(seededRandom(1), [3, 4]) >= 3);
 * ```
 */
export function oneOf<T>(random: Random, items: readonly T[]): T {
  return pick(random, items.map((item) => ({ item, weight: 1 }))).item;
}

/**
 * One of the items, each with a chance in proportion to its weight.
 *
 * @throws {RangeError} When there are no items.
 *
 * @example
 * ```ts
 * import { pick } from "./chance.ts";
 * import { seededRandom } from "../random.ts";
 * import { strictEqual } from "node:assert";
 *
 * const never = { name: "never", weight: 0 };
 * const always = { name: "always", weight: 2 };
 * strictEqual(pick(seededRandom(1), [never, always]), always);
 * ```
 */
export function pick<T extends { readonly weight: number }>(
  random: Random,
  items: readonly T[],
): T {
  const total = items.reduce((sum, item) => sum + item.weight, 0);
  let rest = random.uniform() * total;
  for (const item of items) {
    rest -= item.weight;
    if (rest < 0) return item;
  }
  const last = items.at(-1); // rounding may leave a crumb of `rest`
  if (last !== undefined) return last;
  throw new RangeError("Cannot pick an item as there are none");
}

/**
 * A copy in random order (Fisher and Yates).
 *
 * @example
 * ```ts
 * import { shuffled } from "./chance.ts";
 * import { seededRandom } from "../random.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const order = shuffled(seededRandom(1), [1, 2, 3]);
 * deepStrictEqual(order.sort(), [1, 2, 3]);
 * ```
 */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [copy[last], copy[other]] = [copy[other]!, copy[last]!];
  }
  return copy;
}
