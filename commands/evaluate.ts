/**
 * `evaluate`: scores a folder of label maps against another.
 *
 * @module
 */
import { classNamesOf } from "../lib/dataset/class_list.ts";
import { scoreFolders } from "../lib/metric/score_folders.ts";
import { scoreTable } from "../lib/report/score_table.ts";
import { CliError } from "../pipeline/cli/project.ts";
import { byComma } from "./by_comma.ts";

/** Options of `evaluate`. */
export interface EvaluateOptions {
  readonly classes: string;
  readonly list?: string;
  readonly trimap?: string;
  readonly headline?: string;
  readonly json?: boolean;
}

/** Scores and prints. @throws {CliError} For what cannot be an option's value. */
export function evaluate(
  predictions: string,
  truth: string,
  options: EvaluateOptions,
): void {
  const { classes, list = null } = options;
  const trimapWidthsPx = byComma(options.trimap).map(widthPx);
  const scores = scoreFolders({ predictions, truth, list }, {
    classNames: classNamesOf(classes),
    trimapWidthsPx,
    headlineClasses: byComma(options.headline),
  });
  console.log(
    options.json
      ? JSON.stringify(scores, null, 2)
      : `Classes: ${classes}\n\n${scoreTable(scores)}`,
  );
}

function widthPx(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new CliError(
    `Cannot score near borders as a width must be a whole number of px: ` +
      `"${text}"`,
  );
}
