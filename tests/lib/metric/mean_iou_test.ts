import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  addConfusion,
  countConfusion,
  emptyConfusion,
} from "../../../lib/metric/confusion_matrix.ts";
import {
  meanIouOver,
  segmentationScores,
} from "../../../lib/metric/mean_iou.ts";
import { labelMap } from "../../drawings.ts";

/** Three images; class 3 is in none, class 2 only in a prediction. */
const THREE_IMAGES = [
  [labelMap("11..", "11.?"), labelMap("1...", "11.1")],
  [labelMap("....", "...1"), labelMap(".2..", "...1")],
  [labelMap("??11"), labelMap("1111")],
] as const;

function scoresOfThree() {
  const total = emptyConfusion(4);
  for (const [truth, prediction] of THREE_IMAGES) {
    const pair = { imageId: "a", truth, prediction };
    addConfusion(total, countConfusion(pair, 4));
  }
  return segmentationScores(total);
}

Deno.test("segmentationScores pools all pixels of the set, not image by image", () => {
  // Truth 0: 3 + 7, of which 3 + 6 right. Truth 1: 4 + 1 + 2, right 3 + 1 + 2.
  const scores = scoresOfThree();
  deepStrictEqual(scores.classes, [
    { iou: 9 / 11, precision: 9 / 10, recall: 9 / 10 },
    { iou: 6 / 7, precision: 6 / 6, recall: 6 / 7 },
    { iou: 0, precision: 0, recall: null },
    { iou: null, precision: null, recall: null },
  ]);
  strictEqual(scores.pixelAccuracy, 15 / 17);
});

Deno.test("segmentationScores skips a class absent from both, not one predicted in vain", () => {
  const scores = scoresOfThree();
  strictEqual(scores.meanIou, (9 / 11 + 6 / 7 + 0) / 3);
  strictEqual(scores.meanClassAccuracy, (9 / 10 + 6 / 7) / 2);
});

Deno.test("segmentationScores weights IoU by pixels of the truth", () => {
  const { frequencyWeightedIou } = scoresOfThree();
  strictEqual(frequencyWeightedIou, (9 / 11 * 10 + 6 / 7 * 7) / 17);
});

Deno.test("segmentationScores counts foreground of any class as foreground", () => {
  // Truth 1 predicted 2 is wrong in class, but right in being foreground.
  const pair = {
    imageId: "a",
    truth: labelMap("111.."),
    prediction: labelMap("12.1."),
  };
  const scores = segmentationScores(countConfusion(pair, 3));
  strictEqual(scores.foregroundPrecision, 2 / 3);
  strictEqual(scores.foregroundRecall, 2 / 3);
});

Deno.test("segmentationScores of nothing are null, not NaN", () => {
  deepStrictEqual(segmentationScores(emptyConfusion(1)), {
    classes: [{ iou: null, precision: null, recall: null }],
    meanIou: null,
    pixelAccuracy: null,
    meanClassAccuracy: null,
    frequencyWeightedIou: null,
    foregroundPrecision: null,
    foregroundRecall: null,
  });
});

Deno.test("meanIouOver averages some labels only, and skips absent ones", () => {
  const scores = scoresOfThree();
  strictEqual(meanIouOver(scores, [0, 1, 3]), (9 / 11 + 6 / 7) / 2);
  strictEqual(meanIouOver(scores, [3]), null);
  throws(() => meanIouOver(scores, [0, 4]), {
    name: "RangeError",
    message: "Cannot average IoUs as a label must be 0…3: 4",
  });
});
