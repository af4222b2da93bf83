/**
 * Figure 6 of [Song2019]: the mean filling rate of each class.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { percent } from "../report/markdown_table.ts";
import { PAPER_FILLING_RATES } from "../report/paper_filling_rates.ts";
import { chartFigure } from "./chart.ts";
import { classAxis, classStepPx } from "./chart_axes.ts";
import {
  OURS,
  PRINTED,
  type Series,
  SERIES_COLOURS,
  seriesEncoding,
} from "./chart_theme.ts";
import type { Figure } from "./figure.ts";
import type { FigureSource, FigureStep } from "./figure_source.ts";
import { readValue } from "./run_data.ts";
import { FillingRatesValue } from "./run_values.ts";

/** A point of the chart. */
interface Point {
  readonly className: string;
  readonly series: string;
  /** %. */
  readonly rate: number;
}

/** What is shown, the first below the others. */
const SUB_CLASS = {
  name: "its sub-classes",
  colour: SERIES_COLOURS[5],
  shape: "stroke",
};
const OWN = { name: "this run", colour: OURS, shape: "circle" };
const PUBLISHED = {
  name: "published list",
  colour: PRINTED,
  shape: "diamond",
};

/**
 * The filling rates that a run measured, with those of its sub-classes, beside
 * the published ones where classes are VOC's; null when it has measured none.
 *
 * @throws {RangeError} When they are damaged.
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
  const classes = await readValue(run, ref, FillingRatesValue);
  const points = classes.flatMap(pointsOf);
  if (points.length === 0) return null;
  const series = [SUB_CLASS, OWN, PUBLISHED].filter(({ name }) =>
    points.some((point) => point.series === name)
  );
  const hasPublished = series.includes(PUBLISHED);
  const names = classes.map(({ className }) => className);
  return await chartFigure({
    id: "filling_rates",
    title: "Filling rates of the classes",
    caption: "Figure 6 of the paper: the mean share of its boxes that each " +
      `class fills, by the proposals (step ${step.id})` +
      (series.includes(SUB_CLASS)
        ? "; grey lines are the sub-classes of a class"
        : "") +
      (hasPublished
        ? ". Beside it the list that the paper's first author released, " +
          "measured on other boxes and proposals; most probably the figure's."
        : ". Its classes are not VOC's, so nothing printed stands beside it."),
    alt: altText(classes),
    table: tableOf(classes, hasPublished),
    spec: rateSpec(points, { names, series }),
  });
}

/** Rates over classes. */
function rateSpec(
  points: readonly Point[],
  { names, series }: {
    names: readonly string[];
    series: readonly Series[];
  },
): TopLevelSpec {
  return {
    data: { values: [...points] },
    width: { step: classStepPx(names) },
    height: 240,
    encoding: {
      x: {
        field: "className",
        type: "nominal",
        sort: [...names],
        axis: classAxis(names),
      },
      y: {
        field: "rate",
        type: "quantitative",
        scale: { domain: [0, 100] },
        axis: { title: "filling rate, %" },
      },
      ...seriesEncoding(series),
    },
    mark: { type: "point", size: 90, opacity: 1, strokeWidth: 1.5 },
  };
}

/**
 * The step that measured what trainings were given, else the first that
 * measured filling rates; null when none did.
 *
 * @example
 * ```ts
 * import { ratesStep } from "./filling_rate_figure.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(ratesStep({ stepsOf: () => [] }), null);
 * ```
 */
export function ratesStep(
  run: Pick<FigureSource, "stepsOf">,
): FigureStep | null {
  const steps = run.stepsOf("measure_filling_rates");
  const used = run.stepsOf("train_segmenter").flatMap((step) =>
    (step.origins.filling_rates ?? []).map((origin) =>
      origin.from === "step" ? origin.step : ""
    )
  );
  return steps.find(({ id }) => used.includes(id)) ?? steps[0] ?? null;
}

function pointsOf(
  { className, fillingRate, subClasses }: FillingRatesValue[number],
): Point[] {
  const published = PAPER_FILLING_RATES.get(className) ?? null;
  const rates: [string, number | null][] = [
    ...subClasses.map((one): [string, number | null] => [
      SUB_CLASS.name,
      one.fillingRate,
    ]),
    [OWN.name, fillingRate],
    [PUBLISHED.name, published],
  ];
  return rates.flatMap(([series, rate]) =>
    rate === null ? [] : [{ className, series, rate: 100 * rate }]
  );
}

function tableOf(classes: FillingRatesValue, hasPublished: boolean) {
  return {
    columns: [
      "class",
      "boxes",
      "filling rate, %",
      "of sub-classes, %",
      ...(hasPublished ? ["published, %"] : []),
    ],
    rows: classes.map(({ className, boxCount, fillingRate, subClasses }) => [
      className,
      `${boxCount}`,
      percent(fillingRate),
      subClasses.map((one) => percent(one.fillingRate)).join(", ") || "–",
      ...(hasPublished
        ? [percent(PAPER_FILLING_RATES.get(className) ?? null)]
        : []),
    ]),
  };
}

function altText(classes: FillingRatesValue): string {
  const rates = classes.flatMap(({ className, fillingRate }) =>
    fillingRate === null ? [] : [`${className} ${percent(fillingRate)}`]
  );
  return `Mean filling rate of each class in per cent: ${rates.join(", ")}.`;
}
