/**
 * Readings of the filling-rate loss against ground truth, in Markdown.
 *
 * @module
 */
import {
  type IgnoredCounts,
  ignoredShares,
  totalIgnored,
} from "../metric/ignored_labels.ts";
import { markdownTable, percent } from "./markdown_table.ts";

/** What a reading ignored. */
export interface ReadingResult {
  readonly title: string;
  /** `[K]`. */
  readonly counts: readonly IgnoredCounts[];
}

/** What the page tells of. */
export interface ReadingsPage {
  readonly title: string;
  readonly imageCount: number;
  /** `[K]`. */
  readonly classNames: readonly string[];
  readonly results: readonly ReadingResult[];
}

/**
 * The whole page.
 *
 * @example
 * ```ts
 * import { emptyIgnoredCounts } from "../metric/ignored_labels.ts";
 * import { readingsTable } from "./readings_table.ts";
 * import { match } from "node:assert";
 *
 * const counts = { ...emptyIgnoredCounts(), ignored: 4, wrongIgnored: 3 };
 * const page = readingsTable({
 *   title: "Readings",
 *   imageCount: 1,
 *   classNames: ["ball"],
 *   results: [{ title: "FR-loss", counts: [counts] }],
 * });
 * match(page, /\| FR-loss \| – \| 75\.0 \|/);
 * ```
 */
export function readingsTable(page: ReadingsPage): string {
  const { title, imageCount, classNames, results } = page;
  return [
    `# ${title}\n`,
    `What each reading of the filling-rate loss would ignore in the first ` +
    `iteration,\nagainst the ground truth of ${imageCount} pictures, at the ` +
    `cells that the loss sees.\n`,
    markdownTable(
      ["%", "ignored", "precision", "base rate", "recall", "right lost"],
      results.map(({ title, counts }) => [title, ...sharesOf(counts)]),
    ),
    "- ignored: of the labels that the reading may ignore, how many it does\n" +
    "- precision: of those, how many are wrong\n" +
    "- base rate: of all that it may ignore, how many are wrong: the\n" +
    "  precision of chance\n" +
    "- recall: of all wrong labels but background, how many it ignores\n" +
    "- right lost: of the right labels that it may ignore, how many it does\n",
    "## Each class\n",
    "Precision / base rate / recall, %:\n",
    markdownTable(
      ["class", ...results.map(({ title }) => title)],
      classNames.map((name, k) => [
        name,
        ...results.map(({ counts }) => {
          const { precision, baseRate, recall } = ignoredShares(counts[k]!);
          return [precision, baseRate, recall].map(percent).join(" / ");
        }),
      ]),
    ),
  ].join("\n");
}

function sharesOf(counts: readonly IgnoredCounts[]): string[] {
  const { ignored, precision, baseRate, recall, lost } = ignoredShares(
    totalIgnored(counts),
  );
  return [ignored, precision, baseRate, recall, lost].map(percent);
}
