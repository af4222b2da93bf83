/**
 * All figures of a run: those of the paper, and those that say how a training
 * went.
 *
 * @module
 */
import { classIouFigure } from "./class_iou_figure.ts";
import { confusionFigure } from "./confusion_figure.ts";
import type { Figure } from "./figure.ts";
import type { FigureSource } from "./figure_source.ts";
import { fillingRateFigure } from "./filling_rate_figure.ts";
import { measureOf, readModelScores } from "./model_scores.ts";
import { paperTableFigures } from "./paper_table_figures.ts";
import { readingsFigure } from "./readings_figure.ts";
import { trainingCurves } from "./training_curves.ts";
import { trainingFigures } from "./training_figures.ts";
import { trimapFigure } from "./trimap_figure.ts";

export type { FigureSource } from "./figure_source.ts";

/**
 * The figures that a run has the data for, in the order of the paper, each
 * drawn when it is asked for. Equal runs give equal figures.
 *
 * @throws {RangeError} Naming step and output, when one is damaged.
 *
 * @example
 * ```ts
 * import { runFigures } from "./run_figures.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const nothing = (): never => {
 *   throw new RangeError("no step");
 * };
 * const run = {
 *   record: { workflow: "empty", steps: [] },
 *   stepsOf: () => [],
 *   value: nothing,
 *   items: nothing,
 *   inputItems: nothing,
 * };
 * deepStrictEqual(await Array.fromAsync(runFigures(run)), []);
 * ```
 */
export async function* runFigures(run: FigureSource): AsyncIterable<Figure> {
  const models = await readModelScores(run);
  const measure = measureOf(run, models);
  yield* there(await fillingRateFigure(run));
  yield* await paperTableFigures(models, measure);
  yield* there(await classIouFigure(models));
  yield* there(await confusionFigure(models));
  yield* there(await trimapFigure(models));
  yield* await trainingFigures(await trainingCurves(run));
  yield* there(await readingsFigure(run));
}

function there(figure: Figure | null): Figure[] {
  return figure === null ? [] : [figure];
}
