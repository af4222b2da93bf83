/**
 * The Gaussian over positions: columns and rows one after the other.
 *
 * Along each direction one of two forms, chosen by the caller:
 *
 *   taps   out_x = Σ_k t_|k| · in_(x + k), |k| ≤ r: for a small std
 *   nodes  out_x = Σ_g w_gx · Σ_x' w_gx' · in_x': over nodes g further apart
 *          than pixels, for a large one
 *
 * @module
 */
import { ACROSS, DOWN, GATHERED } from "./addresses.ts";
import { correlate } from "./correlate.ts";

/** Along a direction: what `defineDirection` was told. */
@final
@unmanaged
class Direction {
  /** Pixels. */
  length: i32;
  /** Rows of what `spread` leaves: pixels or nodes. */
  rows: i32;
  /** Taps on each side; −1: nodes. */
  radius: i32;
  /** float32 `[2r + 1]`, or `[rows, 4]` words: first, count, address, 0. */
  table: usize;
  /** float32 `[length]`: multiplied onto what a pixel sends. */
  sent: usize;
  /** float32 `[length]`: multiplied onto what a pixel receives. */
  received: usize;
}

const across = changetype<Direction>(ACROSS);
const down = changetype<Direction>(DOWN);

let isOn = false;
/** Bytes of one pixel. */
let stride: usize = 0;
/** What pixels send, `[H, W]` pixels. */
let sentPlane: usize = 0;
/** That, filtered across and spread down: `[rows, W]` pixels. */
let rowPlane: usize = 0;
/** A row with zeros on both sides. */
let rowScratch: usize = 0;
/** Nodes of a row. */
let nodeScratch: usize = 0;
/** What a strip of a row receives. */
let strip: usize = 0;

/** Sets one direction: 0 across, 1 down. */
export function defineDirection(
  which: i32,
  length: i32,
  rows: i32,
  radius: i32,
  table: usize,
  sent: usize,
  received: usize,
): void {
  const direction = which == 0 ? across : down;
  direction.length = length;
  direction.rows = rows;
  direction.radius = radius;
  direction.table = table;
  direction.sent = sent;
  direction.received = received;
}

/** Sets the memory of the smoothness term; `bytes` of a pixel 0: no term. */
export function defineSmoothness(
  bytes: usize,
  sent: usize,
  rows: usize,
  row: usize,
  nodes: usize,
  received: usize,
): void {
  isOn = bytes > 0;
  stride = bytes;
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
  return isOn;
}

/** Where pixel p writes what it sends. */
// @ts-ignore: decorator
@inline
export function sentAddress(pixel: usize): usize {
  return sentPlane + pixel * stride;
}

/** Factors of what the pixels of a row send. */
// @ts-ignore: decorator
@inline
export function sentAcross(x: i32): usize {
  return across.sent + (<usize> x << 2);
}

// @ts-ignore: decorator
@inline
export function sentDown(y: i32): f32 {
  return load<f32>(down.sent + (<usize> y << 2));
}

// @ts-ignore: decorator
@inline
export function receivedAcross(x: i32): usize {
  return across.received + (<usize> x << 2);
}

// @ts-ignore: decorator
@inline
export function receivedDown(y: i32): f32 {
  return load<f32>(down.received + (<usize> y << 2));
}

/**
 * What pixels left…left + count − 1 of row y receive, but for the factors;
 * returns its address.
 */
export function gatherStrip(left: i32, y: i32, count: i32): usize {
  const bytes = <usize> count * stride;
  const rowBytes = <usize> across.length * stride;
  const column = rowPlane + <usize> left * stride;
  const r = down.radius;
  if (r >= 0) {
    const first = max(0, y - r);
    const last = min(down.length - 1, y + r);
    const taps = down.table + (<usize> (first - y + r) << 2);
    const from = column + <usize> first * rowBytes;
    correlate(from, strip, bytes, rowBytes, taps, <usize> (last - first + 1));
    return strip;
  }
  const first = gatherTaps(down, y);
  const from = column + <usize> first * rowBytes;
  correlate(from, strip, bytes, rowBytes, GATHERED, gatheredCount);
  return strip;
}

let gatheredCount: usize = 0;
/** Where the last search ended: the next one begins close by. */
let firstNode: i32 = 0;

/** Weights of the nodes around a pixel; returns the first node. */
function gatherTaps(direction: Direction, pixel: i32): i32 {
  let node = min(firstNode, direction.rows - 1);
  while (node > 0 && reaches(direction, node - 1, pixel)) node--;
  while (!reaches(direction, node, pixel)) {
    // Nodes are in order: those before end before the pixel.
    if (startOf(direction, node) > pixel) node--;
    else node++;
  }
  while (node > 0 && reaches(direction, node - 1, pixel)) node--;
  firstNode = node;
  let count: usize = 0;
  for (let g = node; g < direction.rows && reaches(direction, g, pixel); g++) {
    const at = pixel - startOf(direction, g);
    const weight = load<f32>(weightsOf(direction, g) + (<usize> at << 2));
    store<f32>(GATHERED + (count++ << 2), weight);
  }
  gatheredCount = count;
  return node;
}

// @ts-ignore: decorator
@inline
function startOf(direction: Direction, node: i32): i32 {
  return load<i32>(direction.table + (<usize> node << 4));
}

// @ts-ignore: decorator
@inline
function countOf(direction: Direction, node: i32): i32 {
  return load<i32>(direction.table + (<usize> node << 4), 4);
}

// @ts-ignore: decorator
@inline
function weightsOf(direction: Direction, node: i32): usize {
  return load<u32>(direction.table + (<usize> node << 4), 8);
}

// @ts-ignore: decorator
@inline
function reaches(direction: Direction, node: i32, pixel: i32): bool {
  const from = pixel - startOf(direction, node);
  return from >= 0 && from < countOf(direction, node);
}

/** From what the pixels sent to the rows that `gatherStrip` reads. */
export function spreadRows(): void {
  if (!isOn) return;
  const rowBytes = <usize> across.length * stride;
  for (let row = 0; row < down.rows; row++) {
    const to = rowPlane + <usize> row * rowBytes;
    const margin = <usize> max(0, across.radius) * stride;
    const here = rowScratch + margin;
    if (down.radius >= 0) {
      memory.copy(here, sentPlane + <usize> row * rowBytes, rowBytes);
    } else {
      const from = sentPlane + <usize> startOf(down, row) * rowBytes;
      const count = <usize> countOf(down, row);
      correlate(from, here, rowBytes, rowBytes, weightsOf(down, row), count);
      memory.fill(here + rowBytes, 0, 16);
    }
    if (across.radius >= 0) {
      const count = <usize> (2 * across.radius + 1);
      correlate(rowScratch, to, rowBytes, stride, across.table, count);
    } else {
      filterOverNodes(here, to);
    }
  }
}

/** One row through the nodes across. */
function filterOverNodes(from: usize, to: usize): void {
  for (let g = 0; g < across.rows; g++) {
    correlate(
      from + <usize> startOf(across, g) * stride,
      nodeScratch + <usize> g * stride,
      stride,
      stride,
      weightsOf(across, g),
      <usize> countOf(across, g),
    );
  }
  for (let x = 0; x < across.length; x++) {
    const first = gatherTaps(across, x);
    const node = nodeScratch + <usize> first * stride;
    const pixel = to + <usize> x * stride;
    correlate(node, pixel, stride, stride, GATHERED, gatheredCount);
  }
}
