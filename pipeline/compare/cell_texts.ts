/**
 * Values and tables of a comparison as texts.
 *
 * @module
 */
import type { ComparedTable } from "./comparison.ts";
import type { Difference } from "./json_difference.ts";

/** Rows of a table; the others are in the JSON. */
const ROWS = 20;

/** Characters of a value. */
const SHOWN = 60;

/** Names in a line. */
const LISTED = 5;

/** A table cut to what one reads. */
export function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): ComparedTable {
  return {
    title,
    head,
    rows: rows.slice(0, ROWS),
    left: Math.max(0, rows.length - ROWS),
  };
}

/** Both sides of a difference. */
export function cells(difference: Difference): [string, string] {
  const of = (side: "a" | "b") =>
    side in difference ? shown(difference[side]) : "–";
  return [of("a"), of("b")];
}

/** The same in a line. */
export function sides(difference: Difference): string {
  return cells(difference).join(" -> ");
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** A number with five digits. */
export function number(value: number | null): string {
  return value === null ? "–" : String(Number(value.toPrecision(5)));
}

/** A change with its sign. */
export function signed(value: number | null, digits = 4): string {
  if (value === null) return "–";
  const text = String(Number(value.toPrecision(digits)));
  return value > 0 ? `+${text}` : text;
}

/** `1 step`, `2 steps`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** The first of them, and how many more. */
export function listed(items: readonly string[]): string {
  const more = items.length - LISTED;
  return items.slice(0, LISTED).join(", ") +
    (more > 0 ? ` and ${more} more` : "");
}
