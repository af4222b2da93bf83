/**
 * The size at which a network sees a picture.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import { paddedSide } from "../net/network_config.ts";

/**
 * Cells of the score map that a row or column of pixels lies between. At output
 * stride s cell i is at pixel s·i, so the last one may lie beyond the last pixel.
 *
 * @param px A side of the picture, a positive whole number.
 * @param outputStride s: pixels to a cell.
 *
 * @example
 * ```ts
 * import { cellsAlong } from "./padded_size.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual([1, 2, 9, 10].map((px) => cellsAlong(px, 8)), [1, 2, 2, 3]);
 * ```
 */
export function cellsAlong(px: number, outputStride: number): number {
  return Math.ceil((px - 1) / outputStride) + 1;
}

/**
 * The sides of a picture once padded at the bottom and right: of the form
 * 8k + 1, at which all layers of the networks align exactly.
 *
 * @param inputSizePx Side of the square to which pictures are padded that fit
 *   in it, as [Song2019] pads to 513; larger ones, and all when it is null,
 *   are padded to the next 8k + 1 of each side, at least 9.
 * @throws {RangeError} When a side is no positive whole number, or that of the
 *   square is not 8k + 1.
 *
 * @example
 * ```ts
 * import { paddedSize } from "./padded_size.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const picture = { width: 500, height: 375 };
 * deepStrictEqual(paddedSize(picture, 513), { width: 513, height: 513 });
 * deepStrictEqual(paddedSize(picture, 321), { width: 505, height: 377 });
 * deepStrictEqual(paddedSize(picture), { width: 505, height: 377 });
 * ```
 */
export function paddedSize(
  { width, height }: Size,
  inputSizePx: number | null = null,
): Size {
  assertSides(width, height);
  if (inputSizePx !== null) assertInputSize(inputSizePx);
  const fits = inputSizePx !== null && Math.max(width, height) <= inputSizePx;
  return fits
    ? { width: inputSizePx, height: inputSizePx }
    : { width: paddedSide(width), height: paddedSide(height) };
}

function assertSides(width: number, height: number): void {
  const isSide = (px: number) => Number.isSafeInteger(px) && px > 0;
  if (isSide(width) && isSide(height)) return;
  throw new RangeError(
    `Cannot pad a picture as its sides must be positive whole numbers: ` +
      `${width} × ${height}`,
  );
}

function assertInputSize(px: number): void {
  const isValid = Number.isSafeInteger(px) && px === paddedSide(px);
  if (isValid) return;
  throw new RangeError(
    `Cannot pad pictures to a square as its side must be ` +
      `8k + 1 px, as 321 and 513 are: ${px}`,
  );
}
