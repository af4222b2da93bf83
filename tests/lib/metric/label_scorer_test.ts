import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { LabelScorer } from "../../../lib/metric/label_scorer.ts";
import { labelMap } from "../../drawings.ts";

Deno.test("LabelScorer of no images has no scores", () => {
  const { classes, confusion, ...overall } = new LabelScorer({
    classNames: ["ball"],
    headlineClasses: ["ball"],
    trimapWidthsPx: [3],
  }).scores();
  deepStrictEqual(overall, {
    imageCount: 0,
    meanIou: null,
    headlineMeanIou: null,
    headlineClasses: ["ball"],
    pixelAccuracy: null,
    meanClassAccuracy: null,
    frequencyWeightedIou: null,
    foregroundPrecision: null,
    foregroundRecall: null,
    meanBoundaryIou: null,
    trimap: [{ widthPx: 3, meanIou: null }],
  });
  deepStrictEqual(classes.map(({ iou }) => iou), [null, null]);
  deepStrictEqual(confusion, [[0, 0], [0, 0]]);
});

Deno.test("LabelScorer counts truth in rows and predictions in columns", () => {
  const scorer = new LabelScorer({ classNames: ["ball", "bar"] });
  scorer.add("a", {
    truth: labelMap("1112"),
    prediction: labelMap("1.22"),
  });
  deepStrictEqual(scorer.scores().confusion, [
    [0, 0, 0],
    [1, 1, 1],
    [0, 0, 1],
  ]);
});

Deno.test("LabelScorer leaves void out of every score", () => {
  const scorer = new LabelScorer({ classNames: ["ball"] });
  scorer.add("a", { truth: labelMap("1?.?"), prediction: labelMap("11..") });
  const { meanIou, pixelAccuracy, foregroundPrecision } = scorer.scores();
  deepStrictEqual([meanIou, pixelAccuracy, foregroundPrecision], [1, 1, 1]);
});

Deno.test("LabelScorer scores each width of the trimap by its own band", () => {
  const scorer = new LabelScorer({
    classNames: ["ball"],
    trimapWidthsPx: [1, 3],
  });
  // Right next to the void, wrong two pixels away from it.
  scorer.add("a", {
    truth: labelMap("11?......"),
    prediction: labelMap("11..1...."),
  });
  deepStrictEqual(scorer.scores().trimap, [
    { widthPx: 1, meanIou: 1 },
    { widthPx: 3, meanIou: (2 / 3 + 2 / 3) / 2 },
  ]);
});

Deno.test("LabelScorer takes background into the headline mean when asked", () => {
  const scorer = new LabelScorer({
    classNames: ["ball", "bar"],
    headlineClasses: ["background", "bar"],
  });
  scorer.add("a", {
    truth: labelMap("1122...."),
    prediction: labelMap("12222..."),
  });
  const { headlineMeanIou } = scorer.scores();
  strictEqual(headlineMeanIou, (3 / 4 + 2 / 4) / 2);
});

Deno.test("LabelScorer scores outlines of each class apart", () => {
  const scorer = new LabelScorer({ classNames: ["ball"] });
  scorer.add("a", {
    truth: labelMap("111...", "111...", "111..."),
    prediction: labelMap("11....", "11....", "11...."),
  });
  const [, ball] = scorer.scores().classes;
  // Bands of 1 px: 8 pixels of the truth's square, 6 of the prediction.
  strictEqual(ball!.boundaryIou, 5 / 9);
  strictEqual(ball!.iou, 6 / 9);
});

Deno.test("LabelScorer refuses a prediction with void, naming the image", () => {
  const scorer = new LabelScorer({ classNames: ["ball"] });
  throws(
    () =>
      scorer.add("2008_000123", {
        truth: labelMap("1."),
        prediction: labelMap("1?"),
      }),
    {
      name: "RangeError",
      message: 'Cannot score image "2008_000123" as its prediction must hold ' +
        "labels 0…1 only: label 255 at (1, 0)",
    },
  );
});
