/**
 * Whole numbers for people.
 *
 * @module
 */

/**
 * With commas: `1999639040` is `1,999,639,040`.
 *
 * @example
 * ```ts
 * import { formatCount } from "./_format_count.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(formatCount(17125), "17,125");
 * ```
 */
export function formatCount(value: number): string {
  return value.toLocaleString("en-US");
}
