/**
 * All figures of a run: those of the paper, and those that say how a training
 * went.
 *
 * @module
 */
import type { Figure } from "./figure.ts";
import type { FigureSource } from "./figure_source.ts";
import { fillingRateFigure } from "./filling_rate_figure.ts";

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
  const figure = await fillingRateFigure(run);
  if (figure !== null) yield figure;
}
