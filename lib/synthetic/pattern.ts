/**
 * Patterns: fields of values 0…1 that paint the surface of things.
 *
 * @module
 */
import { type Field, smoothStep } from "./field.ts";

/**
 * Smooth noise, 0…1, with one random value on every whole-numbered point.
 * `seed` is a whole number of 32 bits.
 *
 * @example
 * ```ts
 * import { valueNoise } from "./pattern.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(valueNoise(7)(0.3, 2.5), valueNoise(7)(0.3, 2.5));
 * ```
 */
export function valueNoise(seed: number): Field {
  // Kept from point to point, as the next one mostly lies in the same square.
  let [x0, y0] = [NaN, NaN];
  let [left, right, below, beside] = [0, 0, 0, 0];
  return (x, y) => {
    if (Math.floor(x) !== x0 || Math.floor(y) !== y0) {
      x0 = Math.floor(x);
      y0 = Math.floor(y);
      left = lattice(seed, x0, y0);
      right = lattice(seed, x0 + 1, y0);
      below = lattice(seed, x0, y0 + 1);
      beside = lattice(seed, x0 + 1, y0 + 1);
    }
    const tx = (x - x0) * (x - x0) * (3 - 2 * (x - x0));
    const ty = (y - y0) * (y - y0) * (3 - 2 * (y - y0));
    const top = left + (right - left) * tx;
    const bottom = below + (beside - below) * tx;
    return top + (bottom - top) * ty;
  };
}

/** A random value in [0, 1) for a whole-numbered point. */
function lattice(seed: number, x: number, y: number): number {
  let h = seed ^ Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h >>> 8) / 0x1000000;
}

/**
 * Smooth noise, 0…1, summed over octaves of half the size and half the weight.
 *
 * @example
 * ```ts
 * import { fractalNoise } from "./pattern.ts";
 * import { ok } from "node:assert";
 *
 * const value = fractalNoise(7, 3)(1.5, 2.5);
 * ok(value >= 0 && value < 1);
 * ```
 */
export function fractalNoise(seed: number, octaves: number): Field {
  const layers = Array.from({ length: octaves }, () => valueNoise(seed));
  const total = 2 - 2 ** (1 - octaves);
  return (x, y) => {
    let sum = 0;
    // The shift keeps lattice points of the octaves apart.
    for (let o = 0; o < octaves; o++) {
      const f = 1 << o;
      sum += layers[o]!(x * f + 17.3 * o, y * f - 9.1 * o) / f;
    }
    return sum / total;
  };
}

/**
 * Stripes: 0 and 1 in turn, with soft edges, each pair `period` wide; `angle`
 * (radians) is the direction in which they follow each other.
 *
 * @example
 * ```ts
 * import { stripes } from "./pattern.ts";
 * import { strictEqual } from "node:assert";
 *
 * const upright = stripes({ period: 4, angle: 0 });
 * strictEqual(upright(0, 9), 1);
 * strictEqual(upright(2, 9), 0);
 * ```
 */
export function stripes(
  { period, angle }: { period: number; angle: number },
): Field {
  const kx = Math.cos(angle) * 2 * Math.PI / period;
  const ky = Math.sin(angle) * 2 * Math.PI / period;
  return (x, y) => smoothStep(-0.5, 0.5, Math.cos(kx * x + ky * y));
}

/**
 * Spots: 1 within soft discs of differing size, one in every square of side
 * `spacing`; else 0.
 *
 * @example
 * ```ts
 * import { spots } from "./pattern.ts";
 * import { ok } from "node:assert";
 *
 * const value = spots(7, 0.5)(0.1, 0.2);
 * ok(value >= 0 && value <= 1);
 * ```
 */
export function spots(seed: number, spacing: number): Field {
  return (x, y) => {
    const column = Math.floor(x / spacing);
    const row = Math.floor(y / spacing);
    const dice = (n: number) => lattice(seed + n, column, row);
    const radius = 0.2 + 0.12 * dice(0);
    const cx = column + radius + (1 - 2 * radius) * dice(1);
    const cy = row + radius + (1 - 2 * radius) * dice(2);
    const dx = x / spacing - cx;
    const dy = y / spacing - cy;
    const distance = Math.sqrt(dx * dx + dy * dy);
    return smoothStep(radius + 0.08, radius - 0.08, distance);
  };
}

/**
 * The field made two-valued: 0 below `level`, 1 above, with a soft step of the
 * given width.
 *
 * @example
 * ```ts
 * import { patches } from "./pattern.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(patches((x) => x, { level: 0.5, softness: 0.1 })(0.7, 0), 1);
 * ```
 */
export function patches(
  field: Field,
  { level, softness }: { level: number; softness: number },
): Field {
  return (x, y) =>
    smoothStep(level - softness / 2, level + softness / 2, field(x, y));
}

/**
 * The field read at points shifted by up to `amount` after smooth noise, so
 * that straight lines become wavy.
 *
 * @example
 * ```ts
 * import { warped } from "./pattern.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(warped((x) => x, () => 1, 2)(5, 0), 7);
 * ```
 */
export function warped(field: Field, noise: Field, amount: number): Field {
  return (x, y) => {
    const shift = amount * (2 * noise(x, y) - 1);
    return field(x + shift, y + shift);
  };
}

/**
 * A weighted mean of two fields; `share` (0…1) is the weight of the second.
 *
 * @example
 * ```ts
 * import { blended } from "./pattern.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(blended(() => 0, () => 1, 0.25)(0, 0), 0.25);
 * ```
 */
export function blended(first: Field, second: Field, share: number): Field {
  return (x, y) => (1 - share) * first(x, y) + share * second(x, y);
}
