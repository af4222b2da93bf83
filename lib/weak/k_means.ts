/**
 * k-means clustering with k-means++ seeding and restarts.
 *
 * Written here because the package at hand, ml-kmeans 7, makes a single start,
 * draws from a generator of its own, refuses more clusters than points, and
 * divides by 0 where fewer points are different than clusters are asked for.
 *
 * @module
 */
import type { Random } from "../random.ts";

/** Lloyd's steps after which a start is taken as it is. */
const MOST_STEPS = 300;

/** What `kMeans` works on. */
export interface KMeansOptions {
  /** D, features of a point. */
  readonly dimension: number;
  /** k. */
  readonly clusterCount: number;
  /** Starts, of which the best is kept. */
  readonly restarts: number;
  readonly random: Random;
}

/** Clusters and the points in them. */
export interface Clusters {
  /**
   * float64 `[k, D]`, row by row; fewer rows when there are fewer than k
   * different points.
   */
  readonly centres: Float64Array;
  /** int32 `[P]`: the cluster of each point. */
  readonly assignments: Int32Array;
  /** Sum of squared distances of the points to their centres. */
  readonly cost: number;
}

/**
 * Clusters points so that squared distances to the centres are small
 * [Arthur2007].
 *
 * @param points float64 `[P, D]`, P ≥ 1.
 * @throws {RangeError} When the points are not `[P, D]`, or k or the restarts
 *   are not positive whole numbers.
 *
 * @example
 * ```ts
 * import { kMeans } from "./k_means.ts";
 * import { seededRandom } from "../random.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const { centres } = kMeans(Float64Array.of(0, 9, 1, 11), {
 *   dimension: 1,
 *   clusterCount: 2,
 *   restarts: 10,
 *   random: seededRandom(1),
 * });
 * deepStrictEqual([...centres].sort((a, b) => a - b), [0.5, 10]);
 * ```
 */
export function kMeans(
  points: Float64Array,
  options: KMeansOptions,
): Clusters {
  assertOptions(points, options);
  let best: Clusters | undefined;
  for (let start = 0; start < options.restarts; start++) {
    const random = options.random.split(`start ${start}`);
    const centres = seedCentres(points, { ...options, random });
    const clusters = moveCentres(points, centres, options.dimension);
    if (best === undefined || clusters.cost < best.cost) best = clusters;
  }
  return best!;
}

/**
 * The centre nearest to a point; of equals the first.
 *
 * @param points float64 `[P, D]`.
 * @param centres float64 `[k, D]`.
 *
 * @example
 * ```ts
 * import { nearestCentre } from "./k_means.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const nearest = nearestCentre(Float64Array.of(8), {
 *   index: 0,
 *   centres: Float64Array.of(0, 10),
 *   dimension: 1,
 * });
 * deepStrictEqual(nearest, { centre: 1, squared: 4 });
 * ```
 */
export function nearestCentre(
  points: Float64Array,
  { index, centres, dimension }: {
    index: number;
    centres: Float64Array;
    dimension: number;
  },
): { centre: number; squared: number } {
  let centre = 0;
  let squared = Infinity;
  for (let first = 0; first < centres.length; first += dimension) {
    let sum = 0;
    for (let d = 0; d < dimension; d++) {
      const difference = points[index * dimension + d]! - centres[first + d]!;
      sum += difference * difference;
    }
    if (sum < squared) {
      squared = sum;
      centre = first / dimension;
    }
  }
  return { centre, squared };
}

/**
 * k-means++: each centre a point drawn by its squared distance to those there
 * are. Stops early when no point is left that is not a centre.
 */
function seedCentres(
  points: Float64Array,
  { dimension, clusterCount, random }: KMeansOptions,
): Float64Array {
  const pointCount = points.length / dimension;
  const row = (index: number) =>
    points.subarray(index * dimension, (index + 1) * dimension);
  const centres = new Float64Array(clusterCount * dimension);
  const distances = new Float64Array(pointCount).fill(Infinity);
  let newest = random.below(pointCount);
  for (let count = 0; count < clusterCount; count++) {
    centres.set(row(newest), count * dimension);
    let total = 0;
    for (let index = 0; index < pointCount; index++) {
      const near = { index, centres: row(newest), dimension };
      const { squared } = nearestCentre(points, near);
      distances[index] = Math.min(distances[index]!, squared);
      total += distances[index]!;
    }
    if (total === 0) return centres.slice(0, (count + 1) * dimension);
    newest = drawByWeight(distances, random.uniform() * total);
  }
  return centres;
}

/** Index at which the running sum of weights passes `target`. */
function drawByWeight(weights: Float64Array, target: number): number {
  let passed = 0;
  let last = 0;
  for (let index = 0; index < weights.length; index++) {
    if (weights[index] === 0) continue;
    passed += weights[index]!;
    last = index;
    if (passed > target) break;
  }
  return last;
}

/** Lloyd's algorithm; a centre that loses all its points stays in place. */
function moveCentres(
  points: Float64Array,
  centres: Float64Array,
  dimension: number,
): Clusters {
  const assignments = new Int32Array(points.length / dimension).fill(-1);
  let cost = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    let moved = false;
    cost = 0;
    for (let index = 0; index < assignments.length; index++) {
      const near = { index, centres, dimension };
      const { centre, squared } = nearestCentre(points, near);
      if (assignments[index] !== centre) moved = true;
      assignments[index] = centre;
      cost += squared;
    }
    if (!moved) break;
    meansOf(points, assignments, { centres, dimension });
  }
  return { centres, assignments, cost };
}

/** Overwrites each centre that has points by their mean. */
function meansOf(
  points: Float64Array,
  assignments: Int32Array,
  { centres, dimension }: { centres: Float64Array; dimension: number },
): void {
  const sums = new Float64Array(centres.length);
  const counts = new Float64Array(centres.length / dimension);
  assignments.forEach((centre, index) => {
    counts[centre]!++;
    for (let d = 0; d < dimension; d++) {
      sums[centre * dimension + d]! += points[index * dimension + d]!;
    }
  });
  sums.forEach((sum, at) => {
    const count = counts[Math.floor(at / dimension)]!;
    if (count > 0) centres[at] = sum / count;
  });
}

function assertOptions(
  points: Float64Array,
  { dimension, clusterCount, restarts }: KMeansOptions,
): void {
  for (const [name, value] of Object.entries({ clusterCount, restarts })) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    throw new RangeError(
      `Cannot cluster points as ${name} must be a positive whole number: ` +
        `${value}`,
    );
  }
  const pointCount = points.length / dimension;
  if (Number.isSafeInteger(pointCount) && pointCount > 0) return;
  throw new RangeError(
    "Cannot cluster points as there must be at least 1 with D features: " +
      `${points.length} features, D is ${dimension}`,
  );
}
