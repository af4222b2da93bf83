/**
 * The ablation as a page: Table 1 of [Song2019] with our figures beside it.
 *
 * @module
 */
import { VOC_CLASSES } from "../dataset/classes.ts";
import {
  type AblationScore,
  type AblationSummary,
  type OrderCheck,
  summariseAblation,
  type VariantSummary,
} from "./ablation_summary.ts";
import { inTableOrder, titleOf } from "./ablation_variants.ts";
import { markdownTable, percent } from "./markdown_table.ts";
import {
  PAPER_CLASS_IOUS,
  PAPER_FIGURES,
  type PaperNetwork,
} from "./paper_tables.ts";
import type { Interval, Spread } from "./seed_statistics.ts";

/** What the page tells of. */
export interface AblationPage {
  readonly title: string;
  /** What is averaged, such as `mean IoU` or `mean IoU over 7 classes`. */
  readonly measure: string;
  /** Whose figures of the paper stand beside ours. */
  readonly network: PaperNetwork;
  readonly scores: readonly AblationScore[];
}

/**
 * The whole page, in Markdown.
 *
 * @throws {RangeError} See `summariseAblation`.
 *
 * @example
 * ```ts
 * import { ablationTable } from "./ablation_table.ts";
 * import { match } from "node:assert";
 *
 * const page = ablationTable({
 *   title: "Ablation",
 *   measure: "mean IoU",
 *   network: "vgg16",
 *   scores: [{
 *     variant: "bcm", seed: "1", hasCrf: true, meanIou: 0.5, imageCount: 8,
 *     classes: [],
 *   }],
 * });
 * match(page, /\| BCM \| – \| – \| 50\.0 \| – \| 65\.6 \|/);
 * ```
 */
export function ablationTable(page: AblationPage): string {
  const { title, measure, network, scores } = page;
  const summary = summariseAblation(scores);
  const seeds = [...new Set(scores.map(({ seed }) => seed))].sort();
  return [
    `# ${title}\n`,
    `${capitalised(measure)} in % on ${scores[0]!.imageCount} pictures, ` +
    `${seedText(seeds)}.\n`,
    variantTable(summary, network),
    "The paper's figures are for VOC 2012 val, most likely with CRF; those\n" +
    "with * it quotes from other work. A gain is the difference to the\n" +
    "control of the same seed, in points" +
    (seeds.length > 1
      ? `, with its 95 % interval:\n${FORMULA}\n\n${CAUTION}\n`
      : ".\n"),
    ...orderSection(summary),
    ...classSection(page),
  ].join("\n");
}

const FORMULA = "mean of the paired differences ± t(0.975; n − 1) · s / √n, " +
  "s their standard\ndeviation, n the seeds.";

const CAUTION = "Only the seed of the training varies, the pictures stay the " +
  "same; and of so many\ncomparisons, one in twenty or so shows by chance what " +
  "is not there.";

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function seedText(seeds: readonly string[]): string {
  return seeds.length === 1
    ? `one run, seed ${seeds[0]}: how much of a difference is chance is not ` +
      "known"
    : `mean ± standard deviation over seeds ${seeds.join(", ")}`;
}

function variantTable(
  { variants }: AblationSummary,
  network: PaperNetwork,
): string {
  const names = inTableOrder(variants.map(({ variant }) => variant));
  const rows = names.map((name) => {
    const [plain, refined] = [false, true].map((hasCrf) =>
      variants.find((of) => of.variant === name && of.hasCrf === hasCrf)
    );
    const paper = PAPER_FIGURES[network][name];
    return [
      titleOf(name),
      ...cellsOf(plain),
      ...cellsOf(refined),
      paper ? percent(paper.meanIou) + (paper.isQuoted ? "*" : "") : "–",
    ];
  });
  return markdownTable(
    ["%", "without CRF", "gain", "with CRF", "gain", "paper"],
    rows,
  );
}

function cellsOf(summary: VariantSummary | undefined): string[] {
  return summary === undefined
    ? ["–", "–"]
    : [spreadText(summary.meanIou), intervalText(summary.gain)];
}

/**
 * A mean in % with its standard deviation, where there is one.
 *
 * @example
 * ```ts
 * import { spreadText } from "./ablation_table.ts";
 * import { strictEqual } from "node:assert";
 *
 * const spread = { mean: 0.5, deviation: 0.012, count: 3 };
 * strictEqual(spreadText(spread), "50.0 ± 1.2");
 * ```
 */
export function spreadText({ mean, deviation }: Spread): string {
  return percent(mean) + (deviation === null ? "" : ` ± ${percent(deviation)}`);
}

/**
 * A difference in points with its interval, where there is one; a dash for none.
 *
 * @example
 * ```ts
 * import { intervalText } from "./ablation_table.ts";
 * import { strictEqual } from "node:assert";
 *
 * const one = { mean: 0.012, low: null, high: null, count: 1 };
 * strictEqual(intervalText(one), "+1.2");
 * ```
 */
export function intervalText(interval: Interval | null): string {
  if (interval === null) return "–";
  const { mean, low, high } = interval;
  return low === null || high === null
    ? signed(mean)
    : `${signed(mean)} [${signed(low)}, ${signed(high)}]`;
}

/** Points with their sign; a share of −0.0004 is −0.0 and printed as +0.0. */
function signed(share: number): string {
  const digits = percent(Math.abs(share));
  return (share < 0 && digits !== "0.0" ? "−" : "+") + digits;
}

function orderSection({ order }: AblationSummary): string[] {
  if (order.length === 0) return [];
  const rows = order.map((check: OrderCheck) => [
    `${titleOf(check.lower)} < ${titleOf(check.higher)}`,
    check.hasCrf ? "with" : "without",
    intervalText(check.difference),
    check.holds,
  ]);
  return [
    "## Does the paper's order hold?\n",
    "`yes` and `no` where the whole 95 % interval lies on one side of 0, " +
    "`open` where\nthe seeds do not tell.\n",
    markdownTable(["should be", "CRF", "difference", "holds"], rows),
  ];
}

function classSection({ scores, network }: AblationPage): string[] {
  const names = scores[0]!.classes.map(({ className }) => className);
  if (names.length === 0) return [];
  const ours = inTableOrder(scores.map(({ variant }) => variant))
    .map((variant) => [titleOf(variant), ...classCells(scores, variant)]);
  const isVoc = names.slice(1).join() === VOC_CLASSES.join();
  const paper = isVoc && network === "vgg16"
    ? Object.entries(PAPER_CLASS_IOUS).map(([variant, ious]) => [
      `paper: ${titleOf(variant)}`,
      ...ious.map((iou) => iou.toFixed(1)),
    ])
    : [];
  return [
    "## IoU of each class\n",
    "%, mean over seeds, with CRF where there is one.\n",
    markdownTable(["%", ...names], [...ours, ...paper]),
  ];
}

/** Mean over seeds of each class's IoU; a dash where one has none. */
function classCells(
  scores: readonly AblationScore[],
  variant: string,
): string[] {
  const all = scores.filter((score) => score.variant === variant);
  const refined = all.filter(({ hasCrf }) => hasCrf);
  const runs = refined.length > 0 ? refined : all;
  return runs[0]!.classes.map((_, c) => {
    const ious = runs.map(({ classes }) => classes[c]?.iou ?? null);
    const sum = ious.reduce<number | null>(
      (total, iou) => total === null || iou === null ? null : total + iou,
      0,
    );
    return percent(sum === null ? null : sum / ious.length);
  });
}
