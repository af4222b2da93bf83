/**
 * Scores near object borders, by how near: DeepLab's trimap plot.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { ABLATION_VARIANTS, titleOf } from "../report/ablation_variants.ts";
import { percent } from "../report/markdown_table.ts";
import { spreadOf } from "../report/seed_statistics.ts";
import { chartFigure } from "./chart.ts";
import { SERIES_COLOURS } from "./chart_theme.ts";
import type { Figure } from "./figure.ts";
import type { ModelScores } from "./model_scores.ts";
import { mainModel } from "./scored_models.ts";

/** Beside the main model, where there are any. */
const COMPARED = ["rectangles", "baseline", "control", "semi", "full"];

const CRF_TEXT = { true: "with CRF", false: "without CRF" } as const;

/** Mean over seeds, 0…1. */
interface Point {
  readonly variant: string;
  readonly crf: string;
  readonly widthPx: number;
  readonly meanIou: number;
}

/**
 * Mean IoU of the pixels within a few px of a void border, over the width, of
 * the main model and what it is compared with; null when nothing was scored
 * near borders.
 *
 * @example
 * ```ts
 * import { trimapFigure } from "./trimap_figure.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(await trimapFigure([]), null);
 * ```
 */
export async function trimapFigure(
  models: readonly ModelScores[],
): Promise<Figure | null> {
  const shown = shownVariants(models);
  const points = shown.flatMap((variant) =>
    [false, true].flatMap((hasCrf) => pointsOf(models, variant, hasCrf))
  );
  if (points.length === 0) return null;
  const widths = [...new Set(points.map(({ widthPx }) => widthPx))]
    .sort((a, b) => a - b);
  return await chartFigure({
    id: "trimap",
    title: "Mean IoU near object borders",
    caption: "Mean IoU in %, of all classes, counting only pixels within so " +
      "many px of a void border (DeepLab's trimap), on " +
      `${models[0]!.value.imageCount} pictures, mean over seeds. ` +
      "Lines are whole with CRF, dashed without.",
    alt: altText(points, widths),
    table: tableOf(points, widths),
    spec: curveSpec(points, { titles: shown.map(titleOf), widths }),
  });
}

/** A line for each variant, with and without CRF. */
function curveSpec(
  points: readonly Point[],
  { titles, widths }: {
    titles: readonly string[];
    widths: readonly number[];
  },
): TopLevelSpec {
  const values = points.map((point) => ({
    ...point,
    meanIou: 100 * point.meanIou,
  }));
  return {
    data: { values },
    width: 420,
    height: 260,
    encoding: {
      x: {
        field: "widthPx",
        type: "quantitative",
        axis: { title: "px from a border, at most", values: [...widths] },
      },
      y: {
        field: "meanIou",
        type: "quantitative",
        scale: { zero: false, nice: true, padding: 8 },
        axis: { title: "mean IoU, %" },
      },
      color: {
        field: "variant",
        type: "nominal",
        scale: { domain: [...titles], range: [...SERIES_COLOURS] },
        legend: { title: null },
      },
      strokeDash: {
        field: "crf",
        type: "nominal",
        scale: {
          domain: [CRF_TEXT.true, CRF_TEXT.false],
          range: [[1, 0], [5, 4]],
        },
        legend: null,
      },
      shape: {
        field: "variant",
        type: "nominal",
        scale: { domain: [...titles] },
        legend: { title: null },
      },
    },
    mark: { type: "line", strokeWidth: 2, point: { size: 60, filled: true } },
  };
}

/** In the order of the tables. */
function shownVariants(models: readonly ModelScores[]): string[] {
  const main = mainModel(models)?.variant;
  const has = (name: string) => models.some((it) => it.variant === name);
  const known = ABLATION_VARIANTS.map(({ name }) => name)
    .filter((name) => (COMPARED.includes(name) || name === main) && has(name));
  return main === undefined || known.includes(main) ? known : [...known, main];
}

function pointsOf(
  models: readonly ModelScores[],
  variant: string,
  hasCrf: boolean,
): Point[] {
  const runs = models.filter((it) =>
    it.variant === variant && it.hasCrf === hasCrf
  );
  return (runs[0]?.value.trimap ?? []).flatMap(({ widthPx }) => {
    const ious = runs.flatMap(({ value }) =>
      value.trimap.find((it) => it.widthPx === widthPx)?.meanIou ?? []
    );
    const crf = CRF_TEXT[`${hasCrf}`];
    return ious.length === 0 ? [] : [{
      variant: titleOf(variant),
      crf,
      widthPx,
      meanIou: spreadOf(ious).mean,
    }];
  });
}

/** By line of the chart. */
function byLine(points: readonly Point[]): Map<string, Point[]> {
  return Map.groupBy(points, ({ variant, crf }) => `${variant}, ${crf}`);
}

function tableOf(points: readonly Point[], widths: readonly number[]) {
  const at = (line: readonly Point[], width: number) =>
    line.find(({ widthPx }) => widthPx === width)?.meanIou ?? null;
  return {
    columns: ["%", ...widths.map((width) => `within ${width} px`)],
    rows: [...byLine(points)].map(([name, line]) => [
      name,
      ...widths.map((width) => percent(at(line, width))),
    ]),
  };
}

function altText(points: readonly Point[], widths: readonly number[]): string {
  const told = [...byLine(points)].map(([name, line]) =>
    `${name} ${line.map(({ meanIou }) => percent(meanIou)).join(", ")}`
  );
  return `Mean IoU in per cent within ${widths.join(", ")} px of a border: ` +
    `${told.join("; ")}.`;
}
