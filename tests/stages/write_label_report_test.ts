import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { LabelScorer } from "../../lib/metric/label_scorer.ts";
import { labelReport } from "../../lib/report/label_report.ts";
import type { Scores } from "../../stages/artifacts.ts";
import { writeLabelReport } from "../../stages/write_label_report.ts";
import { labelMap } from "../drawings.ts";
import { runStage } from "./run_stage.ts";

/** Scores of one image, as an artifact. */
function scoresOf(prediction: string): Scores {
  const scorer = new LabelScorer({ classNames: ["ball"] });
  const truth = labelMap("11..");
  scorer.add("a", { truth, prediction: labelMap(prediction) });
  return structuredClone(scorer.scores()) as Scores;
}

const INPUTS = {
  rectangles: scoresOf("111."),
  proposals: scoresOf("11.."),
  "filling_rates": [
    { className: "ball", boxCount: 1, fillingRate: 0.5, subClasses: [] },
  ],
};

Deno.test("write_label_report writes the report of its inputs under its title", async () => {
  const { outputs } = await runStage(writeLabelReport, {
    params: { title: "Two labellings" },
    inputs: INPUTS,
  });
  const { filling_rates: fillingRates, ...scores } = INPUTS;
  strictEqual(
    outputs.report,
    labelReport({ title: "Two labellings", ...scores, fillingRates }),
  );
});

Deno.test("write_label_report gives the same numbers, unrounded, as JSON", async () => {
  const { outputs } = await runStage(writeLabelReport, { inputs: INPUTS });
  const { filling_rates: fillingRates, ...scores } = INPUTS;
  deepStrictEqual(
    outputs.summary,
    {
      title: "Labels from boxes",
      ...scores,
      // No published rate: the list is VOC's.
      fillingRates: fillingRates.map((rates) => ({
        ...rates,
        publishedRate: null,
      })),
    },
  );
});
