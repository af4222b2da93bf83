/**
 * Boundary IoU: how well outlines agree, whatever the size of the objects.
 *
 * [Cheng2021] Cheng, Girshick, Dollár, Berg, Kirillov. Boundary IoU: Improving
 * Object-Centric Image Segmentation Evaluation. CVPR 2021.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import { type LabelMap, VOID } from "../label/label_map.ts";
import {
  assertClassCount,
  assertLabelPair,
  type LabelPair,
} from "./label_pair.ts";

/** Width of the band as a share of the image diagonal [Cheng2021]. */
export const BAND_RATIO = 0.02;

/** Pixel counts of the bands, to be added up over a set. */
export interface BoundaryCounts {
  /** float64 `[C]`: pixels in the band of truth and prediction, by class. */
  readonly intersectionC: Float64Array;
  /** float64 `[C]`: pixels in the band of either, by class. */
  readonly unionC: Float64Array;
}

/**
 * Counts of nothing.
 *
 * @param classCount C, background included, 1…255.
 * @throws {RangeError} When C is not such a number.
 *
 * @example
 * ```ts
 * import { emptyBoundaryCounts } from "./boundary_iou.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(emptyBoundaryCounts(21).unionC.length, 21);
 * ```
 */
export function emptyBoundaryCounts(classCount: number): BoundaryCounts {
  assertClassCount(classCount);
  return {
    intersectionC: new Float64Array(classCount),
    unionC: new Float64Array(classCount),
  };
}

/**
 * Counts the bands of one image.
 *
 * The band of a class is its mask minus the mask eroded d times by a 3 × 3
 * element, d from {@link bandWidthPx}; outside the image counts as outside the
 * mask [Cheng2021].
 *
 * Differs from the paper, which has no void pixels: where the truth is void,
 * truth and prediction are both outside every class, and nothing is counted.
 * So a prediction that is right wherever there is a truth scores 1.
 *
 * @param classCount C, background included, 1…255.
 * @throws {RangeError} Naming the image, as {@link countConfusion} does.
 *
 * @example
 * ```ts
 * import { boundaryIous, countBoundaries } from "./boundary_iou.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const truth = { width: 3, height: 1, data: Uint8Array.of(0, 1, 1) };
 * const prediction = { width: 3, height: 1, data: Uint8Array.of(0, 0, 1) };
 * const counts = countBoundaries({ imageId: "a", truth, prediction }, 2);
 * deepStrictEqual(boundaryIous(counts), [1 / 2, 1 / 2]);
 * ```
 */
export function countBoundaries(
  pair: LabelPair,
  classCount: number,
): BoundaryCounts {
  assertLabelPair(pair, classCount);
  const { intersectionC, unionC } = emptyBoundaryCounts(classCount);
  const truth = pair.truth.data;
  const prediction = copyVoid(pair);
  const band = bandWidthPx(pair.truth);
  const truthDepths = depths(pair.truth);
  const predictionDepths = depths({ ...pair.prediction, data: prediction });
  for (let p = 0; p < truth.length; p++) {
    if (truth[p] === VOID) continue;
    const isTruth = truthDepths[p]! <= band;
    const isPrediction = predictionDepths[p]! <= band;
    if (isTruth) unionC[truth[p]!]! += 1;
    if (isTruth && isPrediction && truth[p] === prediction[p]) {
      intersectionC[truth[p]!]! += 1;
    } else if (isPrediction) unionC[prediction[p]!]! += 1;
  }
  return { intersectionC, unionC };
}

/**
 * Adds other counts to `total`, in place.
 *
 * @throws {RangeError} When the numbers of classes differ.
 *
 * @example
 * ```ts
 * import { addBoundaryCounts, emptyBoundaryCounts } from "./boundary_iou.ts";
 *
 * const total = emptyBoundaryCounts(21);
 * addBoundaryCounts(total, emptyBoundaryCounts(21));
 * ```
 */
export function addBoundaryCounts(
  total: BoundaryCounts,
  part: BoundaryCounts,
): void {
  if (total.unionC.length !== part.unionC.length) {
    throw new RangeError(
      `Cannot add boundary counts as they must have equally many classes: ` +
        `${total.unionC.length} and ${part.unionC.length}`,
    );
  }
  part.unionC.forEach((count, c) => {
    total.unionC[c]! += count;
    total.intersectionC[c]! += part.intersectionC[c]!;
  });
}

/**
 * Boundary IoU of each class, 0…1; `null` for a class absent from truth and
 * prediction. Their mean is {@link meanOfPresent} in mean_iou.ts.
 *
 * @example
 * ```ts
 * import { boundaryIous } from "./boundary_iou.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const intersectionC = Float64Array.of(3, 0);
 * const unionC = Float64Array.of(4, 0);
 * deepStrictEqual(boundaryIous({ intersectionC, unionC }), [3 / 4, null]);
 * ```
 */
export function boundaryIous(
  { intersectionC, unionC }: BoundaryCounts,
): (number | null)[] {
  return Array.from(
    unionC,
    (union, c) => union === 0 ? null : intersectionC[c]! / union,
  );
}

/**
 * Width d of the band, px: 2 % of the diagonal, at least 1. Halves go to the
 * even number, as in the authors' Python: the 12.5 of 500 × 375 become 12.
 *
 * @example
 * ```ts
 * import { bandWidthPx } from "./boundary_iou.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(bandWidthPx({ width: 500, height: 375 }), 12);
 * ```
 */
export function bandWidthPx({ width, height }: Size): number {
  const exact = BAND_RATIO * Math.sqrt(width * width + height * height);
  const below = Math.floor(exact);
  const isUp = exact - below > 0.5 || exact - below === 0.5 && below % 2 === 1;
  return Math.max(1, isUp ? below + 1 : below);
}

/** The prediction, with the void pixels of the truth. */
function copyVoid({ truth, prediction }: LabelPair): Uint8Array {
  return prediction.data.map((label, p) =>
    truth.data[p] === VOID ? VOID : label
  );
}

/**
 * How many erosions by a 3 × 3 element take a pixel out of the mask of its own
 * label: its chessboard distance to the nearest pixel of another label or
 * outside the image. All labels at once, in two sweeps, for within the mask of
 * one label any other is just outside.
 *
 * @returns int32 `[H, W]`, px, 1 or more.
 */
function depths({ width, height, data }: LabelMap): Int32Array {
  const stride = width + 2;
  const labels = new Int16Array(stride * (height + 2)).fill(-1);
  const framed = new Int32Array(labels.length);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    labels.set(row, (y + 1) * stride + 1);
  }
  const first = stride + 1;
  const last = height * stride + width;
  for (let at = first; at <= last; at++) {
    if (labels[at]! >= 0) framed[at] = 1 + least(labels, framed, at, -stride);
  }
  for (let at = last; at >= first; at--) {
    if (labels[at]! < 0) continue;
    framed[at] = Math.min(framed[at]!, 1 + least(labels, framed, at, stride));
  }
  const inner = new Int32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y + 1) * stride + 1;
    inner.set(framed.subarray(from, from + width), y * width);
  }
  return inner;
}

/**
 * Least depth of the three neighbours in the row passed before and the one
 * beside, 0 for those of other labels; `row` is the step to that row.
 * Positional, as it runs per pixel.
 */
function least(
  labels: Int16Array,
  framed: Int32Array,
  at: number,
  row: number,
): number {
  const own = labels[at];
  const ahead = at + row;
  const beside = at + Math.sign(row);
  if (
    labels[ahead - 1] !== own || labels[ahead] !== own ||
    labels[ahead + 1] !== own || labels[beside] !== own
  ) return 0;
  return Math.min(
    framed[ahead - 1]!,
    framed[ahead]!,
    framed[ahead + 1]!,
    framed[beside]!,
  );
}
