/**
 * Label maps: a class for every pixel.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";

/** Pixels left out of loss and score. */
export const VOID = 255;

/** uint8 `[H, W]`: 0 background, 1…K class, 255 void. */
export interface LabelMap extends Size {
  /** Row-major, `H·W` values. */
  readonly data: Uint8Array;
}

/**
 * An all-background label map.
 *
 * @throws {RangeError} When a side is not a positive whole number of pixels.
 *
 * @example
 * ```ts
 * import { emptyLabelMap } from "./label_map.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(emptyLabelMap(3, 2).data.length, 6);
 * ```
 */
export function emptyLabelMap(width: number, height: number): LabelMap {
  if (!isSide(width) || !isSide(height)) {
    throw new RangeError(
      `Cannot make a label map as its sides must be positive whole numbers: ` +
        `${width} × ${height}`,
    );
  }
  return { width, height, data: new Uint8Array(width * height) };
}

function isSide(px: number): boolean {
  return Number.isSafeInteger(px) && px > 0;
}
