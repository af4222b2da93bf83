/**
 * Mean field of two labels: one number a pixel, s = Q(1) − Q(0).
 *
 *   s = tanh(D / 2),  D = U(0) − U(1) + K s
 *
 * as the messages of the labels differ by K Q(1) − K Q(0) = K s.
 *
 * @module
 */
import {
  hasAppearance,
  receivedFactor,
  sentFactor,
  sliceOne,
  splatOne,
} from "./appearance.ts";
import { expNonPositive, LEAST_EXPONENT } from "./exponential.ts";
import { STRIP } from "./simplex.ts";
import {
  gatherStrip,
  hasSmoothness,
  receivedAcross,
  receivedDown,
  sentAcross,
  sentAddress,
  sentDown,
} from "./smoothness.ts";

/** So that a label that is ruled out stays so without an infinity. */
const GREATEST_ENERGY: f32 = 1e30;

/**
 * Differences of energies D = U(0) − U(1) of a unary float32 `[2, P]`, padded
 * to a multiple of four pixels; false when an energy is NaN or −∞, or both of
 * a pixel are +∞.
 */
export function readTwo(unary: usize, pixels: usize, out: usize): bool {
  let isRight = true;
  for (let p: usize = 0; p < pixels; p++) {
    const at = p << 2;
    const zero = load<f32>(unary + at);
    const one = load<f32>(unary + (pixels << 2) + at);
    if (!(zero > -f32.POSITIVE_INFINITY) || !(one > -f32.POSITIVE_INFINITY)) {
      isRight = false;
    }
    const difference = zero - one;
    if (difference != difference) isRight = false;
    store<f32>(
      out + at,
      max(-GREATEST_ENERGY, min(GREATEST_ENERGY, difference)),
    );
  }
  return isRight;
}

/** s of four pixels from their D. */
// @ts-ignore: decorator
@inline
export function certainty(d: v128): v128 {
  const e = expNonPositive(
    f32x4.neg(f32x4.abs(d)),
    f32x4.splat(-30),
  );
  const one = f32x4.splat(1);
  const size = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
  const sign = v128.and(d, i32x4.splat(0x80000000));
  return v128.or(size, sign);
}

/** Q of both labels of four pixels from their D: the first `count` of them. */
// @ts-ignore: decorator
@inline
export function writeMarginals(
  d: v128,
  count: i32,
  zero: usize,
  one: usize,
): void {
  const e = expNonPositive(
    f32x4.neg(f32x4.abs(d)),
    f32x4.splat(LEAST_EXPONENT),
  );
  const likelier = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), e));
  const other = f32x4.mul(e, likelier);
  const isOne = f32x4.ge(d, f32x4.splat(0));
  const q0 = v128.bitselect(other, likelier, isOne);
  const q1 = v128.bitselect(likelier, other, isOne);
  if (count == 4) {
    v128.store(zero, q0);
    v128.store(one, q1);
    return;
  }
  for (let i = 0; i < count; i++) {
    const at = <usize> i << 2;
    store<f32>(zero + at, lane(q0, i));
    store<f32>(one + at, lane(q1, i));
  }
}

/** One of four numbers. */
// @ts-ignore: decorator
@inline
export function lane(v: v128, i: i32): f32 {
  if (i == 0) return f32x4.extract_lane(v, 0);
  if (i == 1) return f32x4.extract_lane(v, 1);
  if (i == 2) return f32x4.extract_lane(v, 2);
  return f32x4.extract_lane(v, 3);
}

/** The first update: there are no messages yet. */
export const FIRST: i32 = 0;
/** From the messages of one update to those of the next. */
export const MIDDLE: i32 = 1;
/** From messages to marginals. */
export const LAST: i32 = 2;

/**
 * One pass over the pixels: receives messages, and sends new ones or writes
 * Q of both labels to `marginals`, float32 `[2, P]`.
 *
 * @param energies From `readTwo`.
 */
export function updateTwo(
  pass: i32,
  width: i32,
  height: i32,
  energies: usize,
  marginals: usize,
): void {
  const second = marginals + (<usize> width * <usize> height << 2);
  for (let left = 0; left < width; left += STRIP) {
    const right = min(left + STRIP, width);
    for (let y = 0; y < height; y++) {
      const row = <usize> y * <usize> width;
      let smoothness: usize = 0;
      let down: v128 = f32x4.splat(0);
      if (hasSmoothness()) {
        if (pass != FIRST) {
          smoothness = gatherStrip(left, y, right - left);
          down = f32x4.splat(receivedDown(y));
        }
      }
      for (let x = left; x < right; x += 4) {
        const count = min(4, right - x);
        const p = row + <usize> x;
        let d = v128.load(energies + (p << 2));
        if (smoothness) {
          const factor = f32x4.mul(v128.load(receivedAcross(x)), down);
          const message = v128.load(smoothness + (<usize> (x - left) << 2));
          d = f32x4.add(d, f32x4.mul(message, factor));
        }
        if (hasAppearance() && pass != FIRST) {
          const message = sliceFour(p, count);
          const factor = v128.load(receivedFactor() + (p << 2));
          d = f32x4.add(d, f32x4.mul(message, factor));
        }
        if (pass == LAST) {
          writeMarginals(d, count, marginals + (p << 2), second + (p << 2));
          continue;
        }
        send(certainty(d), x, y, p, count);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function sliceFour(p: usize, count: i32): v128 {
  if (count == 4) {
    return f32x4(sliceOne(p), sliceOne(p + 1), sliceOne(p + 2), sliceOne(p + 3));
  }
  return f32x4(
    sliceOne(p),
    count > 1 ? sliceOne(p + 1) : 0,
    count > 2 ? sliceOne(p + 2) : 0,
    0,
  );
}

// @ts-ignore: decorator
@inline
function send(s: v128, x: i32, y: i32, p: usize, count: i32): void {
  if (hasSmoothness()) {
    const factor = f32x4.mul(
      v128.load(sentAcross(x)),
      f32x4.splat(sentDown(y)),
    );
    const sent = f32x4.mul(s, factor);
    const to = sentAddress(p);
    if (count == 4) v128.store(to, sent);
    else {
      for (let i = 0; i < count; i++) {
        store<f32>(to + (<usize> i << 2), lane(sent, i));
      }
    }
  }
  if (hasAppearance()) {
    const factor = sentFactor();
    if (factor) s = f32x4.mul(s, v128.load(factor + (p << 2)));
    splatOne(p, f32x4.extract_lane(s, 0));
    if (count > 1) splatOne(p + 1, f32x4.extract_lane(s, 1));
    if (count > 2) splatOne(p + 2, f32x4.extract_lane(s, 2));
    if (count > 3) splatOne(p + 3, f32x4.extract_lane(s, 3));
  }
}
