/**
 * Stage `score_labels`: how well label maps agree with ground truth.
 *
 *   in   labels   uint8 [H, W] by image id; these images are scored
 *   in   truth    uint8 [H, W] by image id, void where it is not to be scored
 *   in   classes  names in the order of their ids
 *   out  scores   mean IoU by VOC's comp6, per class, near borders, …; 0…1
 *   out  metrics  the main ones as <name>.mean_iou, <name>.iou.<class>, …
 *
 * @module
 */
import * as z from "zod";
import { LabelScorer, type LabelScores } from "../lib/metric/label_scorer.ts";
import { metricName } from "../lib/metric/metric_name.ts";
import { defineStage, METRICS } from "../pipeline/mod.ts";
import { CLASS_NAMES, LABEL_MAPS, SCORES } from "./artifacts.ts";

const Params = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/)
    .describe("what is scored: first part of the metrics' names"),
  trimapWidthsPx: z.array(z.int().min(1).max(65_535)).default([])
    .describe("px around void borders"),
  headlineClasses: z.array(z.string()).default([])
    .describe("classes of one more mean IoU, for sets poor in the others"),
});

/** Scores label maps. */
export const scoreLabels = defineStage({
  name: "score_labels",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: { labels: LABEL_MAPS, truth: LABEL_MAPS, classes: CLASS_NAMES },
  outputs: { scores: SCORES, metrics: METRICS },
  async run({ params, inputs, progress }) {
    const { labels, truth, classes } = inputs;
    refuseMissing(labels.ids.filter((id) => !truth.has(id)));
    const scorer = new LabelScorer({ classNames: classes, ...params });
    for (const [i, id] of labels.ids.entries()) {
      scorer.add(id, {
        prediction: await labels.read(id),
        truth: await truth.read(id),
      });
      progress(i + 1, labels.ids.length, "images");
    }
    const scores = scorer.scores();
    return { scores: asJson(scores), metrics: metricsOf(params.name, scores) };
  },
});

function refuseMissing(ids: readonly string[]): void {
  if (ids.length === 0) return;
  throw new RangeError(
    `Cannot score ${ids.length} images as each must have ground truth: ` +
      `none for ${ids.slice(0, 10).join(", ")}${ids.length > 10 ? ", …" : ""}`,
  );
}

function asJson(scores: LabelScores) {
  return {
    ...scores,
    headlineClasses: [...scores.headlineClasses],
    classes: [...scores.classes],
    trimap: [...scores.trimap],
    confusion: scores.confusion.map((row) => [...row]),
  };
}

function metricsOf(name: string, scores: LabelScores): Record<string, number> {
  const values: [string, number | null][] = [
    ["mean_iou", scores.meanIou],
    ["headline_mean_iou", scores.headlineMeanIou],
    ["pixel_accuracy", scores.pixelAccuracy],
    ["mean_class_accuracy", scores.meanClassAccuracy],
    ["frequency_weighted_iou", scores.frequencyWeightedIou],
    ["foreground_precision", scores.foregroundPrecision],
    ["foreground_recall", scores.foregroundRecall],
    ["mean_boundary_iou", scores.meanBoundaryIou],
    ...scores.classes.map(({ className, iou }): [string, number | null] => [
      `iou.${metricName(className)}`,
      iou,
    ]),
    ...scores.trimap.map(({ widthPx, meanIou }): [string, number | null] => [
      `trimap_${widthPx}px_mean_iou`,
      meanIou,
    ]),
  ];
  return Object.fromEntries(
    values.flatMap(([key, value]) =>
      value === null ? [] : [[`${name}.${key}`, value]]
    ),
  );
}
