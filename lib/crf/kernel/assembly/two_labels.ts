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
import { receivedFactors, sentFactors } from "./directions.ts";
import { ALL_NEGLIGIBLE, expAbove, expOrZero } from "./exponential.ts";
import { padded, STRIP } from "./simplex.ts";
import { gatherStrip, hasSmoothness, sendOne } from "./smoothness.ts";

/** So that a label that is ruled out stays so without an infinity. */
const GREATEST_ENERGY: f32 = 1e30;

/**
 * Differences of energies D = U(0) − U(1) of a unary float32 `[2, P]`, P a
 * multiple of four; false when an energy is NaN or −∞, or both of a pixel are
 * +∞.
 */
export function readTwo(unary: usize, pixels: usize, out: usize): bool {
  const plane = pixels << 2;
  const low = f32x4.splat(-f32.POSITIVE_INFINITY);
  const most = f32x4.splat(GREATEST_ENERGY);
  let right = i32x4.splat(-1);
  for (let at: usize = 0; at < plane; at += 16) {
    const zero = v128.load(unary + at);
    const one = v128.load(unary + plane + at);
    const d = f32x4.sub(zero, one);
    const isRight = v128.and(f32x4.gt(zero, low), f32x4.gt(one, low));
    right = v128.and(right, v128.and(isRight, f32x4.eq(d, d)));
    v128.store(out + at, f32x4.pmax(f32x4.neg(most), f32x4.pmin(most, d)));
  }
  return i32x4.all_true(right);
}

/** s of four pixels from their D. */
// @ts-ignore: decorator
@inline
export function certainty(d: v128): v128 {
  const least = v128.load(ALL_NEGLIGIBLE);
  const e = expAbove(f32x4.neg(f32x4.abs(d)), least);
  const one = f32x4.splat(1);
  const size = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
  const sign = v128.and(d, i32x4.splat(0x80000000));
  return v128.or(size, sign);
}

/** Q of both labels of four pixels from their D. */
// @ts-ignore: decorator
@inline
function writeMarginals(d: v128, zero: usize, one: usize): void {
  const e = expOrZero(f32x4.neg(f32x4.abs(d)));
  const likelier = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), e));
  const other = f32x4.mul(e, likelier);
  const isOne = f32x4.ge(d, f32x4.splat(0));
  v128.store(zero, v128.bitselect(other, likelier, isOne));
  v128.store(one, v128.bitselect(likelier, other, isOne));
}

/** The first update: there are no messages yet. */
export const FIRST: i32 = 0;
/** From the messages of one update to those of the next. */
export const MIDDLE: i32 = 1;
/** From messages to marginals. */
export const LAST: i32 = 2;

/**
 * One pass over rows top…bottom − 1: receives messages, and sends new ones or
 * writes Q of both labels to `marginals`, float32 `[2, rows, padded W]`.
 *
 * @param energies From `readTwo`, of all rows.
 * @param labels uint8 `[H, padded W]`, or 0: the likelier label of each pixel.
 * @returns How many of those changed.
 */
export function updateTwo(
  pass: i32,
  width: i32,
  top: i32,
  bottom: i32,
  energies: usize,
  labels: usize,
  marginals: usize,
): i32 {
  const rowPixels = <usize> padded(width);
  const plane = <usize> (bottom - top) * rowPixels << 2;
  let changes = 0;
  for (let left = 0; left < width; left += STRIP) {
    const right = min(left + STRIP, width);
    for (let y = top; y < bottom; y++) {
      const row = <usize> y * rowPixels;
      let strip: usize = 0;
      if (hasSmoothness()) {
        if (pass != FIRST) strip = gatherStrip(left, y, padded(right - left));
      }
      for (let x = left; x < right; x += 4) {
        const p = row + <usize> x;
        let d = v128.load(energies + (p << 2));
        if (strip) {
          const message = v128.load(strip + (<usize> (x - left) << 2));
          d = f32x4.add(d, f32x4.mul(message, receivedFactors(x, y)));
        }
        if (hasAppearance() && pass != FIRST) {
          const message = f32x4(
            sliceOne(p),
            sliceOne(p + 1),
            sliceOne(p + 2),
            sliceOne(p + 3),
          );
          const factor = v128.load(receivedFactor() + (p << 2));
          d = f32x4.add(d, f32x4.mul(message, factor));
        }
        if (labels) changes += relabel(labels + p, d, right - x);
        if (pass == LAST) {
          const to = marginals + (p - <usize> top * rowPixels << 2);
          writeMarginals(d, to, to + plane);
        } else send(certainty(d), x, y, p);
      }
    }
  }
  return changes;
}

/** Stores the likelier labels of up to four pixels; how many are new. */
function relabel(labels: usize, d: v128, count: i32): i32 {
  const likelier = i32x4.bitmask(f32x4.gt(d, f32x4.splat(0)));
  let changes = 0;
  for (let i = 0; i < min(4, count); i++) {
    const label = <u8> (likelier >> i & 1);
    if (load<u8>(labels + i) == label) continue;
    store<u8>(labels + i, label);
    changes++;
  }
  return changes;
}

// @ts-ignore: decorator
@inline
function send(s: v128, x: i32, y: i32, p: usize): void {
  if (hasSmoothness()) {
    sendOne(x, y, f32x4.mul(s, sentFactors(x, y)));
  }
  if (hasAppearance()) {
    const factor = sentFactor();
    if (factor) s = f32x4.mul(s, v128.load(factor + (p << 2)));
    splatOne(p, f32x4.extract_lane(s, 0));
    splatOne(p + 1, f32x4.extract_lane(s, 1));
    splatOne(p + 2, f32x4.extract_lane(s, 2));
    splatOne(p + 3, f32x4.extract_lane(s, 3));
  }
}
