/**
 * How the trainings of a run went: their losses, and how much of what is
 * labelled the filling-rate loss left out.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { percent } from "../report/markdown_table.ts";
import { chartFigure } from "./chart.ts";
import { iterationsAxis } from "./chart_axes.ts";
import { lineEncoding, OURS } from "./chart_theme.ts";
import type { Figure } from "./figure.ts";
import {
  type CurvePoint,
  titlesOf,
  type TrainingCurve,
} from "./training_curves.ts";

/** Panels side by side. */
const COLUMNS = 3;

/**
 * Losses over iterations; null without trainings.
 *
 * @example
 * ```ts
 * import { lossFigure } from "./training_figures.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(await lossFigure([]), null);
 * ```
 */
export async function lossFigure(
  curves: readonly TrainingCurve[],
): Promise<Figure | null> {
  if (curves.length === 0) return null;
  return await lossPanels(curves, {
    id: "training_loss",
    title: "Training losses",
    about: "Cross-entropy of the pixels that the loss keeps, in nats, over " +
      "iterations. Losses of trainings that keep fewer pixels are not to be " +
      "compared with others.",
    axis: "loss, nats",
    lossOf: ({ loss }) => loss,
  });
}

/**
 * Losses of the attention maps over iterations; null when none were taught.
 *
 * @param curves Of all trainings.
 *
 * @example
 * ```ts
 * import { maskLossFigure } from "./training_figures.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(await maskLossFigure([]), null);
 * ```
 */
export async function maskLossFigure(
  curves: readonly TrainingCurve[],
): Promise<Figure | null> {
  const taught = curves.filter(({ step }) =>
    (step.params.mask ?? null) !== null
  );
  if (taught.length === 0) return null;
  return await lossPanels(taught, {
    id: "mask_loss",
    title: "Losses of the attention maps",
    about: "How far the attention maps are from the boxes they are taught, " +
      "over iterations, before their weight lambda.",
    axis: "mask loss",
    lossOf: ({ maskLoss }) => maskLoss,
  });
}

/** What is shown of trainings, in panels. */
interface LossPanels {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly axis: string;
  lossOf(point: CurvePoint): number;
}

async function lossPanels(
  curves: readonly TrainingCurve[],
  { id, title, about, axis, lossOf }: LossPanels,
): Promise<Figure> {
  const shown = (point: CurvePoint) => lossOf(point).toFixed(3);
  const rows = curves.map((curve) => [
    curve.title,
    curve.seed,
    `${curve.points.at(-1)!.iteration}`,
    shown(curve.points[0]!),
    shown(curve.points.at(-1)!),
  ]);
  const values = curves.flatMap(({ step, title, points }) =>
    points.map((point) => ({
      title,
      step: step.id,
      iteration: point.iteration,
      loss: lossOf(point),
    }))
  );
  return await chartFigure({
    id,
    title,
    caption: `${about} One panel for each training and one line for each ` +
      "seed; each point is the mean of a sixtieth of the training.",
    alt: `${title}. ` + rows.map(([name, seed, , first, last]) =>
      `${name}, seed ${seed}: from ${first} to ${last}`
    ).join("; ") + ".",
    table: {
      columns: ["training", "seed", "iterations", "first loss", "last loss"],
      rows,
    },
    spec: {
      data: { values },
      ...panels(titlesOf(curves)),
      spec: {
        width: PANEL_WIDTH_PX,
        height: 90,
        mark: { type: "line", strokeWidth: 1.5, color: OURS },
        encoding: {
          x: iterationsAxis(4),
          y: {
            field: "loss",
            type: "quantitative",
            axis: { title: axis, tickCount: 4 },
          },
          detail: { field: "step", type: "nominal" },
        },
      },
    },
  });
}

const PANEL_WIDTH_PX = 230;

function panels(titles: readonly string[]) {
  return {
    columns: Math.min(COLUMNS, titles.length),
    // Else Vega makes room for titles as wide as it takes them for.
    bounds: "flush" as const,
    spacing: { row: 70, column: 24 },
    facet: {
      field: "title",
      type: "nominal" as const,
      sort: [...titles],
      header: { title: null },
    },
    // Trainings are of very unlike lengths.
    resolve: { scale: { x: "independent" as const } },
  };
}

/**
 * How much of what is labelled the loss left out, over iterations; null when no
 * training had the filling-rate loss.
 *
 * @param curves Of all trainings.
 *
 * @example
 * ```ts
 * import { ignoredFigure } from "./training_figures.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(await ignoredFigure([]), null);
 * ```
 */
export async function ignoredFigure(
  all: readonly TrainingCurve[],
): Promise<Figure | null> {
  const curves = all.filter(({ step }) =>
    (step.params.selection ?? null) !== null
  );
  if (curves.length === 0) return null;
  return await chartFigure({
    id: "ignored_share",
    title: "What the filling-rate loss leaves out",
    caption: "Share of the labelled pixels, background included, that the " +
      "loss left out, in %, over iterations, mean over seeds; trainings without the " +
      "filling-rate loss leave out none and are not shown. How many of them " +
      "were wrong is in the figure of its readings.",
    alt: "Share of labelled pixels left out, in per cent. " +
      curves.map(({ title, seed, points }) =>
        `${title}, seed ${seed}: ${left(points[0]!)} at first, ` +
        `${left(points.at(-1)!)} at last`
      ).join("; ") + ".",
    table: {
      columns: ["training", "seed", "first, %", "last, %"],
      rows: curves.map(({ title, seed, points }) => [
        title,
        seed,
        left(points[0]!),
        left(points.at(-1)!),
      ]),
    },
    spec: ignoredSpec(curves),
  });
}

/** A line for each training, mean over seeds. */
function ignoredSpec(curves: readonly TrainingCurve[]): TopLevelSpec {
  const titles = titlesOf(curves);
  const values = curves.flatMap(({ title, seed, points }) =>
    points.map(({ iteration, keptShare }) => ({
      title,
      seed,
      iteration,
      ignored: 100 * (1 - keptShare),
    }))
  );
  return {
    data: { values },
    width: 420,
    height: 240,
    mark: { type: "line", strokeWidth: 1.75 },
    encoding: {
      x: iterationsAxis(),
      y: {
        field: "ignored",
        type: "quantitative",
        aggregate: "mean",
        axis: { title: "left out, % of labelled pixels" },
      },
      ...lineEncoding(titles, "title"),
    },
  };
}

function left({ keptShare }: CurvePoint): string {
  return percent(1 - keptShare);
}
