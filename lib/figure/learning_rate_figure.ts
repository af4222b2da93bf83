/**
 * How the learning rates of a run's trainings fall.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import { chartFigure } from "./chart.ts";
import { iterationsAxis } from "./chart_axes.ts";
import { lineEncoding } from "./chart_theme.ts";
import type { Figure } from "./figure.ts";
import {
  type CurvePoint,
  titlesOf,
  type TrainingCurve,
} from "./training_curves.ts";

/** A course of the learning rate, and the trainings that have it. */
interface Schedule {
  readonly name: string;
  readonly trainings: readonly string[];
  readonly points: readonly CurvePoint[];
}

/**
 * The learning rates of trainings over iterations, one line for all that share
 * one; null without trainings.
 *
 * @example
 * ```ts
 * import { learningRateFigure } from "./learning_rate_figure.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(await learningRateFigure([]), null);
 * ```
 */
export async function learningRateFigure(
  curves: readonly TrainingCurve[],
): Promise<Figure | null> {
  const schedules = [
    ...Map.groupBy(
      curves,
      ({ points }) =>
        JSON.stringify(points.map((it) => [it.iteration, it.learningRate])),
    )
      .values(),
  ];
  const named = schedules.map((sharing, i): Schedule => ({
    name: `schedule ${i + 1}`,
    trainings: titlesOf(sharing),
    points: sharing[0]!.points,
  }));
  if (named.length === 0) return null;
  return await chartFigure({
    id: "learning_rate",
    title: "Learning rates",
    caption: "The learning rate over iterations. " +
      named.map((it) => `${capitalised(it.name)}: ${it.trainings.join("; ")}.`)
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
        trainings.join("; "),
      ]),
    },
    spec: scheduleSpec(named),
  });
}

/** A line for each schedule. */
function scheduleSpec(schedules: readonly Schedule[]): TopLevelSpec {
  const values = schedules.flatMap(({ name, points }) =>
    // A rate of 0 has no place on a logarithmic axis.
    points.filter(({ learningRate }) => learningRate > 0)
      .map(({ iteration, learningRate }) => ({ name, iteration, learningRate }))
  );
  return {
    data: { values },
    width: 420,
    height: 180,
    mark: { type: "line", strokeWidth: 2, interpolate: "step-before" },
    encoding: {
      x: iterationsAxis(),
      y: {
        field: "learningRate",
        type: "quantitative",
        scale: { type: "log" },
        axis: { title: "learning rate", format: "~g", tickCount: 4 },
      },
      ...lineEncoding(
        schedules.map(({ name }) => name),
        "name",
      ),
    },
  };
}

/** Rounded as it is written in a workflow. */
function rate({ learningRate }: CurvePoint): string {
  return `${Number(learningRate.toPrecision(4))}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
