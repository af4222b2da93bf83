/**
 * Names of numbers.
 *
 * @module
 */

/**
 * A class name as part of a metric's name: lower case letters of any script,
 * digits, and `_` for all else.
 *
 * @example
 * ```ts
 * import { metricName } from "./metric_name.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(metricName("Dining table"), "dining_table");
 * ```
 */
export function metricName(className: string): string {
  const name = className.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "_");
  return name.replaceAll(/^_+|_+$/g, "") || "_";
}
