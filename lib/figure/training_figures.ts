/**
 * How the trainings of a run went: loss, learning rate, and how much of what is
 * labelled the filling-rate loss left out.
 *
 * @module
 */
import { percent } from "../report/markdown_table.ts";
import { chartFigure } from "./chart.ts";
import { OURS, SERIES_COLOURS } from "./chart_theme.ts";
import type { Figure } from "./figure.ts";
import type { CurvePoint, TrainingCurve } from "./training_curves.ts";

/** Panels side by side. */
const COLUMNS = 3;

/**
 * The figures that there are curves for; none for a run without trainings.
 *
 * @example
 * ```ts
 * import { trainingFigures } from "./training_figures.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(await trainingFigures([]), []);
 * ```
 */
export async function trainingFigures(
  curves: readonly TrainingCurve[],
): Promise<Figure[]> {
  const known = curves.filter(({ points }) => points.length > 0);
  if (known.length === 0) return [];
  const selecting = known.filter(({ step }) =>
    (step.params.selection ?? null) !== null
  );
  return await Promise.all([
    lossFigure(known),
    learningRateFigure(known),
    ...(selecting.length > 0 ? [ignoredFigure(selecting)] : []),
  ]);
}

async function lossFigure(curves: readonly TrainingCurve[]): Promise<Figure> {
  const values = curves.flatMap(({ title, seed, points }) =>
    points.map(({ iteration, loss }) => ({ title, seed, iteration, loss }))
  );
  const titles = titlesOf(curves);
  return await chartFigure({
    id: "training_loss",
    title: "Training losses",
    caption: "Cross-entropy of the pixels that the loss keeps, in nats, over " +
      "iterations, one panel for each training and one line for each seed; " +
      "each point is the mean of a sixtieth of the training. " +
      "Losses of trainings that keep fewer pixels are not to be compared with " +
      "others.",
    alt: "Training losses. " + titles.map((title) => {
      const { points } = curves.find((curve) => curve.title === title)!;
      return `${title}: from ${nats(points[0]!)} to ${nats(points.at(-1)!)}`;
    }).join("; ") + ".",
    table: {
      columns: ["training", "seed", "iterations", "first loss", "last loss"],
      rows: curves.map(({ title, seed, points }) => [
        title,
        seed,
        `${points.at(-1)!.iteration}`,
        nats(points[0]!),
        nats(points.at(-1)!),
      ]),
    },
    spec: {
      data: { values },
      ...panels(titles),
      spec: {
        width: PANEL_WIDTH_PX,
        height: 90,
        mark: { type: "line", strokeWidth: 1.5, color: OURS },
        encoding: {
          x: ITERATIONS,
          y: {
            field: "loss",
            type: "quantitative",
            axis: { title: "loss, nats", tickCount: 4 },
          },
          detail: { field: "seed", type: "nominal" },
        },
      },
    },
  });
}

const PANEL_WIDTH_PX = 230;

const ITERATIONS = {
  field: "iteration",
  type: "quantitative" as const,
  axis: { title: "iterations", tickCount: 4, format: ",d" },
};

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

function nats({ loss }: CurvePoint): string {
  return loss.toFixed(3);
}

/** Each once. */
function titlesOf(curves: readonly TrainingCurve[]): string[] {
  return [...new Set(curves.map(({ title }) => title))];
}

/** Trainings by the course of their rate: many share one. */
async function learningRateFigure(
  curves: readonly TrainingCurve[],
): Promise<Figure> {
  const schedules = [
    ...Map.groupBy(
      curves,
      ({ points }) =>
        JSON.stringify(points.map((it) => [it.iteration, it.learningRate])),
    )
      .values(),
  ];
  const named = schedules.map((sharing, i) => ({
    name: `schedule ${i + 1}`,
    trainings: titlesOf(sharing),
    points: sharing[0]!.points,
  }));
  const values = named.flatMap(({ name, points }) =>
    points.map(({ iteration, learningRate }) => ({
      name,
      iteration,
      learningRate,
    }))
  );
  return await chartFigure({
    id: "learning_rate",
    title: "Learning rates",
    caption: "The learning rate over iterations. " +
      named.map((it) => `${capitalised(it.name)}: ${it.trainings.join(", ")}.`)
        .join(" "),
    alt: "Learning rates. " + named.map(({ name, points }) =>
      `${name}: from ${rate(points[0]!)} to ` +
      `${rate(points.at(-1)!)} in ${points.at(-1)!.iteration} iterations`
    ).join("; ") + ".",
    table: {
      columns: ["schedule", "iterations", "first", "last", "trainings"],
      rows: named.map(({ name, points, trainings }) => [
        name,
        `${points.at(-1)!.iteration}`,
        rate(points[0]!),
        rate(points.at(-1)!),
        trainings.join(", "),
      ]),
    },
    spec: {
      data: { values },
      width: 420,
      height: 180,
      mark: { type: "line", strokeWidth: 2, interpolate: "step-before" },
      encoding: {
        x: { ...ITERATIONS, axis: { title: "iterations", format: ",d" } },
        y: {
          field: "learningRate",
          type: "quantitative",
          scale: { type: "log" },
          axis: { title: "learning rate", format: "~g", tickCount: 4 },
        },
        ...lines(
          named.map(({ name }) =>
            name
          ),
          "name",
        ),
      },
    },
  });
}

/** Rounded as it is written in a workflow. */
function rate({ learningRate }: CurvePoint): string {
  return `${Number(learningRate.toPrecision(4))}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Colour and dash of lines: more than there are colours can be told apart. */
function lines(domain: readonly string[], field: string) {
  const range = [...SERIES_COLOURS];
  const dashes = domain.map((_, i) =>
    [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]][
      (i + Math.floor(i / range.length)) % 4
    ]!
  );
  const legend = { title: null, symbolType: "stroke", symbolSize: 300 };
  return {
    color: {
      field,
      type: "nominal" as const,
      scale: { domain: [...domain], range },
      legend,
    },
    strokeDash: {
      field,
      type: "nominal" as const,
      scale: { domain: [...domain], range: dashes },
      legend,
    },
  };
}

async function ignoredFigure(
  curves: readonly TrainingCurve[],
): Promise<Figure> {
  const titles = titlesOf(curves);
  const values = curves.flatMap(({ title, seed, points }) =>
    points.map(({ iteration, keptShare }) => ({
      title,
      seed,
      iteration,
      ignored: 100 * (1 - keptShare),
    }))
  );
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
    spec: {
      data: { values },
      width: 420,
      height: 240,
      mark: { type: "line", strokeWidth: 1.75 },
      encoding: {
        x: { ...ITERATIONS, axis: { title: "iterations", format: ",d" } },
        y: {
          field: "ignored",
          type: "quantitative",
          aggregate: "mean",
          axis: { title: "left out, % of labelled pixels" },
        },
        ...lines(titles, "title"),
      },
    },
  });
}

function left({ keptShare }: CurvePoint): string {
  return percent(1 - keptShare);
}
