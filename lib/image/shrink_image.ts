/**
 * Pictures made smaller, for an overview of many.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import type { RgbImage } from "./image.ts";

/**
 * The size of a picture made to fit into a square, never larger than it is.
 *
 * @param sidePx Of the square, 1 or more.
 *
 * @example
 * ```ts
 * import { fittedSize } from "./shrink_image.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const size = fittedSize({ width: 500, height: 375 }, 200);
 * deepStrictEqual(size, { width: 200, height: 150 });
 * ```
 */
export function fittedSize({ width, height }: Size, sidePx: number): Size {
  const scale = Math.min(1, sidePx / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/**
 * A picture made smaller: each pixel is the mean of those that it stands for.
 *
 * @param size Not larger than the picture; such as {@link fittedSize} gives.
 * @throws {RangeError} When it is larger, or less than 1 px.
 *
 * @example
 * ```ts
 * import { shrinkImage } from "./shrink_image.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const data = Uint8Array.of(10, 20, 30, 30, 40, 50);
 * const small = shrinkImage({ width: 2, height: 1, data }, {
 *   width: 1,
 *   height: 1,
 * });
 * deepStrictEqual([...small.data], [20, 30, 40]);
 * ```
 */
export function shrinkImage(image: RgbImage, size: Size): RgbImage {
  assertSmaller(image, size);
  const { width, height } = size;
  const columns = bounds(image.width, width);
  const rows = bounds(image.height, height);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const area = {
        x0: columns[x]!,
        x1: columns[x + 1]!,
        y0: rows[y]!,
        y1: rows[y + 1]!,
      };
      data.set(meanColour(image, area), (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

/** Where each of `count` parts of a length begins; one more than there are. */
function bounds(length: number, count: number): number[] {
  return Array.from(
    { length: count + 1 },
    (_, i) => Math.round(i * length / count),
  );
}

function meanColour(
  { width, data }: RgbImage,
  { x0, y0, x1, y1 }: { x0: number; y0: number; x1: number; y1: number },
): [number, number, number] {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let y = y0; y < y1; y++) {
    for (let at = (y * width + x0) * 3; at < (y * width + x1) * 3; at += 3) {
      red += data[at]!;
      green += data[at + 1]!;
      blue += data[at + 2]!;
    }
  }
  const count = (x1 - x0) * (y1 - y0);
  return [
    Math.round(red / count),
    Math.round(green / count),
    Math.round(blue / count),
  ];
}

function assertSmaller(image: Size, { width, height }: Size): void {
  const fits = width >= 1 && height >= 1 && width <= image.width &&
    height <= image.height;
  if (fits) return;
  throw new RangeError(
    `Cannot shrink a picture of ${image.width} × ${image.height} px as its ` +
      `new size must be from 1 × 1 px to its own: ${width} × ${height}`,
  );
}
