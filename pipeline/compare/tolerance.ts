/**
 * How much a number may move, with its unit.
 *
 *   0.3, 0.3 points   hundredths: 0.003 of a share, as tables in % print it
 *   5%                of what it was
 *   12 units          of the number's own unit
 *   30 s              the same, of times
 *
 * @module
 */

/** An allowed change; always 0 or more. */
export interface Tolerance {
  readonly amount: number;
  readonly unit: ToleranceUnit;
}

/** What amounts are told in. */
export type ToleranceUnit = "points" | "%" | "units" | "s";

const WRITTEN = /^(\d{1,12}(?:\.\d{1,12})?) ?(points?|%|units?|s)$/;

const UNITS: Readonly<Record<string, ToleranceUnit>> = {
  point: "points",
  points: "points",
  unit: "units",
  units: "units",
  "%": "%",
  s: "s",
};

/**
 * Reads a tolerance; null when it is none.
 *
 * @example
 * ```ts
 * import { parseTolerance } from "./tolerance.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(parseTolerance(0.3), { amount: 0.3, unit: "points" });
 * deepStrictEqual(parseTolerance("5%"), { amount: 5, unit: "%" });
 * deepStrictEqual(parseTolerance("-1"), null);
 * ```
 */
export function parseTolerance(written: number | string): Tolerance | null {
  if (typeof written === "number") {
    return written >= 0 ? { amount: written, unit: "points" } : null;
  }
  const [, amount, unit] = WRITTEN.exec(written) ?? [];
  if (amount === undefined || unit === undefined) return null;
  return { amount: Number(amount), unit: UNITS[unit]! };
}

/** A tolerance as it is written. */
export function formatTolerance({ amount, unit }: Tolerance): string {
  if (unit === "%") return `${amount} %`;
  const isOne = amount === 1 && unit !== "s";
  return `${amount} ${isOne ? unit.slice(0, -1) : unit}`;
}

/** A change of a number in the unit of a tolerance; null when it has none. */
export function inUnitOf(
  { unit }: Tolerance,
  { change, from }: { change: number; from: number },
): number | null {
  if (unit === "points") return 100 * change;
  if (unit !== "%") return change;
  if (change === 0) return 0;
  return from === 0 ? null : 100 * change / Math.abs(from);
}

/** So that 0.5 − 0.497, in points, is within 0.3. */
const ROUNDING = 1e-9;

/** Whether a move by so much, in the unit of the tolerance, is allowed. */
export function isWithin({ amount }: Tolerance, moved: number | null): boolean {
  return moved !== null && moved <= amount + ROUNDING;
}
