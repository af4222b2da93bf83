/**
 * The scores of one set of label maps as a table.
 *
 * @module
 */
import type { LabelScores } from "../metric/label_scorer.ts";
import { markdownTable, percent } from "./markdown_table.ts";

/**
 * Overall scores, then each class; Markdown, per cent.
 *
 * @example
 * ```ts
 * import { scoreTable } from "./score_table.ts";
 * import { LabelScorer } from "../metric/label_scorer.ts";
 * import { match } from "node:assert";
 *
 * const truth = { width: 2, height: 1, data: Uint8Array.of(0, 1) };
 * const scorer = new LabelScorer({ classNames: ["cat"] });
 * scorer.add("a", { truth, prediction: truth });
 * match(scoreTable(scorer.scores()), /\| mean IoU \| 100\.0 \|/);
 * ```
 */
export function scoreTable(scores: LabelScores): string {
  const overall = markdownTable(["%", `${scores.imageCount} images`], [
    ["mean IoU", percent(scores.meanIou)],
    ...headlineRows(scores),
    ["pixel accuracy", percent(scores.pixelAccuracy)],
    ["mean class accuracy", percent(scores.meanClassAccuracy)],
    ["frequency-weighted IoU", percent(scores.frequencyWeightedIou)],
    ["foreground precision", percent(scores.foregroundPrecision)],
    ["foreground recall", percent(scores.foregroundRecall)],
    ["mean Boundary IoU", percent(scores.meanBoundaryIou)],
    ...scores.trimap.map(({ widthPx, meanIou }) => [
      `mean IoU within ${widthPx} px of borders`,
      percent(meanIou),
    ]),
  ]);
  const classes = markdownTable(
    ["class", "IoU", "Boundary IoU", "precision", "recall"],
    scores.classes.filter(({ iou }) => iou !== null).map((of) => [
      of.className,
      percent(of.iou),
      percent(of.boundaryIou),
      percent(of.precision),
      percent(of.recall),
    ]),
  );
  return `${overall}\n${classes}`;
}

/** A row for the mean over the headline classes, when any were asked for. */
function headlineRows(scores: LabelScores): string[][] {
  const { headlineClasses, headlineMeanIou } = scores;
  if (headlineClasses.length === 0) return [];
  const name = `mean IoU over ${headlineClasses.join(", ")}`;
  return [[name, percent(headlineMeanIou)]];
}
