/**
 * Draws a chart; for a process in which `eval` and `new Function` throw.
 *
 * @module
 */
import { confusionFigure } from "../../../lib/figure/confusion_figure.ts";
import { readModelScores } from "../../../lib/figure/model_scores.ts";
import { figureRun } from "./figure_run.ts";

try {
  new Function("return 1")();
  console.log("evaluates");
} catch {
  // Its text colours and marks have expressions.
  const figure = await confusionFigure(await readModelScores(figureRun()));
  console.log(figure!.svg.slice(0, 4));
}
