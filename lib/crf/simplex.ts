/**
 * Where a point lies among the simplices of the permutohedral lattice.
 *
 * Lattice points have d + 1 whole coordinates that sum to 0 and leave all the
 * same remainder when divided by d + 1, the point's remainder. Each simplex
 * has one corner of every remainder 0…d [Adams2010].
 *
 * @module
 */

/** What a locator finds; the arrays are overwritten by its next call. */
export interface Simplex {
  /** float64 `[d + 1]`, whole numbers: the corner of remainder 0. */
  readonly origin: Float64Array;
  /**
   * int32 `[d + 1]`: the coordinates from the one in which the point is
   * furthest above the origin to the one in which it is furthest below. The
   * corner of remainder k follows from that of k − 1 by a lattice step down
   * coordinate `order[d + 1 − k]`.
   */
  readonly order: Int32Array;
  /** float64 `[d + 1]`: weight of the corner of each remainder; sum 1. */
  readonly barycentric: Float64Array;
}

/**
 * Makes the function that finds the simplex around a point.
 *
 * @param features float64 `[P, d]`, standard deviations.
 *
 * @example
 * ```ts
 * import { simplexLocator } from "./simplex.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const { origin, barycentric } = simplexLocator(Float64Array.of(0, 0), 2)(0);
 * deepStrictEqual([...origin], [0, 0, 0]);
 * deepStrictEqual([...barycentric], [1, 0, 0]);
 * ```
 */
export function simplexLocator(
  features: Float64Array,
  dimension: number,
): (point: number) => Simplex {
  const corners = dimension + 1;
  const scale = axisScales(dimension);
  const elevated = new Float64Array(corners);
  const rank = new Int32Array(corners);
  const simplex = {
    origin: new Float64Array(corners),
    order: new Int32Array(corners),
    barycentric: new Float64Array(corners),
  };
  return (point) => {
    elevate(features, point * dimension, { scale, elevated });
    const excess = roundToRemainder0(elevated, simplex.origin);
    rankDifferences(elevated, simplex.origin, rank);
    moveIntoHyperplane(simplex, rank, excess);
    weighCorners(simplex, elevated, rank);
    return simplex;
  };
}

/**
 * Lowest value and number of values that each of the first d coordinates can
 * take at the corners of all simplices and at their neighbours.
 *
 * @param features float64 `[P, d]`, standard deviations.
 *
 * @example
 * ```ts
 * import { coordinateRanges } from "./simplex.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const { low, size } = coordinateRanges(Float64Array.of(0), 1);
 * deepStrictEqual([low[0], size[0]], [-4, 9]);
 * ```
 */
export function coordinateRanges(
  features: Float64Array,
  dimension: number,
): { low: Float64Array; size: Float64Array } {
  const scale = axisScales(dimension);
  const elevated = new Float64Array(dimension + 1);
  const low = new Float64Array(dimension).fill(Infinity);
  const high = new Float64Array(dimension).fill(-Infinity);
  for (let first = 0; first < features.length; first += dimension) {
    elevate(features, first, { scale, elevated });
    for (let i = 0; i < dimension; i++) {
      low[i] = Math.min(low[i]!, elevated[i]!);
      high[i] = Math.max(high[i]!, elevated[i]!);
    }
  }
  // In each coordinate a corner is within d + 1 of its point, and a neighbour
  // within d of the corner.
  const margin = 2 * (dimension + 1);
  const size = new Float64Array(dimension);
  for (let i = 0; i < dimension; i++) {
    low[i] = Math.floor(low[i]!) - margin;
    size[i] = Math.ceil(high[i]!) + margin - low[i]! + 1;
  }
  return { low, size };
}

/** How far coordinate i is stretched, so that one blur has std 1 in all. */
function axisScales(dimension: number): Float64Array {
  const spread = Math.sqrt(2 / 3) * (dimension + 1);
  return Float64Array.from(
    { length: dimension },
    (_, i) => spread / Math.sqrt((i + 1) * (i + 2)),
  );
}

/** Into the hyperplane of d + 1 coordinates that sum to 0. */
function elevate(
  features: Float64Array,
  first: number,
  { scale, elevated }: { scale: Float64Array; elevated: Float64Array },
): void {
  let sum = 0;
  for (let i = scale.length; i > 0; i--) {
    const scaled = features[first + i - 1]! * scale[i - 1]!;
    elevated[i] = sum - i * scaled;
    sum += scaled;
  }
  elevated[0] = sum;
}

/** To multiples of d + 1; returns their sum / (d + 1), which may not be 0. */
function roundToRemainder0(
  elevated: Float64Array,
  origin: Float64Array,
): number {
  let excess = 0;
  for (let i = 0; i < elevated.length; i++) {
    const nearest = Math.round(elevated[i]! / elevated.length);
    origin[i] = nearest * elevated.length;
    excess += nearest;
  }
  return excess;
}

/** rank[i]: how many differences are larger; of equals the first leads. */
function rankDifferences(
  elevated: Float64Array,
  origin: Float64Array,
  rank: Int32Array,
): void {
  rank.fill(0);
  for (let i = 0; i < rank.length; i++) {
    const difference = elevated[i]! - origin[i]!;
    for (let j = i + 1; j < rank.length; j++) {
      if (difference < elevated[j]! - origin[j]!) rank[i]!++;
      else rank[j]!++;
    }
  }
}

/** Moves the coordinates that were rounded furthest until they sum to 0. */
function moveIntoHyperplane(
  { origin, order }: Simplex,
  rank: Int32Array,
  excess: number,
): void {
  const corners = rank.length;
  for (let i = 0; i < corners; i++) {
    let r = rank[i]! + excess;
    if (r < 0) {
      r += corners;
      origin[i]! += corners;
    } else if (r >= corners) {
      r -= corners;
      origin[i]! -= corners;
    }
    rank[i] = r;
    order[r] = i;
  }
}

/** Each weight is the gap between two neighbours in the order. */
function weighCorners(
  { origin, barycentric }: Simplex,
  elevated: Float64Array,
  rank: Int32Array,
): void {
  const corners = rank.length;
  barycentric.fill(0);
  barycentric[0] = 1;
  for (let i = 0; i < corners; i++) {
    const share = (elevated[i]! - origin[i]!) / corners;
    const r = rank[i]!;
    barycentric[corners - 1 - r]! += share;
    barycentric[r === 0 ? 0 : corners - r]! -= share;
  }
}
