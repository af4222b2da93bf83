/**
 * Pictures to look at: labels and boxes drawn over them, many in one grid.
 *
 * Nothing is drawn in place: every function gives a new picture.
 *
 * @module
 */
import type { Box } from "../geometry/box.ts";
import { assertBoxes } from "../geometry/box_pixels.ts";
import { type LabelMap, VOID } from "../label/label_map.ts";
import type { Rgb } from "../label/palette.ts";
import type { RgbImage } from "./image.ts";

/** Colour of void pixels, far from any colour of VOC's map. */
const VOID_COLOUR: Rgb = [255, 255, 255];

/** Shorter side from which outlines of boxes are 2 px thick, else 1 px. */
const THICK_FROM_PX = 240;

/**
 * The picture with the colours of its labels over it; background is left bare,
 * void is white.
 *
 * @param options `palette`: entry n is the colour of label n; `opacity`: 0 for
 * the picture alone, 1 for flat colours.
 * @throws {RangeError} When sizes differ, opacity is not 0…1, or a label has no
 * colour.
 *
 * @example
 * ```ts
 * import { overlayLabels } from "./montage.ts";
 * import { VOC_PALETTE as palette } from "../label/palette.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const image = { width: 2, height: 1, data: new Uint8Array(6).fill(100) };
 * const labels = { width: 2, height: 1, data: Uint8Array.of(0, 1) };
 * const seen = overlayLabels(image, labels, { palette, opacity: 0.5 });
 * deepStrictEqual([...seen.data], [100, 100, 100, 114, 50, 50]);
 * ```
 */
export function overlayLabels(
  { width, height, data: below }: RgbImage,
  labels: LabelMap,
  { palette, opacity }: { palette: readonly Rgb[]; opacity: number },
): RgbImage {
  if (labels.width !== width || labels.height !== height) {
    throw new RangeError(
      `Cannot overlay labels as they must have the size of the picture: ` +
        `${labels.width} × ${labels.height}, picture is ${width} × ${height}`,
    );
  }
  if (!(opacity >= 0 && opacity <= 1)) {
    throw new RangeError(
      `Cannot overlay labels as their opacity must be 0…1: ${opacity}`,
    );
  }
  const data = below.slice();
  labels.data.forEach((label, p) => {
    if (label === 0) return;
    const colour = label === VOID ? VOID_COLOUR : colourOf(label, palette);
    for (let c = 0; c < 3; c++) {
      const level = below[3 * p + c]!;
      data[3 * p + c] = Math.round(level + opacity * (colour[c]! - level));
    }
  });
  return { width, height, data };
}

/**
 * The picture with the outlines of boxes in the colours of their classes: the
 * outermost pixels of each box, 1 px thick, or 2 px on pictures whose sides are
 * 240 px and more. Later boxes are drawn over earlier ones.
 *
 * @param palette Entry k is the colour of class k.
 * @throws {RangeError} When a box does not lie in the picture or its class has
 * no colour.
 *
 * @example
 * ```ts
 * import { drawBoxes } from "./montage.ts";
 * import { VOC_PALETTE } from "../label/palette.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const black = { width: 3, height: 3, data: new Uint8Array(27) };
 * const whole = { classId: 1, x0: 0, y0: 0, x1: 3, y1: 3 };
 * const { data } = drawBoxes(black, [whole], VOC_PALETTE);
 * const reds = data.filter((_, i) => i % 3 === 0);
 * deepStrictEqual([...reds], [128, 128, 128, 128, 0, 128, 128, 128, 128]);
 * ```
 */
export function drawBoxes(
  { width, height, data: below }: RgbImage,
  boxes: readonly Box[],
  palette: readonly Rgb[],
): RgbImage {
  const image = { width, height, data: below.slice() };
  assertBoxes(boxes, image, "draw box %");
  const thick = Math.min(width, height) < THICK_FROM_PX ? 1 : 2;
  for (const { classId, x0, y0, x1, y1 } of boxes) {
    const colour = colourOf(classId, palette);
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) {
        const inwards = Math.min(x - x0, y - y0, x1 - 1 - x, y1 - 1 - y);
        if (inwards < thick) image.data.set(colour, 3 * (y * width + x));
      }
    }
  }
  return image;
}

/** How the pictures of a grid are set. */
export interface MontageOptions {
  /** Between neighbouring cells, px. */
  readonly gapPx: number;
  /** Between and around pictures smaller than their cell. */
  readonly background: Rgb;
}

/**
 * A grid of pictures of any sizes: a column is as wide as its widest picture,
 * a row as high as its highest, and pictures stand in the middle of their
 * cells. Rows may differ in length; what is missing at their ends stays empty.
 *
 * @throws {RangeError} When there are no pictures, or the gap is not a whole
 * number of pixels.
 *
 * @example
 * ```ts
 * import { montage } from "./montage.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const dot = { width: 1, height: 1, data: Uint8Array.of(9, 9, 9) };
 * const grid = montage([[dot, dot]], { gapPx: 1, background: [0, 0, 0] });
 * deepStrictEqual([...grid.data], [9, 9, 9, 0, 0, 0, 9, 9, 9]);
 * ```
 */
export function montage(
  rows: readonly (readonly RgbImage[])[],
  { gapPx, background }: MontageOptions,
): RgbImage {
  if (rows.flat().length === 0) {
    throw new RangeError("Cannot make a montage as there are no pictures");
  }
  if (!Number.isSafeInteger(gapPx) || gapPx < 0) {
    throw new RangeError(
      `Cannot make a montage as its gap must be whole pixels: ${gapPx}`,
    );
  }
  const length = Math.max(...rows.map((row) => row.length));
  const widths = Array.from(
    { length },
    (_, i) => Math.max(...rows.map((row) => row[i]?.width ?? 0)),
  );
  const heights = rows.map((row) =>
    Math.max(0, ...row.map(({ height }) => height))
  );
  const columns = track(widths, gapPx);
  const lines = track(heights, gapPx);
  const grid = plain(columns.lengthPx, lines.lengthPx, background);
  rows.forEach((row, j) =>
    row.forEach((image, i) =>
      paste(grid, image, {
        x: centred(columns.cells[i]!, image.width),
        y: centred(lines.cells[j]!, image.height),
      })
    )
  );
  return grid;
}

/** A column or row of the grid, px. */
interface Cell {
  readonly start: number;
  readonly length: number;
}

/** Cells of the given lengths one after the other, px. */
function track(
  lengths: readonly number[],
  gapPx: number,
): { cells: Cell[]; lengthPx: number } {
  let start = 0;
  const cells = lengths.map((length) => {
    const cell = { start, length };
    start += length + gapPx;
    return cell;
  });
  return { cells, lengthPx: start - gapPx };
}

function centred({ start, length }: Cell, lengthPx: number): number {
  return start + Math.floor((length - lengthPx) / 2);
}

function plain(width: number, height: number, colour: Rgb): RgbImage {
  const data = Uint8Array.from(
    { length: 3 * width * height },
    (_, i) => colour[i % 3]!,
  );
  return { width, height, data };
}

function paste(
  onto: RgbImage,
  { width, height, data }: RgbImage,
  { x, y }: { x: number; y: number },
): void {
  for (let row = 0; row < height; row++) {
    const line = data.subarray(3 * row * width, 3 * (row + 1) * width);
    onto.data.set(line, 3 * ((y + row) * onto.width + x));
  }
}

/**
 * The picture with each pixel as a square of `factor` × `factor` px.
 *
 * @throws {RangeError} When factor is not a whole number from 1.
 *
 * @example
 * ```ts
 * import { enlarge } from "./montage.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const dot = { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) };
 * deepStrictEqual([...enlarge(dot, 2).data.subarray(3, 9)], [1, 2, 3, 1, 2, 3]);
 * ```
 */
export function enlarge(image: RgbImage, factor: number): RgbImage {
  if (!Number.isSafeInteger(factor) || factor < 1) {
    throw new RangeError(
      `Cannot enlarge a picture as the factor must be a whole number from 1: ` +
        `${factor}`,
    );
  }
  const width = factor * image.width;
  const height = factor * image.height;
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const row = Math.floor(y / factor);
      const from = 3 * (row * image.width + Math.floor(x / factor));
      const at = 3 * (y * width + x);
      for (let c = 0; c < 3; c++) data[at + c] = image.data[from + c]!;
    }
  }
  return { width, height, data };
}

/** The colour of a label or class. */
function colourOf(label: number, palette: readonly Rgb[]): Rgb {
  const colour = palette[label];
  if (colour !== undefined) return colour;
  throw new RangeError(
    `Cannot colour label ${label} as the palette must have a colour for it: ` +
      `it has ${palette.length}`,
  );
}
