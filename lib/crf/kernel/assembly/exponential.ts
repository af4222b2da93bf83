/**
 * exp of four numbers at once, the same bits on every machine.
 *
 * @module
 */

import { POWERS } from "./addresses.ts";

/** exp(this) is the smallest power that is no denormal number. */
const LEAST_EXPONENT: f32 = -87.0;

/**
 * Between iterations, Q below e^this (1e-13) becomes e^this. Float32 cannot
 * add so little to 1, and products with less would be denormal and take ten
 * times as long.
 */
const NEGLIGIBLE: f32 = -30.0;

// What is reckoned with lies in memory: of a number in the code, engines build
// a vector anew for each power, by three instructions where a load is one.
const PER_LN_2 = POWERS;
const SHIFTER = POWERS + 16;
const POLYNOMIAL = POWERS + 32;
/** float32 `[4]`: NEGLIGIBLE. */
export const ALL_NEGLIGIBLE = POWERS + 128;
const ALL_LEAST = POWERS + 144;

keep(PER_LN_2, 1.44269504088896341);
// Adding 1.5 · 2²³ leaves the nearest whole number in the lowest bits.
keep(SHIFTER, 12582912.0);
keep(POLYNOMIAL, 1.3264726703100214e-3);
keep(POLYNOMIAL + 16, 9.671512663485909e-3);
keep(POLYNOMIAL + 32, 5.550733744924774e-2);
keep(POLYNOMIAL + 48, 2.4022242084856013e-1);
keep(POLYNOMIAL + 64, 6.931469775979529e-1);
keep(POLYNOMIAL + 80, 1.0);
keep(ALL_NEGLIGIBLE, NEGLIGIBLE);
keep(ALL_LEAST, LEAST_EXPONENT);

function keep(at: usize, value: f32): void {
  v128.store(at, f32x4.splat(value));
}

/**
 * exp(max(x, least)) for x ≤ 0; of 0 it is 1, elsewhere the relative error is
 * below 2e-7 + 1e-7 |x|.
 *
 * 2^t with t = x / ln 2 = n + f, |f| ≤ 1/2: a polynomial for 2^f, fitted to the
 * least relative error with 1 at 0, and n added to its exponent.
 *
 * @param least Not below LEAST_EXPONENT.
 */
// @ts-ignore: decorator
@inline
export function expAbove(x: v128, least: v128): v128 {
  const t = f32x4.mul(f32x4.pmax(least, x), v128.load(PER_LN_2));
  const shifter = v128.load(SHIFTER);
  const shifted = f32x4.add(t, shifter);
  const f = f32x4.sub(t, f32x4.sub(shifted, shifter));
  let p = v128.load(POLYNOMIAL);
  p = f32x4.add(f32x4.mul(p, f), v128.load(POLYNOMIAL + 16));
  p = f32x4.add(f32x4.mul(p, f), v128.load(POLYNOMIAL + 32));
  p = f32x4.add(f32x4.mul(p, f), v128.load(POLYNOMIAL + 48));
  p = f32x4.add(f32x4.mul(p, f), v128.load(POLYNOMIAL + 64));
  p = f32x4.add(f32x4.mul(p, f), v128.load(POLYNOMIAL + 80));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/** The same, but 0 where x < LEAST_EXPONENT. */
// @ts-ignore: decorator
@inline
export function expOrZero(x: v128): v128 {
  const least = v128.load(ALL_LEAST);
  return v128.and(expAbove(x, least), f32x4.ge(x, least));
}
