/**
 * Numbers as people read them.
 *
 * @module
 */

/**
 * Bytes with three digits and a binary unit.
 *
 * @example
 * ```ts
 * import { formatBytes } from "./units_of_measure.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(formatBytes(1536), "1.50 KiB");
 * ```
 */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

/**
 * Seconds: `0.25 s`, `12 s`, `3 min 5 s`, `2 h 10 min`.
 *
 * @example
 * ```ts
 * import { formatSeconds } from "./units_of_measure.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(formatSeconds(185.2), "3 min 5 s");
 * ```
 */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * A number with three digits: `0.533`, `41`, `0.00123`, `1.2e-7`.
 *
 * @example
 * ```ts
 * import { formatNumber } from "./units_of_measure.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(formatNumber(0.53251), "0.533");
 * ```
 */
export function formatNumber(value: number): string {
  // Whole numbers are counts, of which each digit may matter.
  return String(Number.isInteger(value) ? value : shorten(value));
}

function shorten(value: number): number {
  return Math.abs(value) >= 100
    ? Math.round(value)
    : Number(value.toPrecision(3));
}

/**
 * How often something happens, in the unit of time that gives a number one can
 * read: `41 items/s`, `4.5 items/min`.
 *
 * @example
 * ```ts
 * import { formatRate } from "./units_of_measure.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(formatRate(0.075, "models"), "4.5 models/min");
 * ```
 */
export function formatRate(perSecond: number, unit: string): string {
  const twoDigits = (rate: number) =>
    rate >= 10 ? Math.round(rate) : Number(rate.toPrecision(2));
  if (perSecond >= 0.1 || perSecond === 0) {
    return `${twoDigits(perSecond)} ${unit}/s`;
  }
  return perSecond >= 0.1 / 60
    ? `${twoDigits(perSecond * 60)} ${unit}/min`
    : `${twoDigits(perSecond * 3600)} ${unit}/h`;
}
