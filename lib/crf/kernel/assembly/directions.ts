/**
 * The two directions of the Gaussian over positions, and its nodes across.
 *
 * @module
 */
import { ACROSS, DOWN } from "./addresses.ts";
import { storeColumns } from "./columns.ts";

/** Along a direction: what `defineDirection` was told. */
@final
@unmanaged
export class Direction {
  /** Pixels, padded across. */
  length: i32;
  /** What is filtered to: pixels or nodes. */
  rows: i32;
  /** Taps on each side; −1: nodes. */
  radius: i32;
  /** Taps only: float32 `[2r + 1]`. */
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

export const across = changetype<Direction>(ACROSS);
export const down = changetype<Direction>(DOWN);

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

/** Whether pixels send to nodes. */
// @ts-ignore: decorator
@inline
export function hasNodes(): bool {
  return down.radius < 0;
}

/** float32 `[4]`: of the nodes that row y sends to and hears of. */
// @ts-ignore: decorator
@inline
export function nodeWeights(y: i32): usize {
  return down.weights + (<usize> y << 4);
}

/** The first of these nodes; y itself where there are none. */
// @ts-ignore: decorator
@inline
export function firstRow(y: i32): usize {
  return hasNodes()
    ? <usize> load<u32>(down.heard + (<usize> y << 2))
    : <usize> y;
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
 * Four rows through the nodes across, in place; they may be the same row.
 * Values are turned, so that a vector holds one pixel of each row.
 *
 * @param nodeScratch float32 `[length, 4]` for the pixels, then `[rows, 4]` for
 *   the nodes.
 */
export function filterOverNodes(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  nodeScratch: usize,
): void {
  const bytes = <usize> across.length << 2;
  const nodes = nodeScratch + (bytes << 2);
  for (let at: usize = 0; at < bytes; at += 16) {
    const to = nodeScratch + (at << 2);
    turn(a + at, b + at, c + at, d + at, to, to + 16, to + 32, to + 48);
  }
  sendToNodes(nodeScratch, nodes);
  hearOfNodes(nodeScratch, nodes);
  for (let at: usize = 0; at < bytes; at += 16) {
    const from = nodeScratch + (at << 2);
    turn(from, from + 16, from + 32, from + 48, a + at, b + at, c + at, d + at);
  }
}

/** Loads four vectors and stores their columns. */
// @ts-ignore: decorator
@inline
function turn(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  to0: usize,
  to1: usize,
  to2: usize,
  to3: usize,
): void {
  storeColumns(
    v128.load(a),
    v128.load(b),
    v128.load(c),
    v128.load(d),
    to0,
    to1,
    to2,
    to3,
  );
}

/**
 * Adds each pixel to the four nodes that it hears of. From a pixel to the next
 * the first of them is the same or one further.
 */
function sendToNodes(pixels: usize, nodes: usize): void {
  const end = across.heard + (<usize> across.length << 2);
  let weights = across.weights;
  let first = load<u32>(across.heard);
  let to = nodes + (<usize> first << 4);
  let n0 = f32x4.splat(0);
  let n1 = n0;
  let n2 = n0;
  let n3 = n0;
  for (let heard = across.heard; heard < end; heard += 4) {
    if (load<u32>(heard) != first) {
      first++;
      v128.store(to, n0);
      to += 16;
      n0 = n1;
      n1 = n2;
      n2 = n3;
      n3 = f32x4.splat(0);
    }
    const value = v128.load(pixels);
    const w = v128.load(weights);
    n0 = f32x4.add(n0, f32x4.mul(v128.shuffle<f32>(w, w, 0, 0, 0, 0), value));
    n1 = f32x4.add(n1, f32x4.mul(v128.shuffle<f32>(w, w, 1, 1, 1, 1), value));
    n2 = f32x4.add(n2, f32x4.mul(v128.shuffle<f32>(w, w, 2, 2, 2, 2), value));
    n3 = f32x4.add(n3, f32x4.mul(v128.shuffle<f32>(w, w, 3, 3, 3, 3), value));
    pixels += 16;
    weights += 16;
  }
  v128.store(to, n0);
  v128.store(to, n1, 16);
  v128.store(to, n2, 32);
  v128.store(to, n3, 48);
}

/** The four nodes that pixels hear of, weighed. */
function hearOfNodes(pixels: usize, nodes: usize): void {
  const end = across.heard + (<usize> across.length << 2);
  let weights = across.weights;
  let first = load<u32>(across.heard);
  let from = nodes + (<usize> first << 4);
  let n0 = v128.load(from);
  let n1 = v128.load(from, 16);
  let n2 = v128.load(from, 32);
  let n3 = v128.load(from, 48);
  for (let heard = across.heard; heard < end; heard += 4) {
    if (load<u32>(heard) != first) {
      first++;
      from += 16;
      n0 = n1;
      n1 = n2;
      n2 = n3;
      n3 = v128.load(from, 48);
    }
    const w = v128.load(weights);
    const low = f32x4.add(
      f32x4.mul(v128.shuffle<f32>(w, w, 0, 0, 0, 0), n0),
      f32x4.mul(v128.shuffle<f32>(w, w, 1, 1, 1, 1), n1),
    );
    const high = f32x4.add(
      f32x4.mul(v128.shuffle<f32>(w, w, 2, 2, 2, 2), n2),
      f32x4.mul(v128.shuffle<f32>(w, w, 3, 3, 3, 3), n3),
    );
    v128.store(pixels, f32x4.add(low, high));
    pixels += 16;
    weights += 16;
  }
}
