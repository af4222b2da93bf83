import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { VOC_CLASSES } from "../../../lib/dataset/classes.ts";
import {
  PRINTED_IN_FIGURES,
  PRINTED_IN_TEXT,
  type PrintedTable,
  TABLE_1,
  TABLE_2,
  TABLE_3,
  TABLE_4,
} from "../../../lib/report/paper_printed.ts";
import { PAPER_FILLING_RATES } from "../../../lib/report/paper_filling_rates.ts";
import { PAPER_FIGURES } from "../../../lib/report/paper_tables.ts";

/** A transcription made on its own; not everyone who runs the tests has it. */
const TRANSCRIPTION = "../shared/design/paper_tables.json";
const ignore = !existsSync(TRANSCRIPTION);

/** What the tests read of it. */
interface Transcription {
  readonly "class_names_voc": readonly string[];
  readonly table1: { rows: { group: string; units: string; mIoU: number }[] };
  readonly table2: { rows: TranscribedRow[] };
  readonly table3: { rows: TranscribedRow[] };
  readonly table4: {
    rows: Record<string, { values: number[]; printed_mean: number }>;
  };
  readonly figure1: Record<string, unknown>;
  readonly figure2: Record<string, unknown>;
  readonly figure6: Record<string, unknown>;
  readonly "reference_filling_rates": { values: Record<string, number> };
  readonly "other_numbers": Record<string, number>;
}

interface TranscribedRow {
  readonly mode: string;
  readonly method: string;
  readonly labels?: string;
  readonly mIoU: number;
}

function transcription(): Transcription {
  return JSON.parse(Deno.readTextFileSync(TRANSCRIPTION));
}

Deno.test({
  name: "Table 1 is as transcribed",
  ignore,
  fn() {
    const rows = transcription().table1.rows;
    deepStrictEqual(
      TABLE_1.rows.map(({ method, meanIou }) => [method, meanIou]),
      rows.map(({ units, mIoU }) => [units === "-" ? "Baseline" : units, mIoU]),
    );
  },
});

Deno.test({
  name: "Tables 2 and 3 are as transcribed",
  ignore,
  fn() {
    const { table2, table3 } = transcription();
    const printed = ({ rows }: PrintedTable) =>
      rows.map((row) => [row.supervision, row.method, row.labels, row.meanIou]);
    const transcribed = (rows: readonly TranscribedRow[]) =>
      rows.map(({ mode, method, labels, mIoU }) => [
        mode.toLowerCase(),
        method,
        labels ?? null,
        mIoU,
      ]);
    deepStrictEqual(printed(TABLE_2), transcribed(table2.rows));
    deepStrictEqual(printed(TABLE_3), transcribed(table3.rows));
  },
});

Deno.test({
  name: "Table 4 is as transcribed, for VOC's classes in our order",
  ignore,
  fn() {
    const { table4, "class_names_voc": names } = transcription();
    deepStrictEqual(names, ["background", ...VOC_CLASSES]);
    deepStrictEqual(
      TABLE_4.rows.map(({ method, ious, mean }) => [method, ious, mean]),
      Object.entries(table4.rows).map((
        [method, row],
      ) => [method, row.values, row.printed_mean]),
    );
  },
});

Deno.test({
  name: "what figures have in numbers is as transcribed",
  ignore,
  fn() {
    const { figure1, figure2, figure6 } = transcription();
    const ours = PRINTED_IN_FIGURES;
    deepStrictEqual(
      [ours.figure1.approximateFillingRates, ours.figure1.topSharesShown],
      [
        figure1.approximate_filling_rates_percent,
        figure1.top_shares_shown_percent,
      ],
    );
    deepStrictEqual(ours.figure2.fillingRates, figure2.filling_rates_percent);
    deepStrictEqual(
      [ours.figure6.axisTicks, ours.figure6.series, null],
      [figure6.axis_ticks_percent, figure6.series, figure6.values],
    );
  },
});

Deno.test({
  name: "the published filling rates are as transcribed, to three digits",
  ignore,
  fn() {
    const values = Object.values(
      transcription().reference_filling_rates.values,
    );
    deepStrictEqual([...PAPER_FILLING_RATES.keys()], [...VOC_CLASSES]);
    deepStrictEqual(
      [...PAPER_FILLING_RATES.values()].map((rate) => rate.toFixed(3)),
      values.map((rate) => rate.toFixed(3)),
    );
  },
});

Deno.test({
  name: "sizes and settings of the text are as transcribed",
  ignore,
  fn() {
    const it = PRINTED_IN_TEXT;
    deepStrictEqual({
      "val_images": it.images.val,
      "train_images": it.images.train,
      "test_images": it.images.test,
      "trainaug_images": it.images.trainAug,
      "boxes_only_images_semi": it.boxImagesOfSemi,
      "forward_ms_with_bcm": it.forwardMs.withBcm,
      "forward_ms_without_bcm": it.forwardMs.withoutBcm,
      "lambda_bcm": it.lambda,
      "global_fr": it.globalFillingRate,
      "subclasses_per_class": it.subClassesOfClass,
      "baseline_iterations": it.iterations.baseline,
      "finetune_iterations": it.iterations.fineTuning,
      "base_lr": it.learningRate.base,
      "lr_divide_every": it.learningRate.dividedEvery,
      "batch_with_bcm": it.batchSize.withBcm,
      "batch_without_bcm": it.batchSize.withoutBcm,
    }, transcription().other_numbers);
  },
});

Deno.test("the two filling rates of Figure 2 are those of the published list", () => {
  const rates = Object.entries(PRINTED_IN_FIGURES.figure2.fillingRates);
  strictEqual(rates.length, 2);
  ok(
    rates.every(([name, percent]) =>
      (100 * PAPER_FILLING_RATES.get(name)!).toFixed(1) === percent.toFixed(1)
    ),
  );
});

Deno.test("a variant that two tables print has one figure", () => {
  const rows = [...TABLE_1.rows, ...TABLE_2.rows]
    .filter(({ variant }) => variant !== null);
  for (const { variant, meanIou, isQuoted } of rows) {
    const figure = { meanIou: meanIou / 100, isQuoted };
    deepStrictEqual(PAPER_FIGURES.vgg16[variant!], figure);
  }
  strictEqual(Object.keys(PAPER_FIGURES.vgg16).length, 12);
});
