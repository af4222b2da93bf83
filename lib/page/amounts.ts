/**
 * Durations and sizes as people read them.
 *
 * @module
 */

/**
 * Seconds: `0.25 s`, `12 s`, `3 min 5 s`, `2 h 10 min`.
 *
 * @example
 * ```ts
 * import { formatDuration } from "./amounts.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(formatDuration(185.2), "3 min 5 s");
 * ```
 */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * Bytes with three digits, in units of 1000.
 *
 * @example
 * ```ts
 * import { formatSize } from "./amounts.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(formatSize(1536), "1.54 kB");
 * ```
 */
export function formatSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}
