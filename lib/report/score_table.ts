/**
 * The scores of one set of label maps as a table.
 *
 * @module
 */
import type { LabelScores } from "../metric/label_scorer.ts";
import { markdownTable, percent } from "./markdown_table.ts";

/** Overall scores, then each class; Markdown, per cent. */
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
