/**
 * The Gaussian over positions: columns and rows one after the other.
 *
 * Along each direction one of two forms, chosen by the caller, the same for
 * both:
 *
 *   taps   out_x = Σ_k t_|k| · in_(x + k), |k| ≤ r: for a small std
 *   nodes  out_x = Σ_g w_gx · Σ_x' w_gx' · in_x': over nodes g further apart
 *          than pixels, for a large one
 *
 * With taps, pixels write what they send to their place in a plane, and sum up
 * what others wrote around it. With nodes, they add it to the four rows of
 * nodes that are near, each row is then filtered across, and pixels sum up the
 * four rows. A plane is `[rows, C, row]`: of each row one row for each channel,
 * with `margin` zeros on both sides. There are two, used by turns.
 *
 * @module
 */
import { correlate } from "./correlate.ts";
import {
  across,
  down,
  filterOverNodes,
  firstRow,
  hasNodes,
  nodeWeights,
} from "./directions.ts";
import { padded, STRIP } from "./simplex.ts";

/** Nodes that a pixel hears of. */
const NODES: usize = 4;

let channels: i32 = 0;
/** What pixels receive from, and what they send to. */
let held: usize = 0;
let given: usize = 0;
/** Bytes of one channel of a row of a plane, and of all. */
let channelBytes: usize = 0;
let rowBytes: usize = 0;
/** Taps only: what a strip receives, filtered down: `[C, margins + STRIP]`. */
let downStrip: usize = 0;
/** What a strip of a row receives: `[C, STRIP]`. */
let strip: usize = 0;
/** For four rows and their nodes: see `filterOverNodes`. */
let nodeScratch: usize = 0;

/** Sets the memory of the smoothness term; 0 channels: there is no term. */
export function defineSmoothness(
  channelCount: i32,
  rowLength: i32,
  first: usize,
  second: usize,
  filteredDown: usize,
  received: usize,
  nodes: usize,
): void {
  channels = channelCount;
  channelBytes = <usize> rowLength << 2;
  rowBytes = <usize> channels * channelBytes;
  held = first;
  given = second;
  downStrip = filteredDown;
  strip = received;
  nodeScratch = nodes;
}

/** Whether there is a smoothness term. */
// @ts-ignore: decorator
@inline
export function hasSmoothness(): bool {
  return channels > 0;
}

/** Zeros on both sides of a row, for taps: as many as keep vectors aligned. */
// @ts-ignore: decorator
@inline
function margin(): i32 {
  return padded(max(0, across.radius));
}

/** Where pixel (x, y) sends channel 0: to its place, or the first of its nodes. */
// @ts-ignore: decorator
@inline
function sentAddress(x: i32, y: i32): usize {
  return given + firstRow(y) * rowBytes + (<usize> (x + margin()) << 2);
}

/** Sends a value of four pixels, where there is one channel. */
// @ts-ignore: decorator
@inline
export function sendOne(x: i32, y: i32, value: v128): void {
  const to = sentAddress(x, y);
  if (!hasNodes()) {
    v128.store(to, value);
    return;
  }
  const weights = nodeWeights(y);
  addTo(to, v128.load32_splat(weights), value);
  addTo(to + rowBytes, v128.load32_splat(weights, 4), value);
  addTo(to + 2 * rowBytes, v128.load32_splat(weights, 8), value);
  addTo(to + 3 * rowBytes, v128.load32_splat(weights, 12), value);
}

/** Sends (value − rest) · factor of all channels, values 16 bytes apart. */
// @ts-ignore: decorator
@inline
export function sendAll(
  x: i32,
  y: i32,
  values: usize,
  rest: v128,
  factor: v128,
): void {
  const end = values + (<usize> channels << 4);
  let to = sentAddress(x, y);
  if (!hasNodes()) {
    for (let at = values; at < end; at += 16) {
      v128.store(to, f32x4.mul(f32x4.sub(v128.load(at), rest), factor));
      to += channelBytes;
    }
    return;
  }
  const weights = nodeWeights(y);
  const w0 = v128.load32_splat(weights);
  const w1 = v128.load32_splat(weights, 4);
  const w2 = v128.load32_splat(weights, 8);
  const w3 = v128.load32_splat(weights, 12);
  for (let at = values; at < end; at += 16) {
    const value = f32x4.mul(f32x4.sub(v128.load(at), rest), factor);
    addTo(to, w0, value);
    addTo(to + rowBytes, w1, value);
    addTo(to + 2 * rowBytes, w2, value);
    addTo(to + 3 * rowBytes, w3, value);
    to += channelBytes;
  }
}

// @ts-ignore: decorator
@inline
function addTo(to: usize, weight: v128, value: v128): void {
  v128.store(to, f32x4.add(v128.load(to), f32x4.mul(weight, value)));
}

/**
 * What `count` pixels from (left, y) receive, but for the factors; returns its
 * address: channels are STRIP apart.
 */
export function gatherStrip(left: i32, y: i32, count: i32): usize {
  const from = held + (<usize> left << 2);
  if (hasNodes()) gatherNodes(from, y, count);
  else gatherTaps(from, y, count);
  return strip;
}

// @ts-ignore: decorator
@inline
function gatherNodes(from: usize, y: i32, count: i32): void {
  const first = from + firstRow(y) * rowBytes;
  const bytes = <usize> count << 2;
  filterDown(first, strip, bytes, STRIP << 2, nodeWeights(y), NODES);
}

// @ts-ignore: decorator
@inline
function gatherTaps(from: usize, y: i32, count: i32): void {
  const r = down.radius;
  const top = max(0, y - r);
  const taps = down.table + (<usize> (top - y + r) << 2);
  const tapCount = <usize> (min(down.length - 1, y + r) - top + 1);
  const first = from + <usize> top * rowBytes;
  const wide = <usize> (count + 2 * margin()) << 2;
  const stride = <usize> (STRIP + 2 * margin()) << 2;
  // All channels, as what was just stored is slow to load from between.
  filterDown(first, downStrip, wide, stride, taps, tapCount);
  let row = downStrip + (<usize> (margin() - across.radius) << 2);
  let to = strip;
  for (let c = 0; c < channels; c++) {
    const acrossCount = <usize> (2 * across.radius + 1);
    correlate(row, to, <usize> count << 2, 4, across.table, acrossCount);
    row += stride;
    to += <usize> STRIP << 2;
  }
}

/** Weighted sums of rows, of all channels, to be `stride` apart. */
// @ts-ignore: decorator
@inline
function filterDown(
  from: usize,
  to: usize,
  bytes: usize,
  stride: usize,
  weights: usize,
  count: usize,
): void {
  for (let c = 0; c < channels; c++) {
    correlate(from, to, bytes, rowBytes, weights, count);
    from += channelBytes;
    to += stride;
  }
}

/** Lets pixels receive what was sent, and send anew. */
export function exchangeRows(): void {
  const sent = given;
  given = held;
  held = sent;
  if (!hasNodes()) return;
  const size = <usize> down.rows * rowBytes;
  const last = held + size - channelBytes;
  for (let a = held; a <= last; a += channelBytes << 2) {
    const b = min(a + channelBytes, last);
    const c = min(b + channelBytes, last);
    filterOverNodes(a, b, c, min(c + channelBytes, last), nodeScratch);
  }
  memory.fill(given, 0, size);
}

/** Makes zeros of what pixels add to, and of margins. */
export function clearRows(): void {
  const size = <usize> down.rows * rowBytes;
  if (hasNodes()) {
    memory.fill(given, 0, size);
    return;
  }
  const bytes = <usize> margin() << 2;
  for (let at: usize = 0; at < size; at += channelBytes) {
    const end = at + channelBytes - bytes;
    memory.fill(held + at, 0, bytes);
    memory.fill(held + end, 0, bytes);
    memory.fill(given + at, 0, bytes);
    memory.fill(given + end, 0, bytes);
  }
}
