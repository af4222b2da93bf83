/**
 * exp of four numbers at once, the same bits on every machine.
 *
 * @module
 */

/** exp(this) is the smallest power that is no denormal number. */
export const LEAST_EXPONENT: f32 = -87.0;

/**
 * Between iterations, Q below e^this (1e-13) becomes 0. Float32 cannot add so
 * little to 1, and sums with its products, which would be denormal, take ten
 * times as long.
 */
export const NEGLIGIBLE: f32 = -30.0;

/**
 * exp(x) for x ≤ 0, relative error below 2e-7; 0 where x < least.
 *
 * x = n · ln 2 + r, |r| ≤ ln 2 / 2; a polynomial of degree 7 for exp(r), from
 * the Cephes library, and n into the exponent bits.
 *
 * @param least Not below LEAST_EXPONENT.
 */
// @ts-ignore: decorator
@inline
export function expNonPositive(x: v128, least: v128): v128 {
  const isKept = f32x4.ge(x, least);
  const bounded = f32x4.max(x, least);
  // Adding 1.5 · 2²³ leaves the nearest whole number in the lowest bits.
  const shifter = f32x4.splat(12582912.0);
  const shifted = f32x4.add(
    f32x4.mul(bounded, f32x4.splat(1.44269504088896341)),
    shifter,
  );
  const n = f32x4.sub(shifted, shifter);
  const coarse = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375)));
  const r = f32x4.add(coarse, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  const tail = f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r);
  const mantissa = f32x4.add(tail, f32x4.splat(1.0));
  const power = i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(0x3f800000));
  return v128.and(f32x4.mul(mantissa, power), isKept);
}
