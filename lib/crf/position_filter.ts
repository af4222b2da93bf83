/**
 * The Gaussian over positions, along one direction, as tables for the kernel.
 *
 * It is a product of one Gaussian across and one down, so no lattice is
 * needed. A small one is summed as it is. For a large one, pixels send to and
 * hear from nodes that are further apart: pixel x to node g by a cubic B-spline
 * β((x − g·h) / h). Both ways together are nearly a B-spline of degree 7 of
 * variance 2/3 h², so h = √1.5 σ: four weights a pixel, however large σ is.
 *
 * @module
 */

/** See `kernel/assembly/smoothness.ts`. */
export interface PositionFilter {
  /** n of each pixel: what it would receive if all sent 1. */
  readonly sums: Float64Array;
  /** Weights of pixels x − r…x + r; none: nodes are used. */
  readonly taps?: Float32Array;
  readonly nodeCount?: number;
  /**
   * uint32 `[length]`: first of the four nodes that a pixel hears of; from one
   * pixel to the next the same or one more.
   */
  readonly heard?: Uint32Array;
  /** float32 `[length, 4]`: their weights. */
  readonly weights?: Float32Array;
}

/** Up to here nine taps are as fast as nodes. */
const MAX_TAPS_SIGMA_PX = 1.2;
/** Where the Gaussian is cut: 1.5e-4 of its peak, 3e-5 of its mass. */
const TAPS_REACH = 4.2;

/**
 * Numbers that a filter of a standard deviation keeps of this many pixels: one
 * a pixel, or one a node.
 *
 * @example
 * ```ts
 * import { filteredLength } from "./position_filter.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual([1, 3].map((px) => filteredLength(500, px)), [500, 140]);
 * ```
 */
export function filteredLength(length: number, sigmaPx: number): number {
  return sigmaPx > MAX_TAPS_SIGMA_PX
    ? 2 * nodesPerSide(length, nodeDistance(sigmaPx))
    : length;
}

/**
 * Filter of a standard deviation over this many pixels.
 *
 * @example
 * ```ts
 * import { positionFilter } from "./position_filter.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(positionFilter(500, 1).taps?.length, 9);
 * strictEqual(positionFilter(500, 3).nodeCount, 140);
 * ```
 */
export function positionFilter(
  length: number,
  sigmaPx: number,
): PositionFilter {
  return sigmaPx > MAX_TAPS_SIGMA_PX
    ? nodeFilter(length, nodeDistance(sigmaPx))
    : tapFilter(length, sigmaPx);
}

function tapFilter(length: number, sigmaPx: number): PositionFilter {
  const reach = Math.max(0, Math.ceil(TAPS_REACH * sigmaPx) - 1);
  const radius = Math.min(length - 1, reach);
  const taps = Float32Array.from(
    { length: 2 * radius + 1 },
    (_, i) => Math.exp(-(((i - radius) / sigmaPx) ** 2) / 2),
  );
  const sums = new Float64Array(length);
  for (let x = 0; x < length; x++) {
    const from = Math.max(0, radius - x);
    const to = Math.min(2 * radius, length - 1 - x + radius);
    for (let i = from; i <= to; i++) sums[x]! += taps[i]!;
  }
  return { sums, taps };
}

/** h, px. */
function nodeDistance(sigmaPx: number): number {
  return sigmaPx * Math.sqrt(1.5);
}

function nodesPerSide(length: number, h: number): number {
  return Math.round((length - 1) / 2 / h) + 2;
}

/**
 * Nodes that are h apart, as many on both sides of the middle and none in it:
 * a mirrored picture is to give the mirrored sums.
 */
function nodeFilter(length: number, h: number): PositionFilter {
  const middle = (length - 1) / 2;
  const perSide = nodesPerSide(length, h);
  const count = 2 * perSide;
  const heard = new Uint32Array(length);
  const weights = new Float32Array(4 * length);
  for (let x = 0; x < length; x++) {
    // From the second node on, in steps between nodes.
    const at = (x - middle) / h + perSide - 1.5;
    heard[x] = Math.min(count - 4, Math.floor(at));
    for (let k = 0; k < 4; k++) {
      weights[4 * x + k] = cubicBSpline(at - (heard[x]! + k - 1));
    }
  }
  const totals = new Float64Array(count);
  weights.forEach((weight, i) => totals[heard[i >> 2]! + i % 4]! += weight);
  const sums = Float64Array.from(heard, (first, x) => {
    let sum = 0;
    for (let k = 0; k < 4; k++) sum += weights[4 * x + k]! * totals[first + k]!;
    return sum;
  });
  return { sums, nodeCount: count, heard, weights };
}

function cubicBSpline(t: number): number {
  const distance = Math.abs(t);
  if (distance < 1) return 2 / 3 - distance ** 2 + distance ** 3 / 2;
  return distance < 2 ? (2 - distance) ** 3 / 6 : 0;
}
