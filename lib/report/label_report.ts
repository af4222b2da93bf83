/**
 * The report on labels made from boxes, in Markdown.
 *
 * @module
 */
import type { LabelScores } from "../metric/label_scorer.ts";
import { markdownTable, percent } from "./markdown_table.ts";
import { PAPER_FILLING_RATES } from "./paper_filling_rates.ts";

/** Filling rates of one class as measured. */
export interface ClassFillingRates {
  readonly className: string;
  readonly boxCount: number;
  readonly fillingRate: number | null;
  readonly subClasses: readonly {
    readonly boxCount: number;
    readonly fillingRate: number | null;
  }[];
}

/** What the report tells of. */
export interface LabelReport {
  readonly title: string;
  readonly rectangles: LabelScores;
  readonly proposals: LabelScores;
  readonly fillingRates: readonly ClassFillingRates[];
}

/**
 * The whole report: quality of the labels, then filling rates.
 *
 * @example
 * ```ts
 * import { labelReport } from "./label_report.ts";
 * import { LabelScorer } from "../metric/label_scorer.ts";
 * import { match } from "node:assert";
 *
 * const scores = new LabelScorer({ classNames: ["cat"] }).scores();
 * const report = labelReport({
 *   title: "Labels from boxes",
 *   rectangles: scores,
 *   proposals: scores,
 *   fillingRates: [],
 * });
 * match(report, /^# Labels from boxes\n/);
 * ```
 */
export function labelReport(report: LabelReport): string {
  return [
    `# ${report.title}\n`,
    "## Labels against ground truth\n",
    summaryText(report),
    overallTable(report),
    "IoU of each class, %:\n",
    classTable(report),
    "## Filling rates\n",
    "Share of its boxes that each class fills, %, by our proposals; the\n" +
    "sub-classes by decreasing rate, each with its boxes. The published list\n" +
    "is for VOC 2012 with other boxes: to be compared, not matched.\n",
    fillingRateTable(report.fillingRates),
  ].join("\n");
}

function summaryText({ rectangles, proposals }: LabelReport): string {
  const images = proposals.imageCount;
  return `Mean IoU over ${images} images, background included: ` +
    `rectangle labels **${percent(rectangles.meanIou)} %**, ` +
    `CRF proposals **${percent(proposals.meanIou)} %**.\n`;
}

function overallTable({ rectangles, proposals }: LabelReport): string {
  const row = (name: string, value: (scores: LabelScores) => number | null) => [
    name,
    percent(value(rectangles)),
    percent(value(proposals)),
  ];
  const headline = proposals.headlineClasses.length === 0 ? [] : [
    row(
      `mean IoU over ${proposals.headlineClasses.join(", ")}`,
      (scores) => scores.headlineMeanIou,
    ),
  ];
  return markdownTable(["%", "rectangles", "CRF proposals"], [
    row("mean IoU", (scores) => scores.meanIou),
    ...headline,
    row("pixel accuracy", (scores) => scores.pixelAccuracy),
    row("mean class accuracy", (scores) => scores.meanClassAccuracy),
    row("frequency-weighted IoU", (scores) => scores.frequencyWeightedIou),
    row("foreground precision", (scores) => scores.foregroundPrecision),
    row("foreground recall", (scores) => scores.foregroundRecall),
    row("mean Boundary IoU", (scores) => scores.meanBoundaryIou),
    ...proposals.trimap.map(({ widthPx }, i) =>
      row(
        `mean IoU within ${widthPx} px of borders`,
        (scores) => scores.trimap[i]?.meanIou ?? null,
      )
    ),
  ]);
}

function classTable({ rectangles, proposals }: LabelReport): string {
  const rows = proposals.classes.flatMap(({ className, iou }, c) => {
    const ofRectangles = rectangles.classes[c]?.iou ?? null;
    if (iou === null && ofRectangles === null) return [];
    const gain = iou === null || ofRectangles === null
      ? "–"
      : signed(100 * (iou - ofRectangles));
    return [[className, percent(ofRectangles), percent(iou), gain]];
  });
  return markdownTable(
    ["class", "rectangles", "CRF proposals", "difference"],
    rows,
  );
}

function signed(points: number): string {
  const digits = Math.abs(points).toFixed(1);
  return (points < 0 && digits !== "0.0" ? "−" : "+") + digits;
}

function fillingRateTable(rates: readonly ClassFillingRates[]): string {
  const present = rates.filter(({ boxCount }) => boxCount > 0);
  const subClassCount = Math.max(
    0,
    ...present.map(({ subClasses }) => subClasses.length),
  );
  const subHeads = Array.from(
    { length: subClassCount },
    (_, s) => `sub-class ${s}`,
  );
  return markdownTable(
    ["class", "boxes", "filling rate", ...subHeads, "published"],
    present.map(({ className, boxCount, fillingRate, subClasses }) => [
      className,
      String(boxCount),
      percent(fillingRate),
      ...subHeads.map((_, s) => subClassText(subClasses[s])),
      percent(PAPER_FILLING_RATES.get(className) ?? null),
    ]),
  );
}

function subClassText(
  subClass: ClassFillingRates["subClasses"][number] | undefined,
): string {
  return subClass === undefined || subClass.boxCount === 0
    ? "–"
    : `${percent(subClass.fillingRate)} (${subClass.boxCount})`;
}
