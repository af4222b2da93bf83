/**
 * Scores of a confusion matrix, by the rules of VOC's comp6.
 *
 * All are taken over the whole set, never image by image, and are 0…1; `null`
 * stands for 0 / 0, where there is nothing to score.
 *
 * @module
 */
import type { ConfusionMatrix } from "./confusion_matrix.ts";
import { ratio } from "./ratio.ts";

/** Scores of one class, 0…1. */
export interface ClassScores {
  /**
   * n_cc / (Σ_j n_cj + Σ_j n_jc − n_cc): TP / (TP + FP + FN) [VOCdevkit,
   * VOCevalseg.m]; `null` for a class absent from truth and prediction.
   */
  readonly iou: number | null;
  /** Share of the pixels predicted as the class that are of it. */
  readonly precision: number | null;
  /** Share of the pixels of the class that are predicted as it: its accuracy. */
  readonly recall: number | null;
}

/** Scores of a set, 0…1. */
export interface SegmentationScores {
  /** C entries, by label. */
  readonly classes: readonly ClassScores[];
  /** Mean IoU of the classes whose IoU is not `null`, background included. */
  readonly meanIou: number | null;
  /** Share of the pixels that have the right class. */
  readonly pixelAccuracy: number | null;
  /** Mean recall of the classes that appear in the truth. */
  readonly meanClassAccuracy: number | null;
  /** IoU of the classes weighted by their pixels in the truth. */
  readonly frequencyWeightedIou: number | null;
  /** Share of the pixels predicted as any class that are of any class. */
  readonly foregroundPrecision: number | null;
  /** Share of the pixels of any class that are predicted as any class. */
  readonly foregroundRecall: number | null;
}

/**
 * All scores of a confusion matrix.
 *
 * @example
 * ```ts
 * import { segmentationScores } from "./mean_iou.ts";
 * import { strictEqual } from "node:assert";
 *
 * const counts = Float64Array.of(6, 2, 1, 3); // rows truth, columns prediction
 * const scores = segmentationScores({ classCount: 2, counts });
 * strictEqual(scores.meanIou, (6 / 9 + 3 / 6) / 2);
 * strictEqual(scores.pixelAccuracy, 9 / 12);
 * ```
 */
export function segmentationScores(
  confusion: ConfusionMatrix,
): SegmentationScores {
  const margins = marginsOf(confusion);
  const { rightC, truthC, predictionC, total } = margins;
  const right = sum(rightC);
  const foregroundInBoth = total - background(confusion, margins);
  const classes = rightC.map((count, c) => ({
    iou: ratio(count, truthC[c]! + predictionC[c]! - count),
    precision: ratio(count, predictionC[c]!),
    recall: ratio(count, truthC[c]!),
  }));
  const weightedIou = sum(
    classes.map(({ iou }, c) => (iou ?? 0) * truthC[c]!),
  );
  return {
    classes,
    meanIou: meanOfPresent(classes.map(({ iou }) => iou)),
    pixelAccuracy: ratio(right, total),
    meanClassAccuracy: meanOfPresent(classes.map(({ recall }) => recall)),
    frequencyWeightedIou: ratio(weightedIou, total),
    foregroundPrecision: ratio(foregroundInBoth, total - predictionC[0]!),
    foregroundRecall: ratio(foregroundInBoth, total - truthC[0]!),
  };
}

/**
 * Mean IoU over some labels only, such as the classes a subset of VOC is rich
 * in; those whose IoU is `null` are skipped.
 *
 * @param labels 0…C − 1.
 * @throws {RangeError} When a label is not one of the matrix.
 *
 * @example
 * ```ts
 * import { meanIouOver, segmentationScores } from "./mean_iou.ts";
 * import { strictEqual } from "node:assert";
 *
 * const counts = Float64Array.of(6, 2, 1, 3);
 * const scores = segmentationScores({ classCount: 2, counts });
 * strictEqual(meanIouOver(scores, [1]), 3 / 6);
 * ```
 */
export function meanIouOver(
  scores: SegmentationScores,
  labels: readonly number[],
): number | null {
  return meanOfPresent(labels.map((label) => {
    const scored = scores.classes[label];
    if (scored) return scored.iou;
    throw new RangeError(
      `Cannot average IoUs as a label must be 0…` +
        `${scores.classes.length - 1}: ${label}`,
    );
  }));
}

/**
 * Mean of the values that are not `null`; `null` when there is none.
 *
 * @example
 * ```ts
 * import { meanOfPresent } from "./mean_iou.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(meanOfPresent([0.5, null, 1]), 0.75);
 * ```
 */
export function meanOfPresent(
  values: readonly (number | null)[],
): number | null {
  const present = values.filter((value) => value !== null);
  return ratio(sum(present), present.length);
}

/** Pixel counts that all scores are made of. */
interface Margins {
  /** Right pixels of each class: the diagonal. */
  readonly rightC: readonly number[];
  /** Pixels of each class in the truth: row sums. */
  readonly truthC: readonly number[];
  /** Pixels of each class in the prediction: column sums. */
  readonly predictionC: readonly number[];
  readonly total: number;
}

function marginsOf({ classCount, counts }: ConfusionMatrix): Margins {
  const rightC = new Array<number>(classCount).fill(0);
  const truthC = new Array<number>(classCount).fill(0);
  const predictionC = new Array<number>(classCount).fill(0);
  counts.forEach((count, i) => {
    const truth = Math.floor(i / classCount);
    const prediction = i % classCount;
    truthC[truth]! += count;
    predictionC[prediction]! += count;
    if (truth === prediction) rightC[truth]! += count;
  });
  return { rightC, truthC, predictionC, total: sum(truthC) };
}

/** Pixels that are background in truth, prediction or both. */
function background({ counts }: ConfusionMatrix, margins: Margins): number {
  return margins.truthC[0]! + margins.predictionC[0]! - counts[0]!;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
