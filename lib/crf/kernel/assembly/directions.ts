/**
 * The two directions of the Gaussian over positions, and its nodes across.
 *
 * @module
 */
import { ACROSS, DOWN } from "./addresses.ts";

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
 * One row through the nodes across, in place.
 *
 * @param nodeScratch For the nodes, and three behind.
 */
export function filterOverNodes(row: usize, nodeScratch: usize): void {
  for (let g = 0; g < across.rows; g++) {
    const node = across.table + <usize> g * 12;
    const first = row + (<usize> load<u32>(node) << 2);
    const count = <usize> load<u32>(node, 4);
    store<f32>(
      nodeScratch + (<usize> g << 2),
      dot(first, <usize> load<u32>(node, 8), count),
    );
  }
  const size = <usize> across.length << 2;
  for (let at: usize = 0; at < size; at += 16) {
    const a = heardAt(at, nodeScratch);
    const b = heardAt(at + 4, nodeScratch);
    const c = heardAt(at + 8, nodeScratch);
    const d = heardAt(at + 12, nodeScratch);
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
    v128.store(row + at, f32x4.add(low, high));
  }
}

/** The four nodes that a pixel hears of, weighed. */
// @ts-ignore: decorator
@inline
function heardAt(at: usize, nodes: usize): v128 {
  const node = <usize> load<u32>(across.heard + at) << 2;
  return f32x4.mul(
    v128.load(nodes + node),
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
