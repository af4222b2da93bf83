/**
 * Inputs of tests, drawn as text so that they can be checked by eye.
 *
 * @module
 */
import type { Box } from "../lib/geometry/box.ts";
import type { RgbImage } from "../lib/image/image.ts";
import { type LabelMap, VOID } from "../lib/label/label_map.ts";

/** Rows of a label map: `.` background, `1`…`9` and `a`… class, `?` void. */
export function labelMap(...rows: string[]): LabelMap {
  const { width, height } = sizeOf(rows);
  const data = Uint8Array.from(rows.join(""), labelOf);
  return { width, height, data };
}

/** The rows of a label map as `labelMap` takes them. */
export function drawn({ width, height, data }: LabelMap): string[] {
  const rows = Array.from(
    { length: height },
    (_, y) => data.subarray(y * width, (y + 1) * width),
  );
  return rows.map((row) => Array.from(row, signOf).join(""));
}

/** A box in px, half-open: `[x0, x1) × [y0, y1)`. */
export function box(
  classId: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): Box {
  return { classId, x0, y0, x1, y1 };
}

/** Levels of red, green and blue, 0…255. */
export type Colour = readonly [number, number, number];

/** Rows of a picture; each sign is looked up among the colours. */
export function picture(
  colours: Readonly<Record<string, Colour>>,
  ...rows: string[]
): RgbImage {
  const { width, height } = sizeOf(rows);
  const data = Uint8Array.from(
    [...rows.join("")].flatMap((sign) => {
      const colour = colours[sign];
      if (colour === undefined) throw new RangeError(`No colour "${sign}"`);
      return colour;
    }),
  );
  return { width, height, data };
}

function sizeOf(rows: string[]): { width: number; height: number } {
  const width = rows[0]?.length ?? 0;
  if (width === 0 || rows.some((row) => row.length !== width)) {
    throw new RangeError(`Rows must be of one length: ${rows.join(" | ")}`);
  }
  return { width, height: rows.length };
}

function labelOf(sign: string): number {
  if (sign === ".") return 0;
  if (sign === "?") return VOID;
  const label = parseInt(sign, 36);
  if (!(label > 0)) throw new RangeError(`No label "${sign}"`);
  return label;
}

function signOf(label: number): string {
  if (label === 0) return ".";
  return label === VOID ? "?" : label.toString(36);
}
