import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { VOC_CLASSES } from "../../../lib/dataset/classes.ts";
import { classIouFigure } from "../../../lib/figure/class_iou_figure.ts";
import { confusionFigure } from "../../../lib/figure/confusion_figure.ts";
import { fillingRateFigure } from "../../../lib/figure/filling_rate_figure.ts";
import type { Figure } from "../../../lib/figure/figure.ts";
import { learningRateFigure } from "../../../lib/figure/learning_rate_figure.ts";
import {
  measureOf,
  readModelScores,
} from "../../../lib/figure/model_scores.ts";
import { paperTableFigures } from "../../../lib/figure/paper_table_figures.ts";
import { readingsFigure } from "../../../lib/figure/readings_figure.ts";
import { trainingCurves } from "../../../lib/figure/training_curves.ts";
import {
  ignoredFigure,
  lossFigure,
  maskLossFigure,
} from "../../../lib/figure/training_figures.ts";
import { trimapFigure } from "../../../lib/figure/trimap_figure.ts";
import { CLASSES, figureRun, scoresValue } from "./figure_run.ts";
import { FigureRun } from "./memory_run.ts";
import { nodesOf, textsOf } from "./svg_text.ts";

async function tables(run: FigureRun): Promise<Record<string, Figure>> {
  const models = await readModelScores(run);
  const figures = await paperTableFigures(models, measureOf(run, models));
  return Object.fromEntries(figures.map((figure) => [figure.id, figure]));
}

function rowOf({ table }: Figure, name: string): readonly string[] {
  return table!.rows.find(([label]) => label === name)!;
}

/** Symbols of a chart by colour: how many. */
function marks(svg: string, stroke: string): number {
  return nodesOf(svg).filter(({ name, attributes }) =>
    name === "path" && attributes.stroke === stroke &&
    attributes.transform !== undefined
  ).length;
}

Deno.test("Table 1 has ours beside the printed, with and without CRF, over seeds", async () => {
  const { table_1: figure } = await tables(figureRun());
  deepStrictEqual(figure!.table!.columns, [
    "%",
    "this run, without CRF",
    "gain over control",
    "this run, with CRF",
    "gain over control",
    "printed",
  ]);
  // Seeds 0.60 and 0.64: 62 ± 2.8; the control has seed 1 only.
  deepStrictEqual(rowOf(figure!, "BCM + FR-loss (Refine)"), [
    ...["BCM + FR-loss (Refine)", "50.0", "–", "62.0 ± 2.8", "+5.0", "66.8"],
  ]);
  deepStrictEqual(rowOf(figure!, "Control: fine-tuned, neither"), [
    ...["Control: fine-tuned, neither", "–", "–", "55.0", "–", "–"],
  ]);
  deepStrictEqual(rowOf(figure!, "Baseline: CRF proposals *").at(-1), "60.6");
});

Deno.test("Table 1's chart has a mark for each number and a line for a spread", async () => {
  const { table_1: figure } = await tables(figureRun());
  // Eight printed, two of ours with CRF and one without; legends have one each.
  strictEqual(marks(figure!.svg, "#d55e00"), 8 + 1);
  strictEqual(marks(figure!.svg, "#0f75b5"), 3 + 2);
  const lines = nodesOf(figure!.svg).filter(({ name, attributes }) =>
    name === "line" && attributes.stroke === "#0f75b5"
  );
  strictEqual(lines.length, 1);
});

Deno.test("Table 2 puts ours at the rows that they repeat", async () => {
  const { table_2: figure } = await tables(figureRun());
  strictEqual(figure!.table!.rows.length, 14);
  deepStrictEqual(
    figure!.table!.rows.filter((row) => row[3] !== "–" || row[1] !== "–")
      .map((row) => [row[0], row[1], row[3], row[5]]),
    [
      ["weak: Ours, Box", "40.0", "–", "54.9"],
      ["weak: Ours, CRF", "50.0", "62.0 ± 2.8", "66.8"],
      ["semi: Ours, CRF", "–", "70.0", "67.5"],
    ],
  );
});

Deno.test("a run of ResNet-101 has Table 3, and neither 1 nor 2", async () => {
  const run = figureRun();
  for (const step of run.stepsOf("train_segmenter")) {
    Object.assign(step.params, { network: { kind: "resnet101" } });
  }
  const figures = await tables(run);
  deepStrictEqual(Object.keys(figures), ["table_3"]);
  deepStrictEqual(rowOf(figures.table_3!, "weak: Ours").at(-1), "70.2");
});

Deno.test("a mean over some classes is said not to compare with the paper's", async () => {
  const run = figureRun().add("table", {
    stage: "write_ablation_table",
    params: { measure: "headline_mean_iou" },
    gives: { table: "" },
  });
  for (const step of run.stepsOf("score_labels")) {
    run.contents.set(`${step.id}.scores`, {
      ...scoresValue(0.5),
      headlineMeanIou: 0.75,
      headlineClasses: ["cat"],
    });
  }
  const { table_1: figure } = await tables(run);
  strictEqual(rowOf(figure!, "BCM + FR-loss (Refine)")[3], "75.0 ± 0.0");
  match(figure!.caption, /mean IoU over 1 of 3 classes .*only the order of/);
});

Deno.test("tables say when only the order of rows compares", async () => {
  const { table_1: other } = await tables(figureRun());
  match(other!.caption, /other pictures or classes: only the order/);
  const run = figureRun();
  const names = ["background", ...VOC_CLASSES];
  for (const step of run.stepsOf("score_labels")) {
    run.contents.set(`${step.id}.scores`, {
      ...scoresValue(0.5),
      imageCount: 1449,
      classes: names.map((className) => ({ className, iou: 0.5 })),
      confusion: names.map(() => names.map(() => 1)),
    });
  }
  const { table_1: same } = await tables(run);
  match(same!.caption, /quotes from other work\.$/);
});

Deno.test("Table 4 has classes of three models, and nothing printed for others than VOC's", async () => {
  const figure = await classIouFigure(await readModelScores(figureRun()));
  deepStrictEqual(figure!.table, {
    columns: ["%", "background", ...CLASSES],
    rows: [
      ["BCM on rectangle labels", "87.5", "50.0", "–"],
      ["BCM + FR-loss (Refine)", "87.5", "50.0", "–"],
      ["Semi-supervised", "87.5", "50.0", "–"],
    ],
  });
});

Deno.test("Table 4 has the printed classes beside VOC's", async () => {
  const run = figureRun();
  const names = ["background", ...VOC_CLASSES];
  for (const step of run.stepsOf("score_labels")) {
    run.contents.set(`${step.id}.scores`, {
      ...scoresValue(0.5),
      classes: names.map((className) => ({ className, iou: 0.5 })),
      confusion: names.map(() => names.map(() => 1)),
    });
  }
  const figure = await classIouFigure(await readModelScores(run));
  strictEqual(figure!.table!.rows.length, 6);
  deepStrictEqual(
    figure!.table!.rows[3]!.slice(0, 4),
    ["printed: BCM + FR-loss (Refine)", "89.8", "68.3", "27.1"],
  );
  strictEqual(marks(figure!.svg, "#d55e00"), 3 * 21 + 1);
});

Deno.test("the confusion matrix is of the main model, in per cent of the truth", async () => {
  const figure = await confusionFigure(await readModelScores(figureRun()));
  match(figure!.caption, /BCM \+ FR-loss \(Refine\) with CRF, seed 1, on 2/);
  deepStrictEqual(figure!.table!.rows, [
    ["background", "90.0", "10.0", "0.0"],
    [CLASSES[0], "40.0", "50.0", "10.0"],
    [CLASSES[1], "–", "–", "–"],
  ]);
  const cells = textsOf(figure!.svg).filter((text) => /^\d+$/.test(text));
  // Then those of the legend.
  deepStrictEqual(cells.slice(0, 5), ["90", "10", "40", "50", "10"]);
});

Deno.test("a confusion matrix of more classes than can be read is left out", async () => {
  const figureOf = async (count: number) => {
    const run = figureRun();
    const names = Array.from({ length: count }, (_, c) => `class ${c}`);
    for (const step of run.stepsOf("score_labels")) {
      run.contents.set(`${step.id}.scores`, {
        ...scoresValue(0.5),
        classes: names.map((className) => ({ className, iou: 0.5 })),
        confusion: names.map(() => names.map(() => 1)),
      });
    }
    return await confusionFigure(await readModelScores(run));
  };
  ok(await figureOf(64) !== null);
  strictEqual(await figureOf(65), null);
});

Deno.test("the trimap curve is of the main model and its rivals", async () => {
  const figure = await trimapFigure(await readModelScores(figureRun()));
  deepStrictEqual(figure!.table, {
    columns: ["%", "within 2 px", "within 5 px"],
    rows: [
      ["Control: fine-tuned, neither, with CRF", "25.0", "37.5"],
      ["BCM + FR-loss (Refine), without CRF", "25.0", "37.5"],
      ["BCM + FR-loss (Refine), with CRF", "25.0", "37.5"],
      ["Semi-supervised, with CRF", "25.0", "37.5"],
    ],
  });
});

Deno.test("no trimap curve where nothing was scored near borders", async () => {
  const run = figureRun();
  for (const step of run.stepsOf("score_labels")) {
    const value = { ...scoresValue(0.5), trimap: [] };
    run.contents.set(`${step.id}.scores`, value);
  }
  strictEqual(await trimapFigure(await readModelScores(run)), null);
});

Deno.test("training curves begin and end with the history's numbers", async () => {
  const curves = await trainingCurves(figureRun());
  const loss = await lossFigure(curves);
  const rate = await learningRateFigure(curves);
  const ignored = await ignoredFigure(curves);
  deepStrictEqual(loss!.table!.rows[0], [
    "baseline",
    "1",
    "4",
    "2.000",
    "0.500",
  ]);
  const masks = await maskLossFigure(curves);
  deepStrictEqual(masks!.table!.rows[0], [
    ...["model_bcm_fr_refine", "1", "4", "0.250", "0.063"],
  ]);
  strictEqual(masks!.table!.rows.length, 3);
  deepStrictEqual(rate!.table!.rows.map((row) => row.slice(0, 4)), [
    ["schedule 1", "4", "0.03", "0.003"],
  ]);
  // Only those that select leave out anything.
  deepStrictEqual(
    new Set(ignored!.table!.rows.map(([, , , last]) => last)),
    new Set(["12.5"]),
  );
  deepStrictEqual(
    ignored!.table!.rows.map(([title]) => title),
    ["fr", ...new Array(3).fill("model_bcm_fr_refine")],
  );
});

Deno.test("no share is shown where no training leaves out pixels", async () => {
  const run = figureRun();
  for (const step of run.stepsOf("train_segmenter")) {
    Object.assign(step.params, { selection: null });
  }
  const curves = await trainingCurves(run);
  ok(await lossFigure(curves) !== null);
  strictEqual(await ignoredFigure(curves), null);
});

Deno.test("readings have precision beside chance, and their names", async () => {
  const figure = await readingsFigure(figureRun());
  deepStrictEqual(figure!.table!.rows, [
    ["FR-loss: default", "25.0", "75.0", "50.0", "–"],
    ["Refine by mask", "–", "81.3", "–", "–"],
  ]);
});

Deno.test("filling rates have the published list beside VOC's classes only", async () => {
  const drawn = await fillingRateFigure(figureRun());
  // "cat" is one of VOC's.
  deepStrictEqual(drawn!.table!.rows, [
    [CLASSES[0], "2", "37.5", "50.0, 25.0", "62.3"],
    [CLASSES[1], "1", "100.0", "100.0, –", "–"],
  ]);
  const run = new FigureRun().add("rates", {
    stage: "measure_filling_rates",
    gives: {
      rates: [{
        ...{ className: "leaf", boxCount: 1, fillingRate: 0.5 },
        subClasses: [],
      }],
    },
  });
  const own = await fillingRateFigure(run);
  deepStrictEqual(own!.table!.rows, [["leaf", "1", "50.0", "–"]]);
  ok(!own!.svg.includes("#d55e00"));
});

Deno.test("no filling rates without a box", async () => {
  const run = new FigureRun().add("rates", {
    stage: "measure_filling_rates",
    gives: { rates: [] },
  });
  strictEqual(await fillingRateFigure(run), null);
});
