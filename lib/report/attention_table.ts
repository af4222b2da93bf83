/**
 * How well attention maps show the boxes, in Markdown.
 *
 * @module
 */
import type { AttentionShares } from "../metric/attention_overlap.ts";
import { inTableOrder, titleOf } from "./ablation_variants.ts";
import { markdownTable, percent } from "./markdown_table.ts";

/** The attention maps of a way to train, over its seeds. */
export interface AttentionResult {
  readonly variant: string;
  /** Means over its maps. */
  readonly mean: AttentionShares;
  /** `[K]`, or `[1]` for one map of all classes. */
  readonly ofMaps: readonly AttentionShares[];
}

/** What the page tells of. */
export interface AttentionPage {
  readonly title: string;
  readonly imageCount: number;
  /** Of each result. */
  readonly seedCount: number;
  /** `[K]`. */
  readonly classNames: readonly string[];
  readonly results: readonly AttentionResult[];
}

/**
 * The whole page.
 *
 * @example
 * ```ts
 * import { attentionTable } from "./attention_table.ts";
 * import { match } from "node:assert";
 *
 * const mean = { iou: 0.5, openIou: 0.2, inside: 0.9, outside: 0.25 };
 * const page = attentionTable({
 *   title: "Attention maps",
 *   imageCount: 8,
 *   seedCount: 1,
 *   classNames: ["ball"],
 *   results: [{ variant: "bcm", mean, ofMaps: [mean] }],
 * });
 * match(page, /\| BCM \| 50\.0 \| 20\.0 \| 0\.90 \| 0\.25 \|/);
 * ```
 */
export function attentionTable(page: AttentionPage): string {
  const { title, imageCount, seedCount, classNames } = page;
  const results = inTableOrder(page.results.map(({ variant }) => variant))
    .map((name) => page.results.find(({ variant }) => variant === name)!);
  const ofClasses = results.filter(({ ofMaps }) =>
    ofMaps.length === classNames.length
  );
  if (results.length === 0) {
    return `# ${title}\n\nNo model that is compared has attention maps.\n`;
  }
  return [
    `# ${title}\n`,
    `On ${imageCount} pictures, ` +
    `${seedCount === 1 ? "one seed" : `means over ${seedCount} seeds`}.\n`,
    markdownTable(
      ["", "IoU with boxes, %", "if open everywhere", "inside", "outside"],
      results.map(({ variant, mean }) => [
        titleOf(variant),
        percent(mean.iou),
        percent(mean.openIou),
        level(mean.inside),
        level(mean.outside),
      ]),
    ),
    "- IoU with boxes: of the cells where a map is over 0.5 with those on which\n" +
    "  a box of its class lies, in pictures that have the class; mean over\n" +
    "  classes, background left out\n" +
    "- inside, outside: mean of the maps there, 0 to 1; outside in all pictures\n",
    ...(ofClasses.length === 0 ? [] : [
      "## Each class\n",
      "IoU with boxes, %:\n",
      markdownTable(
        ["class", ...ofClasses.map(({ variant }) => titleOf(variant))],
        classNames.map((name, k) => [
          name,
          ...ofClasses.map(({ ofMaps }) => percent(ofMaps[k]!.iou)),
        ]),
      ),
    ]),
  ].join("\n");
}

function level(value: number | null): string {
  return value === null ? "–" : value.toFixed(2);
}
