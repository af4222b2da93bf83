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
      ...tables.map(textTable),
    ].map((line) => escapeLines(line) + "\n").join("")
  ).join("\n");
}

function escapeLines(text: string): string {
  return text.split("\n").map(escapeControls).join("\n");
}

/** What is a number, as far as its column is concerned. */
const NUMERIC = /^([-+]?[\d.,]+(e[-+]?\d+)?( ?%| s)?|–)$/;

function textTable({ title, head, rows, left }: ComparedTable): string {
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
  return ["", title, ...[...lines, ...more].map((line) => `  ${line}`)]
    .join("\n");
}
