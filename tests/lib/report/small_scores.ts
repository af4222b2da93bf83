/**
 * Scores made by hand, with round numbers.
 *
 * @module
 */
import type { LabelScores } from "../../../lib/metric/label_scorer.ts";

/** Scores of two images and three classes, of which "bar" is not there. */
export function smallScores(change: Partial<LabelScores> = {}): LabelScores {
  return {
    imageCount: 2,
    meanIou: 0.75,
    headlineMeanIou: null,
    headlineClasses: [],
    pixelAccuracy: 0.9,
    meanClassAccuracy: 0.8,
    frequencyWeightedIou: 0.85,
    foregroundPrecision: null,
    foregroundRecall: 1,
    meanBoundaryIou: 0.333,
    classes: [
      scoresOf("background", 0.9),
      scoresOf("ball", 0.6),
      scoresOf("bar", null),
    ],
    trimap: [],
    confusion: [],
    ...change,
  };
}

/** Scores of a class by its IoU; its precision and recall are 0.5. */
export function scoresOf(className: string, iou: number | null) {
  const [precision, recall] = iou === null ? [null, null] : [0.5, 0.5];
  return { className, iou, boundaryIou: null, precision, recall };
}
