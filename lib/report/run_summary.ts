/**
 * What came out of a run on one screen, in plain text.
 *
 * @module
 */
import { ABLATION_VARIANTS } from "./ablation_variants.ts";
import { percent } from "./markdown_table.ts";

/** What label maps are called when they are scored. */
const LABELS: readonly (readonly [metric: string, title: string])[] = [
  ["rectangles", "Rectangles"],
  ["proposals", "Proposals"],
];

const NUMBER_WIDTH = 9;

/**
 * Mean IoUs of labels and models, in per cent: at most 20 lines of 70
 * characters. Empty for a run that scored nothing.
 *
 * @param metrics Of the run, by name.
 *
 * @example
 * ```ts
 * import { runSummary } from "./run_summary.ts";
 * import { strictEqual } from "node:assert";
 *
 * const metrics = {
 *   "proposals.mean_iou": 0.8213,
 *   "ablation.bcm.mean_iou": 0.57,
 *   "ablation.bcm.crf.mean_iou": 0.67,
 * };
 * strictEqual(
 *   runSummary(metrics),
 *   `mean IoU, %                 of labels
 * Proposals                        82.1
 *
 * mean IoU, %                    no CRF with CRF
 * BCM                              57.0     67.0
 * `,
 * );
 * ```
 */
export function runSummary(metrics: Readonly<Record<string, number>>): string {
  const labels = LABELS.flatMap(([name, title]) => {
    const meanIou = metrics[`${name}.mean_iou`];
    return meanIou === undefined ? [] : [[title, percent(meanIou)]];
  });
  const models = ABLATION_VARIANTS.flatMap(({ name, title }) => {
    const plain = metrics[`ablation.${name}.mean_iou`];
    const refined = metrics[`ablation.${name}.crf.mean_iou`];
    if (plain === undefined && refined === undefined) return [];
    return [[title, percent(plain ?? null), percent(refined ?? null)]];
  });
  return [
    aligned(["mean IoU, %", "of labels"], labels),
    aligned(["mean IoU, %", "no CRF", "with CRF"], models),
  ].filter((table) => table !== "").join("\n");
}

/** Lines with numbers below each other; empty without rows. */
function aligned(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return "";
  const width = Math.max(
    28,
    ...rows.map(([title]) => title!.length),
  );
  return [head, ...rows].map(([title, ...numbers]) =>
    title!.padEnd(width) +
    numbers.map((text) => text.padStart(NUMBER_WIDTH)).join("") + "\n"
  ).join("");
}
