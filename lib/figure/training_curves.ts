/**
 * The histories of a run's trainings, thinned out for curves.
 *
 * @module
 */
import type { HistoryEntry } from "../train/history.ts";
import { titleOf } from "../report/ablation_variants.ts";
import type { FigureSource, FigureStep } from "./figure_source.ts";
import { readValue } from "./run_data.ts";
import { HistoryValue } from "./run_values.ts";

/** Of a curve, so that it is not all noise. */
const POINTS = 60;

/** Means over some iterations in a row. */
export interface CurvePoint {
  /** The last of them, from 1. */
  readonly iteration: number;
  /** Nats. */
  readonly loss: number;
  readonly maskLoss: number;
  /** Of the last of them, as a rate is set and not measured. */
  readonly learningRate: number;
  /** Of the labelled pixels, 0…1. */
  readonly keptShare: number;
}

/** How a training went. */
export interface TrainingCurve {
  readonly step: FigureStep;
  /** What its metrics are called by, or of one with variants its variant's. */
  readonly title: string;
  readonly seed: string;
  readonly points: readonly CurvePoint[];
}

/**
 * The curves of all trainings, in the order of the workflow; none of which is
 * empty.
 *
 * @throws {RangeError} When a history is damaged.
 *
 * @example
 * ```ts
 * import { trainingCurves } from "./training_curves.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const run = { stepsOf: () => [], value: () => Promise.resolve(null) };
 * deepStrictEqual(await trainingCurves(run), []);
 * ```
 */
export async function trainingCurves(
  run: Pick<FigureSource, "stepsOf" | "value">,
): Promise<TrainingCurve[]> {
  const steps = run.stepsOf("train_segmenter");
  const curves = await Promise.all(
    steps.map(async (step) => {
      const ref = { step: step.id, output: "history" };
      const history = await readValue(run, ref, HistoryValue);
      return {
        step,
        title: titleOfTraining(step, steps),
        seed: step.axes.seed ?? `${step.seed}`,
        points: thinned(history),
      };
    }),
  );
  return curves.filter(({ points }) => points.length > 0);
}

/** With its name before its variant where another has the same variant. */
function titleOfTraining(
  step: FigureStep,
  all: readonly FigureStep[],
): string {
  const { name, params, axes } = step;
  const called = typeof params.name === "string" ? params.name : name;
  const { variant } = axes;
  if (variant === undefined) return called;
  const isShared = all.some((other) =>
    other.name !== name && other.axes.variant === variant
  );
  return isShared ? `${called}: ${titleOf(variant)}` : titleOf(variant);
}

/**
 * Means over parts of equal length, so that a curve is not all noise.
 *
 * @example
 * ```ts
 * import { thinned } from "./training_curves.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const history = Array.from({ length: 120 }, (_, iteration) => ({
 *   iteration, loss: iteration, maskLoss: 0, learningRate: 1, keptShare: 1,
 * }));
 * const curve = thinned(history);
 * deepStrictEqual([curve.length, curve[0]!.loss], [60, 0.5]);
 * deepStrictEqual(curve.at(-1)!.iteration, 120);
 * ```
 */
export function thinned(history: readonly HistoryEntry[]): CurvePoint[] {
  const count = Math.min(POINTS, history.length);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor(i * history.length / count);
    const to = Math.floor((i + 1) * history.length / count);
    const part = history.slice(from, to);
    const mean = (of: (entry: HistoryEntry) => number) =>
      part.reduce((sum, entry) => sum + of(entry), 0) / part.length;
    return {
      iteration: part.at(-1)!.iteration + 1,
      loss: mean(({ loss }) => loss),
      maskLoss: mean(({ maskLoss }) => maskLoss),
      // The curve begins with the first rate and ends with the last.
      learningRate: (i === 0 ? part[0]! : part.at(-1)!).learningRate,
      keptShare: mean(({ keptShare }) => keptShare),
    };
  });
}

/**
 * The titles of curves, each once.
 *
 * @example
 * ```ts
 * import { titlesOf } from "./training_curves.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const twice = [{ title: "semi" }, { title: "semi" }];
 * deepStrictEqual(titlesOf(twice), ["semi"]);
 * ```
 */
export function titlesOf(
  curves: readonly Pick<TrainingCurve, "title">[],
): string[] {
  return [...new Set(curves.map(({ title }) => title))];
}
