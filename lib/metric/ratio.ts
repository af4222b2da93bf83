/**
 * Shares of counts.
 *
 * @module
 */

/**
 * A part of a whole; null for 0 / 0.
 *
 * @example
 * ```ts
 * import { ratio } from "./ratio.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(ratio(1, 4), 0.25);
 * strictEqual(ratio(0, 0), null);
 * ```
 */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
