/**
 * The Gaussian over positions: columns and rows one after the other.
 *
 * Along each direction one of two forms, chosen by the caller:
 *
 *   taps   out_x = Σ_k t_|k| · in_(x + k), |k| ≤ r: for a small std
 *   nodes  out_x = Σ_g w_gx · Σ_x' w_gx' · in_x': over nodes g further apart
 *          than pixels, for a large one
 *
 * Memory is `[H, C, padded W]`: of each row one row for each channel.
 *
 * @module
 */
import { ACROSS, DOWN } from "./addresses.ts";
import { correlate } from "./correlate.ts";
import { STRIP } from "./simplex.ts";

/** Nodes that a pixel hears of: weights are stored by four. */
const NODES: usize = 4;

/** Along a direction: what `defineDirection` was told. */
@final
@unmanaged
class Direction {
  /** Pixels, padded across. */
  length: i32;
  /** What is filtered to: pixels or nodes. */
  rows: i32;
  /** Taps on each side; −1: nodes. */
  radius: i32;
  /** float32 `[2r + 1]`; of nodes uint32 `[rows, 3]`: first, count, address. */
  table: usize;
  /** Nodes only: uint32 `[length]`, the first node a pixel hears of. */
  heard: usize;
  /** Nodes only: float32 `[length, 4]`, the weights of it and the next. */
  weights: usize;
  /** float32 `[length]`: multiplied onto what a pixel sends. */
  sent: usize;
  /** float32 `[length]`: multiplied onto what a pixel receives. */
  received: usize;
}

const across = changetype<Direction>(ACROSS);
const down = changetype<Direction>(DOWN);

let channels: i32 = 0;
/** What pixels send. */
let sentPlane: usize = 0;
/** That, filtered across and spread down. */
let rowPlane: usize = 0;
/** A row with `radius` zeros on both sides. */
let rowScratch: usize = 0;
/** Nodes of a row, and three behind. */
let nodeScratch: usize = 0;
/** What a strip of a row receives: `[C, STRIP]`. */
let strip: usize = 0;

/** Sets one direction: 0 across, 1 down. */
export function defineDirection(
  which: i32,
  length: i32,
  rows: i32,
  radius: i32,
  table: usize,
  heard: usize,
  weights: usize,
  sent: usize,
  received: usize,
): void {
  const direction = which == 0 ? across : down;
  direction.length = length;
  direction.rows = rows;
  direction.radius = radius;
  direction.table = table;
  direction.heard = heard;
  direction.weights = weights;
  direction.sent = sent;
  direction.received = received;
}

/** Sets the memory of the smoothness term; 0 channels: there is no term. */
export function defineSmoothness(
  channelCount: i32,
  sent: usize,
  rows: usize,
  row: usize,
  nodes: usize,
  received: usize,
): void {
  channels = channelCount;
  sentPlane = sent;
  rowPlane = rows;
  rowScratch = row;
  nodeScratch = nodes;
  strip = received;
}

/** Whether there is a smoothness term. */
// @ts-ignore: decorator
@inline
export function hasSmoothness(): bool {
  return channels > 0;
}

/** Where pixel (x, y) writes what it sends in channel 0. */
// @ts-ignore: decorator
@inline
export function sentAddress(x: i32, y: i32): usize {
  const row = <usize> y * <usize> channels * <usize> across.length;
  return sentPlane + ((row + <usize> x) << 2);
}

/** Bytes between channels where pixels send. */
// @ts-ignore: decorator
@inline
export function sentStride(): usize {
  return <usize> across.length << 2;
}

/** Factors of what four pixels send. */
// @ts-ignore: decorator
@inline
export function sentFactors(x: i32, y: i32): v128 {
  return f32x4.mul(
    v128.load(across.sent + (<usize> x << 2)),
    v128.load32_splat(down.sent + (<usize> y << 2)),
  );
}

/** Factors of what four pixels receive. */
// @ts-ignore: decorator
@inline
export function receivedFactors(x: i32, y: i32): v128 {
  return f32x4.mul(
    v128.load(across.received + (<usize> x << 2)),
    v128.load32_splat(down.received + (<usize> y << 2)),
  );
}

/**
 * What `count` pixels from (left, y) receive, but for the factors; returns its
 * address: channels are STRIP apart.
 */
export function gatherStrip(left: i32, y: i32, count: i32): usize {
  const bytes = <usize> count << 2;
  const channelBytes = <usize> across.length << 2;
  const rowBytes = <usize> channels * channelBytes;
  let first: usize;
  let taps: usize;
  let tapCount = NODES;
  if (down.radius >= 0) {
    const r = down.radius;
    const top = max(0, y - r);
    first = <usize> top;
    taps = down.table + (<usize> (top - y + r) << 2);
    tapCount = <usize> (min(down.length - 1, y + r) - top + 1);
  } else {
    first = <usize> load<u32>(down.heard + (<usize> y << 2));
    taps = down.weights + (<usize> y << 4);
  }
  let from = rowPlane + first * rowBytes + (<usize> left << 2);
  let to = strip;
  for (let c = 0; c < channels; c++) {
    correlate(from, to, bytes, rowBytes, taps, tapCount);
    from += channelBytes;
    to += <usize> STRIP << 2;
  }
  return strip;
}

/** From what the pixels sent to the rows that `gatherStrip` reads. */
export function spreadRows(): void {
  const channelBytes = <usize> across.length << 2;
  const rowBytes = <usize> channels * channelBytes;
  const here = rowScratch + (<usize> max(0, across.radius) << 2);
  let to = rowPlane;
  for (let row = 0; row < down.rows; row++) {
    let from = sentPlane + <usize> row * rowBytes;
    let taps: usize = 0;
    let tapCount: usize = 0;
    if (down.radius < 0) {
      const node = down.table + <usize> row * 12;
      from = sentPlane + <usize> load<u32>(node) * rowBytes;
      tapCount = <usize> load<u32>(node, 4);
      taps = <usize> load<u32>(node, 8);
    }
    for (let c = 0; c < channels; c++) {
      if (taps) correlate(from, here, channelBytes, rowBytes, taps, tapCount);
      else memory.copy(here, from, channelBytes);
      if (across.radius < 0) filterOverNodes(here, to);
      else {
        const count = <usize> (2 * across.radius + 1);
        correlate(rowScratch, to, channelBytes, 4, across.table, count);
      }
      from += channelBytes;
      to += channelBytes;
    }
  }
}

/** One row through the nodes across. */
function filterOverNodes(from: usize, to: usize): void {
  for (let g = 0; g < across.rows; g++) {
    const node = across.table + <usize> g * 12;
    const first = from + (<usize> load<u32>(node) << 2);
    const count = <usize> load<u32>(node, 4);
    store<f32>(
      nodeScratch + (<usize> g << 2),
      dot(first, <usize> load<u32>(node, 8), count),
    );
  }
  const size = <usize> across.length << 2;
  for (let at: usize = 0; at < size; at += 16) {
    const a = heardAt(at);
    const b = heardAt(at + 4);
    const c = heardAt(at + 8);
    const d = heardAt(at + 12);
    // Columns of four sums, added up.
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    const low = f32x4.add(
      v128.shuffle<f32>(ab, cd, 0, 1, 4, 5),
      v128.shuffle<f32>(ab, cd, 2, 3, 6, 7),
    );
    const high = f32x4.add(
      v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5),
      v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7),
    );
    v128.store(to + at, f32x4.add(low, high));
  }
}

/** The four nodes that a pixel hears of, weighed. */
// @ts-ignore: decorator
@inline
function heardAt(at: usize): v128 {
  const node = <usize> load<u32>(across.heard + at) << 2;
  return f32x4.mul(
    v128.load(nodeScratch + node),
    v128.load(across.weights + (at << 2)),
  );
}

/** Σ a_i · b_i; behind the last b, up to four, are zeros. */
// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, count: usize): f32 {
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < count << 2; i += 16) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  }
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}
