import { deepStrictEqual, match, rejects } from "node:assert/strict";
import { LabelScorer } from "../../lib/metric/label_scorer.ts";
import type { Scores } from "../../stages/artifacts.ts";
import { writeAblationTable } from "../../stages/write_ablation_table.ts";
import { labelMap } from "../drawings.ts";
import { runStage } from "./run_stage.ts";

/** Scores of a picture whose first `right` pixels of eight are right. */
function scores(right: number, headlineClasses: string[] = []): Scores {
  const scorer = new LabelScorer({ classNames: ["ball"], headlineClasses });
  const row = "1".repeat(right) + ".".repeat(8 - right);
  const prediction = labelMap(row, "........");
  scorer.add("a", { truth: labelMap("11111111", "........"), prediction });
  // Through JSON, as an artifact is.
  return JSON.parse(JSON.stringify(scorer.scores()));
}

/** What a step over variant, seed and CRF gives. */
function gathered(...cells: [string, number, "with" | "without", number][]) {
  return cells.map(([variant, seed, crf, right]) => ({
    step: `scores[crf=${crf},seed=${seed},variant=${variant}]`,
    value: scores(right),
  }));
}

const IOU = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((right) =>
  (right / 8 + 8 / (16 - right)) / 2
);

Deno.test("write_ablation_table gathers variants, seeds and CRF from a matrix", async () => {
  const { outputs } = await runStage(writeAblationTable, {
    inputs: {
      scores: gathered(
        ["bcm", 1, "without", 6],
        ["bcm", 1, "with", 8],
        ["control", 1, "without", 4],
      ),
    },
  });
  deepStrictEqual(outputs.metrics, {
    "ablation.control.mean_iou": IOU[4],
    "ablation.bcm.mean_iou": IOU[6],
    "ablation.bcm.gain": IOU[6]! - IOU[4]!,
    "ablation.bcm.crf.mean_iou": 1,
  });
  match(
    outputs.table,
    /^\| BCM \| 77\.5 \| \+19\.2 \| 100\.0 \| – \| 65\.6 \|$/m,
  );
  match(
    outputs.table,
    /^# Ablation\n\nMean IoU, background included, in % on 1/,
  );
});

Deno.test("write_ablation_table measures spread and interval over seeds", async () => {
  const { outputs } = await runStage(writeAblationTable, {
    params: { title: "Two seeds", paper: "resnet101" },
    inputs: {
      scores: gathered(
        ["bcm_fr_refine", 1, "with", 8],
        ["bcm_fr_refine", 2, "with", 8],
        ["control", 2, "with", 8],
        ["control", 1, "with", 8],
      ),
    },
  });
  deepStrictEqual(outputs.metrics, {
    "ablation.control.crf.mean_iou": 1,
    "ablation.control.crf.spread": 0,
    "ablation.bcm_fr_refine.crf.mean_iou": 1,
    "ablation.bcm_fr_refine.crf.spread": 0,
    "ablation.bcm_fr_refine.crf.gain": 0,
    "ablation.bcm_fr_refine.crf.gain_low": 0,
    "ablation.bcm_fr_refine.crf.gain_high": 0,
  });
  match(outputs.table, /^# Two seeds$/m);
  match(
    outputs.table,
    /\| 100\.0 ± 0\.0 \| \+0\.0 \[\+0\.0, \+0\.0\] \| 70\.2 \|$/m,
  );
});

Deno.test("write_ablation_table can tell of the headline classes", async () => {
  const step = "scores[crf=without,seed=1,variant=bcm]";
  const { outputs } = await runStage(writeAblationTable, {
    params: { measure: "headline_mean_iou" },
    inputs: { scores: [{ step, value: scores(4, ["ball"]) }] },
  });
  deepStrictEqual(outputs.metrics, { "ablation.bcm.mean_iou": 0.5 });
  match(outputs.table, /^Mean IoU over ball in % on 1 pictures, /m);
});

Deno.test("write_ablation_table refuses scores without headline classes", async () => {
  const call = {
    params: { measure: "headline_mean_iou" as const },
    inputs: { scores: gathered(["bcm", 1, "without", 4]) },
  };
  await rejects(runStage(writeAblationTable, call), {
    name: "RangeError",
    message: 'Cannot table step "scores[crf=without,seed=1,variant=bcm]" as ' +
      "it must have a headline_mean_iou: it has none",
  });
});

Deno.test("write_ablation_table refuses a step with other axes", async () => {
  const inputs = {
    scores: [{ step: "scores[seed=1,variant=bcm]", value: scores(4) }],
  };
  await rejects(runStage(writeAblationTable, { inputs }), {
    name: "RangeError",
    message: 'Cannot table step "scores[seed=1,variant=bcm]" as it must have ' +
      'axes variant, seed and crf, which is "with" or "without": variant is ' +
      "bcm, seed 1, crf undefined",
  });
});
