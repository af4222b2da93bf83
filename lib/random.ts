/**
 * Seeded random numbers: the only source of chance in the project.
 *
 * @module
 */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";

/** A stream of random numbers; the same seed gives the same stream. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform whole number in [0, count); count is 1…2³². */
  below(count: number): number;
  /** Standard normal. */
  normal(): number;
  /**
   * A stream of its own for a named consumer. It depends on this stream's seed
   * and the name, not on how much has been drawn, so consumers may come and go
   * without disturbing each other.
   */
  split(name: string): Random;
}

/**
 * The stream of a seed, a whole number 0…2³² − 1. Unlike seeds have unlike
 * streams.
 *
 * @throws {RangeError} When the seed is not such a number.
 *
 * @example
 * ```ts
 * import { seededRandom } from "./random.ts";
 * import { strictEqual } from "node:assert";
 *
 * const draw = () => seededRandom(7).split("crops").uniform();
 * strictEqual(draw(), draw());
 * ```
 */
export function seededRandom(seed: number): Random {
  assertSeed(seed);
  const generator = xoroshiro128plus(mix(seed));
  const uniform = () => uniformFloat64(generator);
  return {
    uniform,
    below: (count) => uniformInt(generator, 0, count - 1),
    // Box-Muller: one of the pair is dropped, so that no state is hidden.
    normal: () =>
      Math.sqrt(-2 * Math.log(1 - uniform())) *
      Math.cos(2 * Math.PI * uniform()),
    split: (name) => seededRandom(hashName(name, seed)),
  };
}

function assertSeed(seed: number): void {
  if (Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff) return;
  throw new RangeError(
    `Cannot seed random numbers as a seed must be a whole number from 0 to ` +
      `4294967295: ${seed}`,
  );
}

/**
 * Spreads near-by seeds over 32 bits, one to one: the finaliser of MurmurHash3.
 * It maps 0 to 0, from which a generator starts badly; adding 2³² over the
 * golden ratio first moves that to a seed that nobody picks by hand.
 */
function mix(seed: number): number {
  let h = (seed + 0x9e3779b9) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** FNV-1a over the name's code units, begun from the mixed seed. */
function hashName(name: string, seed: number): number {
  let h = mix(seed) ^ 0x811c9dc5;
  for (let i = 0; i < name.length; i++) {
    h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  }
  return h >>> 0;
}
