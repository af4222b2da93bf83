/**
 * Figure 6 of [Song2019]: the mean filling rate of each class.
 *
 * @module
 */
import * as z from "zod";
import { percent } from "../report/markdown_table.ts";
import { PAPER_FILLING_RATES } from "../report/paper_filling_rates.ts";
import { chartFigure } from "./chart.ts";
import { OURS, PRINTED, SERIES_COLOURS } from "./chart_theme.ts";
import type { Figure } from "./figure.ts";
import type { FigureSource, FigureStep } from "./figure_source.ts";
import { readValue } from "./run_data.ts";

const Rate = z.number().min(0).max(1).nullable();

/** What `measure_filling_rates` gives. */
export const FillingRateList = z.array(z.object({
  className: z.string(),
  boxCount: z.int().min(0),
  fillingRate: Rate,
  subClasses: z.array(
    z.object({ boxCount: z.int().min(0), fillingRate: Rate }),
  ),
}));

/** See the schema of this name. */
export type FillingRateList = z.output<typeof FillingRateList>;

/** Of a chart's point. */
interface Point {
  readonly className: string;
  readonly series: string;
  /** %. */
  readonly rate: number;
}

/**
 * The filling rates that a run measured, with those of its sub-classes, beside
 * the published ones where the classes are VOC's; null when it has measured
 * none.
 *
 * @example
 * ```ts
 * import { fillingRateFigure } from "./filling_rate_figure.ts";
 * import { strictEqual } from "node:assert";
 *
 * const run = { stepsOf: () => [], value: () => Promise.resolve(null) };
 * strictEqual(await fillingRateFigure(run), null);
 * ```
 */
export async function fillingRateFigure(
  run: Pick<FigureSource, "stepsOf" | "value">,
): Promise<Figure | null> {
  const step = ratesStep(run);
  if (step === null) return null;
  const ref = { step: step.id, output: "rates" };
  const classes = await readValue(run, ref, FillingRateList);
  const hasPrinted = classes.some(({ className }) =>
    PAPER_FILLING_RATES.has(className)
  );
  const points = [
    ...oursOf(classes),
    ...(hasPrinted ? printedOf(classes) : []),
  ];
  if (points.length === 0) return null;
  const names = classes.map(({ className }) => className);
  const known = [OWN, SUB_CLASS, PUBLISHED];
  const series = known.filter((name) =>
    points.some((it) => it.series === name)
  );
  const pick = <T>(of: readonly [T, T, T]) =>
    series.map((name) => of[known.indexOf(name)]!);
  return await chartFigure({
    id: "filling_rates",
    title: "Filling rates of the classes",
    caption:
      "Figure 6: the mean share of its boxes that each class fills, by " +
      `the proposals (step ${step.id})` +
      (series.includes(SUB_CLASS)
        ? "; lines are the sub-classes of a class"
        : "") +
      (hasPrinted
        ? "; beside them the list that the paper's first author released, " +
          "measured on other boxes and proposals."
        : ". Its classes are not VOC's, so nothing printed stands beside them."),
    alt: altText(classes),
    table: tableOf(classes, hasPrinted),
    spec: {
      data: { values: points },
      width: { step: names.length > 12 ? 30 : 48 },
      height: 240,
      encoding: {
        x: {
          field: "className",
          type: "nominal",
          sort: names,
          axis: { title: null, labelAngle: -40, grid: true },
        },
        y: {
          field: "rate",
          type: "quantitative",
          scale: { domain: [0, 100] },
          axis: { title: "filling rate, %" },
        },
        color: {
          field: "series",
          type: "nominal",
          scale: {
            domain: series,
            range: pick([OURS, SERIES_COLOURS[5], PRINTED]),
          },
          legend: { title: null, orient: "top" },
        },
        shape: {
          field: "series",
          type: "nominal",
          scale: {
            domain: series,
            range: pick(["circle", "stroke", "diamond"]),
          },
        },
      },
      mark: {
        type: "point",
        filled: true,
        size: 70,
        opacity: 1,
        strokeWidth: 2,
      },
    },
  });
}

const OWN = "this run";
const SUB_CLASS = "its sub-classes";
const PUBLISHED = "published list";

/** What trainings were given, else the first that was measured. */
function ratesStep(run: Pick<FigureSource, "stepsOf">): FigureStep | null {
  const steps = run.stepsOf("measure_filling_rates");
  const used = run.stepsOf("train_segmenter").flatMap((step) =>
    (step.origins.filling_rates ?? []).map((origin) =>
      origin.from === "step" ? origin.step : ""
    )
  );
  return steps.find(({ id }) => used.includes(id)) ?? steps[0] ?? null;
}

function oursOf(classes: FillingRateList): Point[] {
  const point = (className: string, series: string, rate: number | null) =>
    rate === null ? [] : [{ className, series, rate: 100 * rate }];
  return classes.flatMap(({ className, fillingRate, subClasses }) => [
    ...subClasses.flatMap((one) =>
      point(className, SUB_CLASS, one.fillingRate)
    ),
    ...point(className, OWN, fillingRate),
  ]);
}

function printedOf(classes: FillingRateList): Point[] {
  return classes.flatMap(({ className }) => {
    const rate = PAPER_FILLING_RATES.get(className);
    return rate === undefined
      ? []
      : [{ className, series: PUBLISHED, rate: 100 * rate }];
  });
}

function tableOf(classes: FillingRateList, hasPrinted: boolean) {
  return {
    columns: [
      "class",
      "boxes",
      "filling rate, %",
      "of sub-classes, %",
      ...(hasPrinted ? ["published, %"] : []),
    ],
    rows: classes.map(({ className, boxCount, fillingRate, subClasses }) => [
      className,
      `${boxCount}`,
      percent(fillingRate),
      subClasses.map((one) => percent(one.fillingRate)).join(", ") || "–",
      ...(hasPrinted
        ? [percent(PAPER_FILLING_RATES.get(className) ?? null)]
        : []),
    ]),
  };
}

function altText(classes: FillingRateList): string {
  const rates = classes.flatMap(({ className, fillingRate }) =>
    fillingRate === null ? [] : [`${className} ${percent(fillingRate)}`]
  );
  return `Mean filling rate of each class in per cent: ${rates.join(", ")}.`;
}
