import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { scoreLabels } from "../../stages/score_labels.ts";
import { labelMap } from "../drawings.ts";
import { runStage } from "./run_stage.ts";

// Ball: 1 of 3 pixels right in "a", 8 of 8 in "b".
const LABELS = { a: labelMap("1..."), b: labelMap("11111111") };
const TRUTH = { a: labelMap("111."), b: labelMap("11111111") };

Deno.test("score_labels counts over the whole set, not image by image", async () => {
  const { outputs } = await runStage(scoreLabels, {
    params: { name: "proposals" },
    inputs: { labels: LABELS, truth: TRUTH, classes: ["ball"] },
  });
  const [background, ball] = outputs.scores.classes;
  strictEqual(background!.iou, 1 / 3);
  // The mean of the images' IoUs would be (1 / 3 + 1) / 2.
  strictEqual(ball!.iou, 9 / 11);
  strictEqual(outputs.scores.meanIou, (1 / 3 + 9 / 11) / 2);
  strictEqual(outputs.scores.imageCount, 2);
  deepStrictEqual(outputs.scores.confusion, [[1, 0], [2, 9]]);
});

Deno.test("score_labels names metrics by what is scored and leaves out what has no value", async () => {
  const { outputs } = await runStage(scoreLabels, {
    params: {
      name: "crf",
      trimapWidthsPx: [2],
      headlineClasses: ["Dining table"],
    },
    inputs: {
      labels: { a: labelMap("2...") },
      truth: { a: labelMap("2?..") },
      classes: ["cat", "Dining table"],
    },
  });
  deepStrictEqual(outputs.metrics, {
    "crf.mean_iou": 1,
    "crf.headline_mean_iou": 1,
    "crf.pixel_accuracy": 1,
    "crf.mean_class_accuracy": 1,
    "crf.frequency_weighted_iou": 1,
    "crf.foreground_precision": 1,
    "crf.foreground_recall": 1,
    "crf.mean_boundary_iou": 1,
    "crf.iou.background": 1,
    "crf.iou.dining_table": 1,
    "crf.trimap_2px_mean_iou": 1,
  });
});

Deno.test("score_labels takes the headline mean over the classes asked for only", async () => {
  const { outputs } = await runStage(scoreLabels, {
    params: { name: "crf", headlineClasses: ["bar"] },
    inputs: {
      labels: { a: labelMap("1122..") },
      truth: { a: labelMap("112...") },
      classes: ["ball", "bar"],
    },
  });
  strictEqual(outputs.scores.headlineMeanIou, 1 / 2);
  strictEqual(outputs.scores.meanIou, (2 / 3 + 1 + 1 / 2) / 3);
});

Deno.test("score_labels scores the labelled images only, whatever truth there is", async () => {
  const { outputs } = await runStage(scoreLabels, {
    params: { name: "crf" },
    inputs: { labels: { b: LABELS.b }, truth: TRUTH, classes: ["ball"] },
  });
  strictEqual(outputs.scores.imageCount, 1);
  strictEqual(outputs.scores.meanIou, 1);
});

Deno.test("score_labels names the images without truth before it scores any", async () => {
  const bad = new TextEncoder().encode("not read");
  const inputs = {
    labels: { a: bad, b: LABELS.b, c: LABELS.a },
    truth: { b: TRUTH.b },
    classes: ["ball"],
  };
  const call = { params: { name: "crf" }, inputs };
  await rejects(runStage(scoreLabels, call), {
    name: "RangeError",
    message: "Cannot score 2 images as each must have ground truth: " +
      "none for a, c",
  });
});

Deno.test("score_labels names ten images without truth at most", async () => {
  const ids = Array.from({ length: 12 }, (_, i) => `i${i + 10}`);
  const labels = Object.fromEntries(ids.map((id) => [id, LABELS.a]));
  const call = {
    params: { name: "crf" },
    inputs: { labels, truth: {}, classes: ["ball"] },
  };
  await rejects(runStage(scoreLabels, call), {
    message: "Cannot score 12 images as each must have ground truth: " +
      "none for i10, i11, i12, i13, i14, i15, i16, i17, i18, i19, …",
  });
});

Deno.test("score_labels names the image whose sizes differ", async () => {
  const call = {
    params: { name: "crf" },
    inputs: {
      labels: { a: LABELS.a, b: LABELS.a },
      truth: TRUTH,
      classes: ["ball"],
    },
  };
  await rejects(runStage(scoreLabels, call), {
    name: "RangeError",
    message: 'Cannot score image "b" as its prediction must be as large as ' +
      "its ground truth: prediction is 4 × 1 px, ground truth is 8 × 1 px",
  });
});

Deno.test("score_labels refuses a headline class that there is not", async () => {
  const call = {
    params: { name: "crf", headlineClasses: ["bal"] },
    inputs: { labels: LABELS, truth: TRUTH, classes: ["ball"] },
  };
  await rejects(runStage(scoreLabels, call), {
    name: "RangeError",
    message: 'Cannot average over class "bal" as it must be one of ' +
      "background, ball: it is not",
  });
});
