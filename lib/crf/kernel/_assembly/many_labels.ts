/**
 * Mean field of three and more labels: L − 1 numbers a pixel,
 * c(l) = Q(l) − Q(L − 1), padded to a multiple of four.
 *
 *   Q(l) ∝ exp(−U(l) + K c(l)),  c(L − 1) = 0
 *
 * as Q is the same when K Q(L − 1) is taken off all messages.
 *
 * @module
 */
import { SCORES } from "./addresses.ts";
import {
  hasAppearance,
  receivedFactor,
  sentFactor,
  sliceMany,
  splatMany,
} from "./appearance.ts";
import {
  expNonPositive,
  largestOf,
  LEAST_EXPONENT,
  sumOf,
} from "./exponential.ts";
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
import { FIRST, LAST } from "./two_labels.ts";

/** For a label that is ruled out, and for padding. */
const LEAST_SCORE: f32 = -1e30;

/**
 * Scores −U of a unary float32 `[L, P]`, the best of each pixel 0: float32
 * `[P, C]` of all but the last label, and `[P]` of the last. False when an
 * energy is NaN or −∞, or all of a pixel are +∞.
 *
 * @param stride Bytes of C.
 */
export function readMany(
  unary: usize,
  labels: i32,
  pixels: usize,
  stride: usize,
  out: usize,
  last: usize,
): bool {
  let wrong = i32x4.splat(0);
  const plane = pixels << 2;
  const low = f32x4.splat(-f32.POSITIVE_INFINITY);
  const floor = f32x4.splat(LEAST_SCORE);
  for (let p: usize = 0; p < pixels; p += 4) {
    const count = min<usize>(4, pixels - p);
    let best = f32x4.splat(f32.POSITIVE_INFINITY);
    for (let l = 0; l < labels; l++) {
      const u = loadFew(unary + <usize> l * plane + (p << 2), count);
      wrong = v128.or(wrong, v128.not(f32x4.gt(u, low)));
      best = f32x4.pmin(best, u);
      v128.store(SCORES + (<usize> l << 4), u);
    }
    wrong = v128.or(wrong, f32x4.eq(best, f32x4.splat(f32.POSITIVE_INFINITY)));
    for (let l = 0; l < labels; l++) {
      const at = SCORES + (<usize> l << 4);
      v128.store(at, f32x4.max(floor, f32x4.sub(best, v128.load(at))));
    }
    const end = SCORES + (<usize> (labels - 1) << 4);
    for (let i: usize = 0; i < count; i++) {
      store<f32>(last + ((p + i) << 2), load<f32>(end + (i << 2)));
    }
    for (let at = end; at < SCORES + (stride << 2); at += 16) {
      v128.store(at, floor);
    }
    for (let c: usize = 0; c < stride; c += 16) {
      turnFour(SCORES + (c << 2), out + p * stride + c, stride, count);
    }
  }
  return !v128.any_true(wrong);
}

/** Up to four numbers; the last one there is in place of those missing. */
// @ts-ignore: decorator
@inline
function loadFew(at: usize, count: usize): v128 {
  if (count == 4) return v128.load(at);
  const last = (count - 1) << 2;
  return f32x4(
    load<f32>(at),
    load<f32>(at + min<usize>(4, last)),
    load<f32>(at + min<usize>(8, last)),
    load<f32>(at + last),
  );
}

/** Four labels of four pixels to four pixels of four labels. */
// @ts-ignore: decorator
@inline
function turnFour(from: usize, to: usize, stride: usize, count: usize): void {
  const a = v128.load(from);
  const b = v128.load(from, 16);
  const c = v128.load(from, 32);
  const d = v128.load(from, 48);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const high = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const higher = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  if (count > 1) {
    v128.store(to + stride, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  }
  if (count > 2) {
    v128.store(to + 2 * stride, v128.shuffle<f32>(high, higher, 0, 1, 4, 5));
  }
  if (count > 3) {
    v128.store(to + 3 * stride, v128.shuffle<f32>(high, higher, 2, 3, 6, 7));
  }
}

/**
 * One pass over the pixels: receives messages, and sends new ones or writes
 * Q of all labels to `marginals`, float32 `[L, P]`.
 */
export function updateMany(
  pass: i32,
  width: i32,
  height: i32,
  labels: i32,
  stride: usize,
  energies: usize,
  last: usize,
  marginals: usize,
): void {
  const plane = <usize> width * <usize> height << 2;
  for (let left = 0; left < width; left += STRIP) {
    const right = min(left + STRIP, width);
    for (let y = 0; y < height; y++) {
      const row = <usize> y * <usize> width;
      let smoothness: usize = 0;
      if (hasSmoothness()) {
        if (pass != FIRST) smoothness = gatherStrip(left, y, right - left);
      }
      for (let x = left; x < right; x++) {
        const p = row + <usize> x;
        if (hasAppearance() && pass != FIRST) {
          sliceMany(p, load<f32>(receivedFactor() + (p << 2)), SCORES);
        } else memory.fill(SCORES, 0, stride);
        if (smoothness) {
          const factor = load<f32>(receivedAcross(x)) * receivedDown(y);
          addScaled(smoothness + <usize> (x - left) * stride, factor, stride);
        }
        const rest = load<f32>(last + (p << 2));
        const least = pass == LAST ? LEAST_EXPONENT : <f32> -30;
        const others = normalise(energies + p * stride, rest, least, stride);
        if (pass == LAST) {
          const to = marginals + (p << 2);
          for (let l = 0; l < labels - 1; l++) {
            const q = load<f32>(SCORES + (<usize> l << 2));
            store<f32>(to + <usize> l * plane, q);
          }
          store<f32>(to + <usize> (labels - 1) * plane, others);
          continue;
        }
        subtract(others, stride);
        if (hasSmoothness()) {
          const factor = load<f32>(sentAcross(x)) * sentDown(y);
          copyScaled(sentAddress(p), factor, stride);
        }
        if (hasAppearance()) {
          const factor = sentFactor();
          splatMany(p, factor ? load<f32>(factor + (p << 2)) : 1, SCORES);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function addScaled(message: usize, factor: f32, stride: usize): void {
  const scale = f32x4.splat(factor);
  for (let c: usize = 0; c < stride; c += 16) {
    v128.store(
      SCORES + c,
      f32x4.add(
        v128.load(SCORES + c),
        f32x4.mul(scale, v128.load(message + c)),
      ),
    );
  }
}

/** From messages to Q of all but the last label; returns Q of the last. */
// @ts-ignore: decorator
@inline
function normalise(energies: usize, rest: f32, least: f32, stride: usize): f32 {
  let best = f32x4.splat(rest);
  for (let c: usize = 0; c < stride; c += 16) {
    const score = f32x4.add(v128.load(SCORES + c), v128.load(energies + c));
    best = f32x4.pmax(best, score);
    v128.store(SCORES + c, score);
  }
  const top = f32x4.splat(largestOf(best));
  const cut = f32x4.splat(least);
  const odd = f32x4.extract_lane(
    expNonPositive(f32x4.sub(f32x4.splat(rest), top), cut),
    0,
  );
  let sum = f32x4.splat(0);
  for (let c: usize = 0; c < stride; c += 16) {
    const q = expNonPositive(f32x4.sub(v128.load(SCORES + c), top), cut);
    sum = f32x4.add(sum, q);
    v128.store(SCORES + c, q);
  }
  const scale = <f32> 1 / (sumOf(sum) + odd);
  const factor = f32x4.splat(scale);
  for (let c: usize = 0; c < stride; c += 16) {
    v128.store(SCORES + c, f32x4.mul(v128.load(SCORES + c), factor));
  }
  return odd * scale;
}

// @ts-ignore: decorator
@inline
function subtract(rest: f32, stride: usize): void {
  const all = f32x4.splat(rest);
  for (let c: usize = 0; c < stride; c += 16) {
    v128.store(SCORES + c, f32x4.sub(v128.load(SCORES + c), all));
  }
}

// @ts-ignore: decorator
@inline
function copyScaled(to: usize, factor: f32, stride: usize): void {
  const scale = f32x4.splat(factor);
  for (let c: usize = 0; c < stride; c += 16) {
    v128.store(to + c, f32x4.mul(v128.load(SCORES + c), scale));
  }
}
