/**
 * Stage `write_ablation_table`: Table 1 of [Song2019] with our figures beside
 * the paper's.
 *
 *   in   scores   of a step with axes `variant`, `seed` and `crf`: which
 *                 training, which seed, labels `with` or `without` the CRF
 *   out  table    Markdown
 *   out  metrics  ablation.<variant>.mean_iou and, where there is a control,
 *                 ablation.<variant>.gain; ablation.<variant>.crf.… likewise
 *
 * Means are taken over seeds and gains are differences to the control of the
 * same seed; with two seeds and more each has a spread and an interval
 * (`gain_low`, `gain_high`), see lib/report/seed_statistics.ts.
 *
 * @module
 */
import * as z from "zod";
import {
  type AblationScore,
  summariseAblation,
  type VariantSummary,
} from "../lib/report/ablation_summary.ts";
import { ablationTable } from "../lib/report/ablation_table.ts";
import { bracketLabels } from "../lib/report/bracket_labels.ts";
import { metricName } from "../lib/metric/metric_name.ts";
import { defineStage, listOf, METRICS } from "../pipeline/mod.ts";
import { MARKDOWN, SCORES, type Scores } from "./artifacts.ts";

const Params = z.strictObject({
  title: z.string().default("Ablation").describe("of the page"),
  measure: z.enum(["mean_iou", "headline_mean_iou"]).default("mean_iou")
    .describe("over all classes, or those the scores have as headline"),
  paper: z.enum(["vgg16", "resnet101"]).default("vgg16")
    .describe("network whose figures stand beside ours"),
});

/** Compares trainings. */
export const writeAblationTable = defineStage({
  name: "write_ablation_table",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: { scores: listOf(SCORES) },
  outputs: { table: MARKDOWN, metrics: METRICS },
  run({ params, inputs }) {
    const { title, measure, paper } = params;
    const scores = inputs.scores.map(({ step, value }) =>
      ablationScore(step, value, measure)
    );
    const table = ablationTable({
      title,
      measure: measureText(measure, inputs.scores[0]?.value),
      network: paper,
      scores,
    });
    const { variants } = summariseAblation(scores);
    const metrics = Object.assign({}, ...variants.map(metricsOf));
    return { table, metrics };
  },
});

type Measure = z.output<typeof Params>["measure"];

function ablationScore(
  step: string,
  value: Scores,
  measure: Measure,
): AblationScore {
  const refused = `Cannot table step "${step}" as`;
  const { variant, seed, crf } = bracketLabels(step);
  if (!variant || !seed || (crf !== "with" && crf !== "without")) {
    throw new RangeError(
      `${refused} it must have axes variant, seed and crf, which is "with" ` +
        `or "without": variant is ${variant}, seed ${seed}, crf ${crf}`,
    );
  }
  const meanIou = measure === "mean_iou"
    ? value.meanIou
    : value.headlineMeanIou;
  if (meanIou === null) {
    throw new RangeError(`${refused} it must have a ${measure}: it has none`);
  }
  const { imageCount, classes } = value;
  const hasCrf = crf === "with";
  return { variant, seed, hasCrf, meanIou, imageCount, classes };
}

function measureText(measure: Measure, scores: Scores | undefined): string {
  return measure === "mean_iou"
    ? "mean IoU, background included,"
    : `mean IoU over ${scores?.headlineClasses.join(", ")}`;
}

function metricsOf(
  { variant, hasCrf, meanIou, gain }: VariantSummary,
): Record<string, number> {
  const name = `ablation.${metricName(variant)}${hasCrf ? ".crf" : ""}`;
  const values: [string, number | null | undefined][] = [
    ["mean_iou", meanIou.mean],
    ["spread", meanIou.deviation],
    ["gain", gain?.mean],
    ["gain_low", gain?.low],
    ["gain_high", gain?.high],
  ];
  return Object.fromEntries(
    values.flatMap(([key, value]) =>
      value === null || value === undefined ? [] : [[`${name}.${key}`, value]]
    ),
  );
}
