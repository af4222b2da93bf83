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
