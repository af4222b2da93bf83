/**
 * What the main model takes each class for.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { titleOf } from "../report/ablation_variants.ts";
import { chartFigure } from "./chart.ts";
import type { Figure } from "./figure.ts";
import type { ModelScores } from "./model_scores.ts";
import { mainModel } from "./scored_models.ts";

/** Less is not written, so that what matters is seen. */
const LEAST_WRITTEN = 0.5;

/** Classes; a matrix of more is a page of its own. */
const MOST = 64;

/** From here on a square is dark. */
const DARK_FROM = 50;

/** Of blue, at 0, `DARK_FROM` and 100 %. */
const PALE_TO_DARK = ["#f2f7fc", "#4f93c9", "#08306b"];

/** A square of the matrix. */
interface Cell {
  readonly truth: string;
  readonly prediction: string;
  /** %. */
  readonly share: number;
  /** What is written on it. */
  readonly text: string;
}

/**
 * The confusion matrix as a heat map, each row in per cent of the pixels of
 * its true class; null when no model was scored, or on more classes than can be
 * told apart.
 *
 * @example
 * ```ts
 * import { confusionFigure } from "./confusion_figure.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(await confusionFigure([]), null);
 * ```
 */
export async function confusionFigure(
  models: readonly ModelScores[],
): Promise<Figure | null> {
  const main = mainModel(models);
  const scored = models.find(({ scores }) => scores.id === main?.scores.id);
  if (scored === undefined) return null;
  const { classes, confusion, imageCount } = scored.value;
  const names = classes.map(({ className }) => className);
  const shares = confusion.map(percentOfRow);
  if (shares.every((row) => row === null) || names.length > MOST) return null;
  const cells = shares.flatMap((row, truth) =>
    (row ?? []).map((share, prediction) => ({
      truth: names[truth]!,
      prediction: names[prediction]!,
      share,
      text: share < LEAST_WRITTEN ? "" : share.toFixed(0),
    }))
  );
  return await chartFigure({
    id: "confusion",
    title: "What each class is taken for",
    caption: `Confusion matrix of ${titleOf(scored.variant)}` +
      `${scored.hasCrf ? " with CRF" : ""}, seed ${scored.seed}, on ` +
      `${imageCount} pictures (step ${scored.scores.id}): each row is a true ` +
      "class, its numbers the per cent of its pixels that are predicted as " +
      `each class; under ${LEAST_WRITTEN} they are not written. Void is left ` +
      "out.",
    alt: altText(names, shares),
    table: {
      columns: ["truth, %", ...names],
      rows: names.map((name, truth) => [
        name,
        ...names.map((_, c) => shares[truth]?.[c]?.toFixed(1) ?? "–"),
      ]),
    },
    spec: heatMap(names, cells),
  });
}

/** Squares with their numbers. */
function heatMap(
  names: readonly string[],
  cells: readonly Cell[],
): TopLevelSpec {
  const stepPx = names.length > 12 ? 25 : 40;
  const fontSize = names.length > 12 ? 9 : 11;
  const side = (field: string, title: string) => ({
    field,
    type: "nominal" as const,
    sort: [...names],
    axis: { title, domain: false, ticks: false, labelPadding: 6 },
  });
  const x = side("prediction", "predicted");
  const y = side("truth", "truth");
  return {
    data: { values: [...cells] },
    width: { step: stepPx },
    height: { step: stepPx },
    encoding: {
      x: {
        ...x,
        axis: {
          ...x.axis,
          orient: "top",
          labelAngle: -50,
        },
      },
      y,
    },
    layer: [
      {
        mark: { type: "rect", stroke: "currentColor", strokeOpacity: 0.15 },
        encoding: {
          fill: {
            field: "share",
            type: "quantitative",
            scale: { range: PALE_TO_DARK, domain: [0, DARK_FROM, 100] },
            legend: { title: "% of the true class", gradientLength: 160 },
          },
        },
      },
      {
        mark: { type: "text", fontSize },
        encoding: {
          text: { field: "text", type: "nominal" },
          color: {
            condition: { test: `datum.share >= ${DARK_FROM}`, value: "#fff" },
            value: "#111",
          },
        },
      },
    ],
  };
}

/** Null for a class without pixels in the truth. */
function percentOfRow(row: readonly number[]): number[] | null {
  const total = row.reduce((sum, count) => sum + count, 0);
  return total === 0 ? null : row.map((count) => 100 * count / total);
}

function altText(
  names: readonly string[],
  shares: readonly (readonly number[] | null)[],
): string {
  const told = names.flatMap((name, truth) => {
    const row = shares[truth];
    if (!row) return [];
    const [wrong] = row.map((share, c) => ({ share, c }))
      .filter(({ c, share }) => c !== truth && share >= LEAST_WRITTEN)
      .sort((a, b) => b.share - a.share);
    const right = `${name} ${row[truth]!.toFixed(0)} per cent right`;
    return wrong === undefined
      ? [right]
      : [`${right}, most often taken for ${names[wrong.c]}`];
  });
  return `Confusion matrix: ${told.join("; ")}.`;
}
