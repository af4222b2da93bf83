/**
 * One image labelled by two runs, as counts of pixels.
 *
 * @module
 */
import { type LabelMap, VOID } from "../label/label_map.ts";
import {
  type ConfusionMatrix,
  countConfusion,
} from "../metric/confusion_matrix.ts";
import { segmentationScores } from "../metric/mean_iou.ts";

/**
 * What IoUs are made of: sums of these over images, not means of ratios, give
 * those of VOC's comp6 [VOCdevkit, VOCevalseg.m].
 */
export interface ClassCounts {
  /** `[C]`: pixels of the class in truth and labels both. */
  readonly rightC: Float64Array;
  /** `[C]`: pixels of the class in truth or labels or both. */
  readonly unionC: Float64Array;
}

/** An image in both runs; pixels that are void in the truth are left out. */
export interface ImageCounts {
  readonly imageId: string;
  readonly a: ClassCounts;
  readonly b: ClassCounts;
  /** Mean IoU of the image alone, 0…1; null where there is nothing to score. */
  readonly meanIouA: number | null;
  readonly meanIouB: number | null;
  readonly pixels: number;
  /** Pixels that A has wrong and B right. */
  readonly newlyRight: number;
  /** Pixels that A has right and B wrong. */
  readonly newlyWrong: number;
}

/**
 * Counts one image.
 *
 * @param classCount C, background included, 1…255.
 * @throws {RangeError} Naming the image, when sizes differ or a label is none
 *   of the classes.
 *
 * @example
 * ```ts
 * import { countImage } from "./image_counts.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const row = (...data: number[]) => (
 *   { width: 4, height: 1, data: Uint8Array.from(data) }
 * );
 * const truth = row(0, 1, 1, 255);
 * const counts = countImage(
 *   { imageId: "x", truth, a: row(0, 0, 1, 1), b: row(1, 1, 1, 1) },
 *   2,
 * );
 * deepStrictEqual([...counts.a.rightC, ...counts.a.unionC], [1, 1, 2, 2]);
 * deepStrictEqual([counts.newlyRight, counts.newlyWrong], [1, 1]);
 * ```
 */
export function countImage(
  { imageId, truth, a, b }: {
    imageId: string;
    truth: LabelMap;
    a: LabelMap;
    b: LabelMap;
  },
  classCount: number,
): ImageCounts {
  const ofA = countConfusion({ imageId, truth, prediction: a }, classCount);
  const ofB = countConfusion({ imageId, truth, prediction: b }, classCount);
  let [pixels, newlyRight, newlyWrong] = [0, 0, 0];
  for (let p = 0; p < truth.data.length; p++) {
    const label = truth.data[p]!;
    if (label === VOID) continue;
    pixels++;
    const [isRightA, isRightB] = [a.data[p] === label, b.data[p] === label];
    if (isRightB && !isRightA) newlyRight++;
    if (isRightA && !isRightB) newlyWrong++;
  }
  return {
    imageId,
    a: classCounts(ofA),
    b: classCounts(ofB),
    meanIouA: segmentationScores(ofA).meanIou,
    meanIouB: segmentationScores(ofB).meanIou,
    pixels,
    newlyRight,
    newlyWrong,
  };
}

/**
 * What a confusion matrix says of each class.
 *
 * @example
 * ```ts
 * import { classCounts } from "./image_counts.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const counts = Float64Array.of(6, 2, 1, 3); // rows truth, columns prediction
 * const { rightC, unionC } = classCounts({ classCount: 2, counts });
 * deepStrictEqual([...rightC, ...unionC], [6, 3, 9, 6]);
 * ```
 */
export function classCounts(
  { classCount, counts }: ConfusionMatrix,
): ClassCounts {
  const rightC = new Float64Array(classCount);
  const unionC = new Float64Array(classCount);
  counts.forEach((count, i) => {
    const [truth, prediction] = [Math.floor(i / classCount), i % classCount];
    unionC[truth]! += count;
    if (truth === prediction) rightC[truth]! += count;
    else unionC[prediction]! += count;
  });
  return { rightC, unionC };
}
