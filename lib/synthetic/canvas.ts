/**
 * A picture while it is being painted: float levels, from back to front.
 *
 * @module
 */
import type { Field } from "./field.ts";

/** Red, green, blue; 0…255 levels, fractions allowed. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** float32 `[H, W, 3]`, RGB levels; may leave 0…255 until developed. */
export interface Canvas {
  /** W, px. */
  readonly width: number;
  /** H, px. */
  readonly height: number;
  readonly data: Float32Array;
}

/** One coat of paint; all fields are read at pixel centres, in px. */
export interface Coat {
  /** 0…1: how much of the pixel it hides. */
  readonly cover: Field;
  /** Colours at pattern 0 and 1. */
  readonly colours: readonly [Rgb, Rgb];
  /** 0…1: where between the two colours. */
  readonly pattern: Field;
  /** Factor on the colour, 1 for none. */
  readonly light?: Field;
}

/**
 * A black canvas.
 *
 * @example
 * ```ts
 * import { blankCanvas } from "./canvas.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(blankCanvas(4, 3).data.length, 36);
 * ```
 */
export function blankCanvas(width: number, height: number): Canvas {
  return { width, height, data: new Float32Array(width * height * 3) };
}

/**
 * Paints a coat over what is there.
 *
 * @example
 * ```ts
 * import { blankCanvas, paint } from "./canvas.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const canvas = blankCanvas(1, 1);
 * const colours = [[100, 0, 0], [0, 100, 0]] as const;
 * paint(canvas, { cover: () => 0.5, colours, pattern: () => 0.5 });
 * deepStrictEqual([...canvas.data], [25, 25, 0]);
 * ```
 */
export function paint(canvas: Canvas, coat: Coat): void {
  const { cover, pattern, light, colours: [from, to] } = coat;
  const { data } = canvas;
  eachPixel(canvas, (x, y, at) => {
    const share = cover(x, y);
    if (share <= 0) return;
    const t = pattern(x, y);
    const factor = light === undefined ? 1 : light(x, y);
    for (let c = 0; c < 3; c++) {
      const level = factor * (from[c]! + (to[c]! - from[c]!) * t);
      data[at + c]! += share * (level - data[at + c]!);
    }
  });
}

/**
 * Multiplies every pixel by a field, as light and shadow do.
 *
 * @example
 * ```ts
 * import { blankCanvas, illuminate } from "./canvas.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const canvas = blankCanvas(1, 1);
 * canvas.data.set([100, 50, 10]);
 * illuminate(canvas, () => 0.5);
 * deepStrictEqual([...canvas.data], [50, 25, 5]);
 * ```
 */
export function illuminate(canvas: Canvas, light: Field): void {
  const { data } = canvas;
  eachPixel(canvas, (x, y, at) => {
    const factor = light(x, y);
    for (let c = 0; c < 3; c++) data[at + c]! *= factor;
  });
}

/** Visits pixel centres; `at` is the place of the red value. */
function eachPixel(
  { width, height }: Canvas,
  visit: (x: number, y: number, at: number) => void,
): void {
  let at = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      visit(column + 0.5, row + 0.5, at);
      at += 3;
    }
  }
}
