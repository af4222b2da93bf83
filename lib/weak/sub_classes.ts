/**
 * Sub-classes: boxes of one class, clustered by how their objects look.
 *
 * [Song2019, section 3.3] clusters "each class into several sub-classes" by
 * k-means, three in Eq. 5, and says neither by which features nor with which
 * constraints. Here: the proposal in the box and the box's aspect, without
 * constraints; docs/method.md, Sub-classes. Features of a network would be a
 * fourth choice and are not offered.
 *
 * @module
 */
import type { Box } from "../geometry/box.ts";
import { assertBoxes } from "../geometry/box_pixels.ts";
import type { LabelMap } from "../label/label_map.ts";
import type { Random } from "../random.ts";
import { kMeans, nearestCentre } from "./k_means.ts";

/** Side of the grid that a box's proposal is resized to. */
const SHAPE_SIDE = 16;

/** What is known of a box when its class is clustered. */
export interface BoxShape {
  /**
   * float32 `[16, 16]`, 0…1: share of each cell of the box that the proposal
   * gives to the box's class.
   */
  readonly mask: Float32Array;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Area of the box's picture, px². */
  readonly imageAreaPx: number;
  /** Share of the box that its class fills, 0…1; see `boxShares`. */
  readonly share: number;
}

/**
 * Describes a box by its proposal.
 *
 * @param proposal uint8 `[H, W]`; 0 background, 1…K class, 255 void.
 * @param share See `BoxShape`.
 * @throws {RangeError} When the box is not whole pixels of the proposal.
 *
 * @example
 * ```ts
 * import { boxShape } from "./sub_classes.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const data = Uint8Array.of(5, 0);
 * const proposal = { width: 2, height: 1, data };
 * const box = { classId: 5, x0: 0, y0: 0, x1: 2, y1: 1 };
 * const { mask } = boxShape(proposal, box, 0.5);
 * deepStrictEqual([mask[0], mask[7], mask[8], mask[15]], [1, 1, 0, 0]);
 * ```
 */
export function boxShape(
  proposal: LabelMap,
  box: Box,
  share: number,
): BoxShape {
  assertBoxes([box], proposal, "describe box %");
  return {
    mask: areaResized(proposal, box),
    widthPx: box.x1 - box.x0,
    heightPx: box.y1 - box.y0,
    imageAreaPx: proposal.width * proposal.height,
    share,
  };
}

/** By what boxes are alike; see `SubClassOptions`. */
export type SubClassFeatures = "mask" | "aspect" | "fr1d";

/** How the boxes of a class are clustered. */
export interface SubClassOptions {
  readonly random: Random;
  /**
   * `mask` (the default): the resized mask, averaged with its mirror image so
   * that a flipped picture has the same sub-classes, and `aspectWeight` times
   * ln(w / h). `aspect`: ln(w / h) and ln(area / picture's area). `fr1d`: the
   * share alone, which makes a sub-class's filling rate nearly each box's own.
   */
  readonly features?: SubClassFeatures;
  /** Default 3. */
  readonly subClassCount?: number;
  /** Starts of k-means, of which the best is kept; default 10. */
  readonly restarts?: number;
  /** Default 4, so that shape and pose both count. */
  readonly aspectWeight?: number;
  /**
   * Smaller boxes are left out of the clustering and join the sub-class whose
   * centre is nearest; px², default 100.
   */
  readonly minBoxAreaPx?: number;
}

/**
 * Sub-class of each box of one class.
 *
 * Sub-class 0 is filled the most: they are numbered by decreasing mean share,
 * of equals the one with more boxes first. Equal boxes share a sub-class, so
 * a class with fewer different boxes than sub-classes uses fewer.
 *
 * @returns `[B]`, 0…subClassCount − 1.
 * @throws {RangeError} When a count is not a positive whole number.
 *
 * @example
 * ```ts
 * import { type BoxShape, subClasses } from "./sub_classes.ts";
 * import { seededRandom } from "../random.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const shape = (share: number): BoxShape => ({
 *   mask: new Float32Array(256).fill(share),
 *   widthPx: 40,
 *   heightPx: 40,
 *   imageAreaPx: 10000,
 *   share,
 * });
 * const shapes = [0.9, 0.2, 0.6, 0.3, 0.8].map(shape);
 * const random = seededRandom(1);
 * deepStrictEqual(subClasses(shapes, { random }), [0, 2, 1, 2, 0]);
 * ```
 */
export function subClasses(
  shapes: readonly BoxShape[],
  {
    random,
    features = "mask",
    subClassCount = 3,
    restarts = 10,
    aspectWeight = 4,
    minBoxAreaPx = 100,
  }: SubClassOptions,
): number[] {
  if (shapes.length === 0) return [];
  const large = shapes.filter((s) => s.widthPx * s.heightPx >= minBoxAreaPx);
  const fitted = large.length > 0 ? large : shapes;
  const points = descriptors(shapes, features, aspectWeight);
  const dimension = points.length / shapes.length;
  const { centres } = kMeans(descriptors(fitted, features, aspectWeight), {
    dimension,
    clusterCount: subClassCount,
    restarts,
    random,
  });
  const clusters = shapes.map((_, index) =>
    nearestCentre(points, { index, centres, dimension }).centre
  );
  const order = orderByShare(clusters, shapes);
  return clusters.map((cluster) => order.indexOf(cluster));
}

/** float64 `[B, D]`. */
function descriptors(
  shapes: readonly BoxShape[],
  features: SubClassFeatures,
  aspectWeight: number,
): Float64Array {
  const describe = {
    mask: (shape: BoxShape) => [
      ...mirrorMean(shape.mask),
      aspectWeight * logAspect(shape),
    ],
    aspect: (shape: BoxShape) => [
      logAspect(shape),
      Math.log(shape.widthPx * shape.heightPx / shape.imageAreaPx),
    ],
    fr1d: (shape: BoxShape) => [shape.share],
  }[features];
  return Float64Array.from(shapes.flatMap(describe));
}

function logAspect({ widthPx, heightPx }: BoxShape): number {
  return Math.log(widthPx / heightPx);
}

function mirrorMean(mask: Float32Array): Float32Array {
  return mask.map((value, at) => {
    const column = at % SHAPE_SIDE;
    return (value + mask[at - column + SHAPE_SIDE - 1 - column]!) / 2;
  });
}

/** The clusters that have boxes, the most filled first. */
function orderByShare(
  clusters: readonly number[],
  shapes: readonly BoxShape[],
): number[] {
  const members = Map.groupBy(shapes.keys(), (index) => clusters[index]!);
  const ranked = [...members].map(([cluster, indices]) => {
    const sum = indices.reduce((sum, index) => sum + shapes[index]!.share, 0);
    return { cluster, count: indices.length, rate: sum / indices.length };
  });
  ranked.sort((a, b) => b.rate - a.rate || b.count - a.count);
  return ranked.map(({ cluster }) => cluster);
}

/**
 * Share of each cell of a 16 × 16 grid over the box that has its class: exact
 * areas, whatever the box's size.
 */
function areaResized({ width, data }: LabelMap, box: Box): Float32Array {
  const mask = new Float64Array(SHAPE_SIDE * SHAPE_SIDE);
  const columns = cellShares(box.x1 - box.x0);
  const rows = cellShares(box.y1 - box.y0);
  const rowSums = new Float64Array(SHAPE_SIDE);
  rows.forEach((cellsOfRow, y) => {
    const first = (box.y0 + y) * width + box.x0;
    rowSums.fill(0);
    columns.forEach((cellsOfColumn, x) => {
      if (data[first + x] !== box.classId) return;
      for (const { cell, share } of cellsOfColumn) rowSums[cell]! += share;
    });
    for (const { cell, share } of cellsOfRow) {
      for (let i = 0; i < SHAPE_SIDE; i++) {
        mask[cell * SHAPE_SIDE + i]! += share * rowSums[i]!;
      }
    }
  });
  return Float32Array.from(mask);
}

/** Per pixel along a side: the cells it lies in and the share of each. */
function cellShares(sidePx: number): { cell: number; share: number }[][] {
  return Array.from({ length: sidePx }, (_, px) => {
    const start = px * SHAPE_SIDE / sidePx;
    const end = (px + 1) * SHAPE_SIDE / sidePx;
    const cells = [];
    for (let cell = Math.floor(start); cell < end; cell++) {
      const share = Math.min(end, cell + 1) - Math.max(start, cell);
      cells.push({ cell, share });
    }
    return cells;
  });
}
