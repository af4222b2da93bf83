import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  mainModel,
  modelOfVariant,
  type ScoredModel,
  scoredModels,
} from "../../../lib/figure/scored_models.ts";
import { figureRun, scoresValue } from "./figure_run.ts";
import { FigureRun } from "./memory_run.ts";

function named(models: readonly ScoredModel[]): string[] {
  return models.map(({ variant, seed, hasCrf }) =>
    `${variant} ${seed}${hasCrf ? " CRF" : ""}`
  );
}

Deno.test("scoredModels are in the order of the tables, CRF last", () => {
  deepStrictEqual(named(scoredModels(figureRun())), [
    ...["box_only 1", "control 1 CRF", "bcm_fr_refine 1"],
    ...["bcm_fr_refine 1 CRF", "bcm_fr_refine 2 CRF", "semi 1 CRF"],
  ]);
});

Deno.test("the main model is the paper's method, with CRF, of the first seed", () => {
  const models = scoredModels(figureRun());
  strictEqual(named([mainModel(models)!])[0], "bcm_fr_refine 1 CRF");
  const others = models.filter(({ variant }) => variant !== "bcm_fr_refine");
  strictEqual(named([mainModel(others)!])[0], "control 1 CRF");
  const strange = models.map((model) => ({ ...model, variant: "x" }));
  strictEqual(mainModel(strange)!.variant, "x");
  strictEqual(named([modelOfVariant(models, "box_only")!])[0], "box_only 1");
});

Deno.test("scores of labels that no network gave are of no model", () => {
  const run = figureRun().add("proposal_scores", {
    stage: "score_labels",
    from: { labels: "proposals.labels", truth: "./truth" },
    gives: { scores: scoresValue(0.9) },
  });
  strictEqual(scoredModels(run).length, 6);
});

Deno.test("a workflow without axes names models by their trainings", () => {
  const run = new FigureRun()
    .add("model", {
      stage: "train_segmenter",
      params: { name: "tiny" },
      seed: 7,
      gives: { weights: null },
    })
    .add("predictions", {
      stage: "predict_scores",
      from: { weights: "model.weights", boxes: "index.boxes" },
      gives: { scores: null },
    })
    .add("labels", {
      stage: "label_from_scores",
      from: { scores: "predictions.scores" },
      gives: { labels: null },
    })
    .add("scores", {
      stage: "score_labels",
      from: { labels: "labels.labels", truth: "./truth" },
      gives: { scores: null },
    });
  deepStrictEqual(named(scoredModels(run)), ["tiny 7"]);
});

Deno.test("of two sets of pictures the table's counts, else the larger", () => {
  const run = figureRun();
  const sources = { labels: "labels.other", truth: "./other" };
  run.add("labels", {
    stage: "label_from_scores",
    axes: { variant: "semi", seed: "1" },
    gives: { other: null },
  }).add("other", {
    stage: "score_labels",
    axes: { variant: "semi", seed: "1" },
    from: sources,
    gives: { scores: scoresValue(0.1) },
  });
  strictEqual(scoredModels(run).length, 6);
  run.add("table", {
    stage: "write_ablation_table",
    from: { scores: "other.scores" },
    gives: { table: "" },
  });
  deepStrictEqual(named(scoredModels(run)), ["semi 1"]);
});

Deno.test("a model scored twice counts once", () => {
  const run = figureRun();
  const twin = run.steps.find(({ id }) =>
    id === "scores[crf=with,seed=1,variant=semi]"
  )!;
  run.steps.push({ ...twin, id: "again" });
  strictEqual(scoredModels(run).length, 6);
});
