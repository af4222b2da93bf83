/**
 * Byte counts and times as workflow files write them.
 *
 * @module
 */

const BYTES: Readonly<Record<string, number>> = {
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Bytes of a count or of a text such as `8GiB`, rounded up. */
export function toBytes(value: number | string): number {
  return typeof value === "number" ? value : scaled(value, BYTES);
}

/** Milliseconds of a number of seconds or of a text such as `15m`. */
export function toMilliseconds(value: number | string): number {
  return typeof value === "number" ? value * 1000 : scaled(value, MILLISECONDS);
}

function scaled(text: string, units: Readonly<Record<string, number>>): number {
  const [, count, unit] = /^([\d.]+)(\D+)$/.exec(text) ?? [];
  const factor = units[unit ?? ""];
  if (count === undefined || factor === undefined) {
    throw new Error(`Internal error: quantity ${text} has no known unit`);
  }
  return Math.ceil(Number(count) * factor);
}
