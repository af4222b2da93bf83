/**
 * The metrics of two runs side by side.
 *
 * @module
 */

/** One metric of both. */
export interface MetricRow {
  readonly name: string;
  /** Null in a run that has none of this name. */
  readonly before: number | null;
  readonly after: number | null;
  /** After less before; null unless both have it. */
  readonly change: number | null;
}

/**
 * Metrics of both runs, in the order of the first, then those that only the
 * second has.
 *
 * @example
 * ```ts
 * import { metricRows } from "./metric_rows.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(metricRows({ a: 1, b: 1 }, { b: 3, c: 1 }), [
 *   { name: "a", before: 1, after: null, change: null },
 *   { name: "b", before: 1, after: 3, change: 2 },
 *   { name: "c", before: null, after: 1, change: null },
 * ]);
 * ```
 */
export function metricRows(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): MetricRow[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].map((name) => {
    const values = {
      before: before[name] ?? null,
      after: after[name] ?? null,
    };
    const change = values.before === null || values.after === null
      ? null
      : values.after - values.before;
    return { name, ...values, change };
  });
}
