/**
 * Mean field of three and more labels: L − 1 numbers a pixel,
 * c(l) = Q(l) − Q(L − 1).
 *
 *   Q(l) ∝ exp(−U(l) + K c(l)),  c(L − 1) = 0
 *
 * as Q is the same when K Q(L − 1) is taken off all messages.
 *
 * Four pixels at once: a vector holds one label of four pixels, so that the
 * softmax adds and compares vectors. At the vertices of the lattice a vector
 * holds four labels, so values are turned on the way there and back.
 *
 * @module
 */
import { BOUNDS, SCORES, VALUES } from "./addresses.ts";
import {
  hasAppearance,
  receivedFactor,
  sentFactor,
  sliceMany,
  splatMany,
} from "./appearance.ts";
import { storeColumns } from "./columns.ts";
import { receivedFactors, sentFactors } from "./directions.ts";
import { ALL_NEGLIGIBLE, expAbove, expOrZero } from "./exponential.ts";
import { padded, STRIP } from "./simplex.ts";
import { gatherStrip, hasSmoothness, sendAll } from "./smoothness.ts";
import { FIRST, LAST } from "./two_labels.ts";

/** For a label that is ruled out. */
const LEAST_SCORE: f32 = -1e30;

// In memory, as the numbers of exponential.ts are.
v128.store(BOUNDS, f32x4.splat(-f32.POSITIVE_INFINITY));
v128.store(BOUNDS, f32x4.splat(f32.POSITIVE_INFINITY), 16);
v128.store(BOUNDS, f32x4.splat(LEAST_SCORE), 32);

/**
 * Scores −U of a unary float32 `[L, P]`, P a multiple of four, the best of
 * each pixel 0: float32 `[P / 4, L, 4]`. False when an energy is NaN or −∞,
 * or all of a pixel are +∞.
 */
export function readMany(
  unary: usize,
  labels: i32,
  pixels: usize,
  out: usize,
): bool {
  const plane = pixels << 2;
  const low = v128.load(BOUNDS);
  const high = v128.load(BOUNDS, 16);
  const least = v128.load(BOUNDS, 32);
  let right = i32x4.splat(-1);
  for (let at: usize = 0; at < plane; at += 16) {
    let best = high;
    for (let l = 0; l < labels; l++) {
      const u = v128.load(unary + <usize> l * plane + at);
      right = v128.and(right, f32x4.gt(u, low));
      best = f32x4.pmin(best, u);
    }
    right = v128.and(right, f32x4.lt(best, high));
    for (let l = 0; l < labels; l++) {
      const u = v128.load(unary + <usize> l * plane + at);
      v128.store(out, f32x4.pmax(least, f32x4.sub(best, u)));
      out += 16;
    }
  }
  return i32x4.all_true(right);
}

/**
 * One pass over rows top…bottom − 1: receives messages, and sends new ones or
 * writes Q of all labels to `marginals`, float32 `[L, rows, padded W]`.
 *
 * @param stride Bytes of a vertex.
 * @param energies From `readMany`, of all rows.
 * @param chosen uint8 `[H, padded W]`, or 0: the likeliest label of each pixel.
 * @returns How many of those changed.
 */
export function updateMany(
  pass: i32,
  width: i32,
  top: i32,
  bottom: i32,
  labels: i32,
  stride: usize,
  energies: usize,
  chosen: usize,
  marginals: usize,
): i32 {
  const rowPixels = <usize> padded(width);
  const plane = <usize> (bottom - top) * rowPixels << 2;
  const channels = labels - 1;
  const end = SCORES + (<usize> labels << 4);
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
        const from = energies + p * <usize> labels * 4;
        if (strip) {
          const message = strip + (<usize> (x - left) << 2);
          startScores(from, message, receivedFactors(x, y), end);
        } else copyVectors(from, end);
        const best = hasAppearance() && pass != FIRST
          ? receive(p, stride, end)
          : largest(end);
        if (chosen) changes += choose(chosen + p, end, right - x);
        if (pass == LAST) {
          const to = marginals + (p - <usize> top * rowPixels << 2);
          writeMarginals(best, end, to, plane);
        } else send(x, y, p, best, end, stride);
      }
    }
  }
  return changes;
}

// @ts-ignore: decorator
@inline
function copyVectors(from: usize, end: usize): void {
  for (let at = SCORES; at < end; at += 16) {
    v128.store(at, v128.load(from));
    from += 16;
  }
}

/** Scores of the unary and what is received of the smoothness term. */
// @ts-ignore: decorator
@inline
function startScores(
  from: usize,
  message: usize,
  factors: v128,
  end: usize,
): void {
  const last = end - 16;
  for (let at = SCORES; at < last; at += 16) {
    const received = f32x4.mul(factors, v128.load(message));
    v128.store(at, f32x4.add(v128.load(from), received));
    from += 16;
    message += <usize> STRIP << 2;
  }
  v128.store(last, v128.load(from));
}

// @ts-ignore: decorator
@inline
function largest(end: usize): v128 {
  let best = v128.load(SCORES);
  for (let at = SCORES + 16; at < end; at += 16) {
    best = f32x4.pmax(best, v128.load(at));
  }
  return best;
}

/** Adds what four pixels find at the vertices; returns the largest scores. */
// @ts-ignore: decorator
@inline
function receive(p: usize, stride: usize, end: usize): v128 {
  for (let i: usize = 0; i < 4; i++) sliceMany(p + i, VALUES + i * stride);
  const factors = v128.load(receivedFactor() + (p << 2));
  // What pads a vertex is no label.
  for (let at = end; at < SCORES + (stride << 2); at += 16) {
    v128.store(at, f32x4.splat(LEAST_SCORE));
  }
  let best = f32x4.splat(LEAST_SCORE);
  let at = SCORES;
  for (let from = VALUES; from < VALUES + stride; from += 16) {
    const a = v128.load(from);
    const b = v128.load(from + stride);
    const c = v128.load(from + 2 * stride);
    const d = v128.load(from + 3 * stride);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    const s0 = addScaled(at, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), factors);
    const s1 = addScaled(
      at + 16,
      v128.shuffle<f32>(ab, cd, 2, 3, 6, 7),
      factors,
    );
    const s2 = addScaled(
      at + 32,
      v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5),
      factors,
    );
    const s3 = addScaled(
      at + 48,
      v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7),
      factors,
    );
    best = f32x4.pmax(best, f32x4.pmax(f32x4.pmax(s0, s1), f32x4.pmax(s2, s3)));
    at += 64;
  }
  // The last label, where no padding covers it.
  return at < end ? f32x4.pmax(best, v128.load(at)) : best;
}

/** The new score. */
// @ts-ignore: decorator
@inline
function addScaled(at: usize, message: v128, factors: v128): v128 {
  const score = f32x4.add(v128.load(at), f32x4.mul(message, factors));
  v128.store(at, score);
  return score;
}

/** Q of all labels of four pixels, from their scores. */
// @ts-ignore: decorator
@inline
function writeMarginals(best: v128, end: usize, to: usize, plane: usize): void {
  let sum = f32x4.splat(0);
  for (let at = SCORES; at < end; at += 16) {
    const q = expOrZero(f32x4.sub(v128.load(at), best));
    sum = f32x4.add(sum, q);
    v128.store(at, q);
  }
  const scale = f32x4.div(f32x4.splat(1), sum);
  for (let at = SCORES; at < end; at += 16) {
    v128.store(to, f32x4.mul(v128.load(at), scale));
    to += plane;
  }
}

/** Stores the likeliest labels of up to four pixels; how many are new. */
function choose(chosen: usize, end: usize, count: i32): i32 {
  let best = v128.load(SCORES);
  let labels = i32x4.splat(0);
  let label = labels;
  for (let at = SCORES + 16; at < end; at += 16) {
    label = i32x4.add(label, i32x4.splat(1));
    const score = v128.load(at);
    const isBetter = f32x4.gt(score, best);
    best = v128.bitselect(score, best, isBetter);
    labels = v128.bitselect(label, labels, isBetter);
  }
  v128.store(VALUES, labels);
  let changes = 0;
  for (let i = 0; i < min(4, count); i++) {
    const here = <u8> load<i32>(VALUES + (<usize> i << 2));
    if (load<u8>(chosen + i) == here) continue;
    store<u8>(chosen + i, here);
    changes++;
  }
  return changes;
}

/** Sends c of four pixels, from their scores. */
// @ts-ignore: decorator
@inline
function send(
  x: i32,
  y: i32,
  p: usize,
  best: v128,
  end: usize,
  stride: usize,
): void {
  const least = v128.load(ALL_NEGLIGIBLE);
  let sum = f32x4.splat(0);
  for (let at = SCORES; at < end; at += 16) {
    const q = expAbove(f32x4.sub(v128.load(at), best), least);
    sum = f32x4.add(sum, q);
    v128.store(at, q);
  }
  const scale = f32x4.div(f32x4.splat(1), sum);
  // What pads a vertex is sent 0, as the last label is.
  const rest = v128.load(end - 16);
  for (let at = end; at < SCORES + (stride << 2); at += 16) {
    v128.store(at, rest);
  }
  if (hasSmoothness()) {
    sendAll(x, y, SCORES, rest, f32x4.mul(scale, sentFactors(x, y)));
  }
  if (!hasAppearance()) return;
  let factors = scale;
  if (sentFactor()) {
    factors = f32x4.mul(scale, v128.load(sentFactor() + (p << 2)));
  }
  let at = SCORES;
  for (let to = VALUES; to < VALUES + stride; to += 16) {
    const a = f32x4.mul(f32x4.sub(v128.load(at), rest), factors);
    const b = f32x4.mul(f32x4.sub(v128.load(at, 16), rest), factors);
    const c = f32x4.mul(f32x4.sub(v128.load(at, 32), rest), factors);
    const d = f32x4.mul(f32x4.sub(v128.load(at, 48), rest), factors);
    storeColumns(a, b, c, d, to, to + stride, to + 2 * stride, to + 3 * stride);
    at += 64;
  }
  for (let i: usize = 0; i < 4; i++) splatMany(p + i, VALUES + i * stride);
}
