/**
 * Tables 1, 2 and 3 of [Song2019] with ours beside the printed figures.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import {
  type AblationSummary,
  summariseAblation,
  type VariantSummary,
} from "../report/ablation_summary.ts";
import { intervalText, spreadText } from "../report/ablation_table.ts";
import { inTableOrder, titleOf } from "../report/ablation_variants.ts";
import {
  PRINTED_IN_TEXT,
  type PrintedTable,
  TABLE_1,
  TABLE_2,
  TABLE_3,
} from "../report/paper_printed.ts";
import { chartFigure } from "./chart.ts";
import { OURS, PRINTED, seriesEncoding } from "./chart_theme.ts";
import type { Figure, FigureTable } from "./figure.ts";
import {
  ablationScores,
  isVoc,
  type Measure,
  type ModelScores,
  networkOf,
} from "./model_scores.ts";

const WITHOUT = {
  name: "this run, without CRF",
  colour: OURS,
  shape: "circle",
  isHollow: true,
};
const WITH = { name: "this run, with CRF", colour: OURS, shape: "circle" };
const PAPER = { name: "printed", colour: PRINTED, shape: "diamond" };

/** A line of a table. */
interface Row {
  readonly label: string;
  /** Which of ours repeats it; null when none does. */
  readonly variant: string | null;
  /** %; null for what is ours alone. */
  readonly printed: number | null;
  readonly isQuoted: boolean;
}

/**
 * The tables that a run has something for: 1 and 2 for VGG-16 and other
 * networks, 3 for ResNet-101.
 *
 * @throws {RangeError} When models were not scored on as many pictures.
 *
 * @example
 * ```ts
 * import { paperTableFigures } from "./paper_table_figures.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const measure = { key: "meanIou" as const, text: "mean IoU" };
 * deepStrictEqual(await paperTableFigures([], measure), []);
 * ```
 */
export async function paperTableFigures(
  models: readonly ModelScores[],
  measure: Measure,
): Promise<Figure[]> {
  const scores = ablationScores(models, measure);
  if (scores.length === 0) return [];
  const summary = summariseAblation(scores);
  const context = { models, measure, summary };
  const variants = new Set(scores.map(({ variant }) => variant));
  const tables = networkOf(models) === "resnet101"
    ? [{ number: 3, table: TABLE_3, rows: printedRows(TABLE_3) }]
    : [
      { number: 1, table: TABLE_1, rows: table1Rows(variants) },
      { number: 2, table: TABLE_2, rows: printedRows(TABLE_2) },
    ];
  return await Promise.all(
    tables.filter(({ rows }) =>
      rows.some(({ variant }) => variant !== null && variants.has(variant))
    ).map((each) => tableFigure(each, context)),
  );
}

const ABOUT: Readonly<Record<number, string>> = {
  1: "what masking and filling rates gain",
  2: "boxes only, some masks, all masks",
  3: "with ResNet-101",
};

async function tableFigure(
  { number, table, rows }: {
    number: number;
    table: PrintedTable;
    rows: readonly Row[];
  },
  { models, measure, summary }: {
    models: readonly ModelScores[];
    measure: Measure;
    summary: AblationSummary;
  },
): Promise<Figure> {
  const seeds = new Set(models.map(({ seed }) => seed)).size;
  const { imageCount } = models[0]!.value;
  return await chartFigure({
    id: `table_${number}`,
    title: `Table ${number}: ${ABOUT[number]}`,
    caption: `${table.source} beside this run: ${measure.text} in % on ` +
      `${imageCount} pictures, network ${networkOf(models)}, ` +
      (seeds > 1
        ? `mean of ${seeds} seeds with the standard deviation as a line`
        : "one seed, so that chance is not known") +
      ". Printed figures are mean IoUs on VOC 2012 val, most likely with CRF; " +
      "those with * the paper quotes from other work." +
      (isAsPrinted(models[0]!, measure)
        ? ""
        : " This run's are of other pictures or classes: only the order of " +
          "rows can be compared."),
    alt: altText(rows, summary, number),
    table: dataOf(rows, summary),
    spec: markSpec(rows, { measure, summary }),
  });
}

/** A line of marks for each row, and how far seeds lie apart. */
function markSpec(
  rows: readonly Row[],
  { measure, summary }: { measure: Measure; summary: AblationSummary },
): TopLevelSpec {
  const points = rows.flatMap((row) => pointsOf(row, summary));
  const series = [PAPER, WITHOUT, WITH].filter(({ name }) =>
    points.some((point) => point.series === name)
  );
  const labels = rows.map(({ label }) => label);
  const y = {
    field: "row",
    type: "nominal" as const,
    sort: labels,
    axis: {
      title: null,
      grid: true,
      domain: false,
      ticks: false,
      labelPadding: 6,
    },
  };
  const scale = { zero: false, nice: true, padding: 12 };
  return {
    data: { values: points },
    width: 420,
    height: { step: 22 },
    encoding: { y },
    layer: [
      {
        transform: [{ filter: "datum.low !== null" }],
        mark: { type: "rule", strokeWidth: 2, color: OURS, opacity: 0.6 },
        encoding: {
          x: { field: "low", type: "quantitative", scale },
          x2: { field: "high" },
        },
      },
      {
        mark: { type: "point", size: 70, opacity: 1, strokeWidth: 1.5 },
        encoding: {
          x: {
            field: "value",
            type: "quantitative",
            scale,
            axis: { title: `${measure.text}, %` },
          },
          ...seriesEncoding(series),
        },
      },
    ],
  };
}

/** Whether scores are of what the paper's are of: all of VOC's val. */
function isAsPrinted({ value }: ModelScores, { key }: Measure): boolean {
  return key === "meanIou" && isVoc(value) &&
    value.imageCount === PRINTED_IN_TEXT.images.val;
}

/** The printed rows with ours between them, as our table has them. */
function table1Rows(variants: ReadonlySet<string>): Row[] {
  const elsewhere = TABLE_2.rows.map(({ variant }) => variant);
  const printed = new Map(TABLE_1.rows.map((row) => [row.variant!, row]));
  const ours = [...variants].filter((name) => !elsewhere.includes(name));
  return inTableOrder([...printed.keys(), ...ours]).map((variant) => {
    const row = printed.get(variant);
    return {
      label: titleOf(variant) + (row?.isQuoted ? " *" : ""),
      variant,
      printed: row?.meanIou ?? null,
      isQuoted: row?.isQuoted ?? false,
    };
  });
}

function printedRows({ rows }: PrintedTable): Row[] {
  return rows.map((row) => {
    const { supervision, method, labels, meanIou, variant, isQuoted } = row;
    const from = labels === null ? "" : `, ${labels}`;
    return {
      label: `${supervision}: ${method}${from}${isQuoted ? " *" : ""}`,
      variant,
      printed: meanIou,
      isQuoted,
    };
  });
}

function pointsOf({ label, variant, printed }: Row, summary: AblationSummary) {
  const point = (series: string, value: number, deviation: number | null) => ({
    row: label,
    series,
    value,
    low: deviation === null ? null : value - deviation,
    high: deviation === null ? null : value + deviation,
  });
  const ours = [false, true].flatMap((hasCrf) => {
    const found = summaryOf(summary, variant, hasCrf);
    if (found === undefined) return [];
    const { mean, deviation } = found.meanIou;
    const { name } = hasCrf ? WITH : WITHOUT;
    const spread = deviation === null ? null : 100 * deviation;
    return [point(name, 100 * mean, spread)];
  });
  return printed === null ? ours : [point(PAPER.name, printed, null), ...ours];
}

function summaryOf(
  { variants }: AblationSummary,
  variant: string | null,
  hasCrf: boolean,
): VariantSummary | undefined {
  return variants.find((of) => of.variant === variant && of.hasCrf === hasCrf);
}

function dataOf(rows: readonly Row[], summary: AblationSummary): FigureTable {
  return {
    columns: [
      "%",
      "this run, without CRF",
      "gain over control",
      "this run, with CRF",
      "gain over control",
      "printed",
    ],
    rows: rows.map(({ label, variant, printed }) => [
      label,
      ...[false, true].flatMap((hasCrf) => {
        const found = summaryOf(summary, variant, hasCrf);
        return found === undefined
          ? ["–", "–"]
          : [spreadText(found.meanIou), intervalText(found.gain)];
      }),
      printed === null ? "–" : printed.toFixed(1),
    ]),
  };
}

function altText(
  rows: readonly Row[],
  summary: AblationSummary,
  number: number,
): string {
  const told = rows.flatMap(({ label, variant, printed }) => {
    const found = summaryOf(summary, variant, true) ??
      summaryOf(summary, variant, false);
    const ours = found === undefined ? [] : [spreadText(found.meanIou)];
    const theirs = printed === null ? [] : [`printed ${printed.toFixed(1)}`];
    return [`${label} ${[...ours, ...theirs].join(", ")}`];
  });
  return `Table ${number} in per cent, this run's with CRF where there is ` +
    `one, then the printed figure. ${told.join("; ")}.`;
}
