/**
 * A comparison for a terminal.
 *
 * @module
 */
import { escapeControls } from "../workflow/wording.ts";
import type { ComparedTable, Comparison, NotComparable } from "./comparison.ts";
import { comparisonPage } from "./comparison_page.ts";

/** As plain text, the verdict first. */
export function comparisonText(of: Comparison | NotComparable): string {
  if (of.verdict === "not_comparable") {
    // Reasons escape what they quote; some have lines of their own.
    return ["Not comparable", ...of.reasons].join("\n") + "\n";
  }
  return comparisonPage(of).map(({ title, lines, tables }) =>
    [
      ...(title === null ? [] : [`== ${title}`]),
      ...lines,
      ...tables.flatMap(tableLines),
      // None has lines of its own: to a CI, one that begins with "::" is an order.
    ].map((line) => escapeControls(line) + "\n").join("")
  ).join("\n");
}

/** What is a number, as far as its column is concerned. */
const NUMERIC = /^([-+]?[\d.,]+(e[-+]?\d+)?( ?%| s)?|–)$/;

function tableLines({ title, head, rows, left }: ComparedTable): string[] {
  const all = [head, ...rows].map((row) => row.map(escapeControls));
  const widths = head.map((_, i) =>
    Math.max(...all.map((row) => row[i]!.length))
  );
  const isRight = head.map((_, i) =>
    rows.every((row) => NUMERIC.test(row[i]!))
  );
  const lines = all.map((row) =>
    row.map((cell, i) =>
      isRight[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)
    ).join("  ").trimEnd()
  );
  const more = left === 0 ? [] : [`and ${left} more: --format json has all`];
  return ["", title, ...[...lines, ...more].map((line) => `  ${line}`)];
}
