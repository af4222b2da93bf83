/**
 * Tables in Markdown.
 *
 * @module
 */

/**
 * A table whose first column is text and whose others are numbers, set right.
 *
 * @example
 * ```ts
 * import { markdownTable } from "./markdown_table.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(
 *   markdownTable(["class", "IoU"], [["cat", "71.2"]]),
 *   "| class | IoU |\n| --- | ---: |\n| cat | 71.2 |\n",
 * );
 * ```
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const rule = head.map((_, i) => i === 0 ? "---" : "---:");
  return [head, rule, ...rows]
    .map((cells) => `| ${cells.map(escapeCell).join(" | ")} |\n`).join("");
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/**
 * A share as per cent with one digit after the point; null as a dash.
 *
 * @example
 * ```ts
 * import { percent } from "./markdown_table.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(percent(0.6623), "66.2");
 * strictEqual(percent(null), "–");
 * ```
 */
export function percent(share: number | null): string {
  return share === null ? "–" : (100 * share).toFixed(1);
}
