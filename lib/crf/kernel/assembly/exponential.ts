/**
 * exp of four numbers at once, the same bits on every machine.
 *
 * @module
 */

/** exp(this) is the smallest power that is no denormal number. */
export const LEAST_EXPONENT: f32 = -87.0;

/**
 * Between iterations, Q below e^this (1e-13) becomes e^this. Float32 cannot
 * add so little to 1, and products with less would be denormal and take ten
 * times as long.
 */
export const NEGLIGIBLE: f32 = -30.0;

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
  const t = f32x4.mul(
    f32x4.pmax(least, x),
    f32x4.splat(1.44269504088896341),
  );
  // Adding 1.5 · 2²³ leaves the nearest whole number in the lowest bits.
  const shifter = f32x4.splat(12582912.0);
  const shifted = f32x4.add(t, shifter);
  const f = f32x4.sub(t, f32x4.sub(shifted, shifter));
  let p = f32x4.splat(1.3264726703100214e-3);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(9.671512663485909e-3));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(5.550733744924774e-2));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(2.4022242084856013e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(6.931469775979529e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.0));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/** The same, but 0 where x < LEAST_EXPONENT. */
// @ts-ignore: decorator
@inline
export function expOrZero(x: v128): v128 {
  const least = f32x4.splat(LEAST_EXPONENT);
  return v128.and(expAbove(x, least), f32x4.ge(x, least));
}
