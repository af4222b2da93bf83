/**
 * A picture while it is being painted: float levels, from back to front.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import { type Field, smoothStep } from "./field.ts";
import { EVERYWHERE, type Outline, type Shape } from "./shape.ts";

/** Red, green, blue; 0…255 levels, fractions allowed. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** float32 `[H, W, 3]`, RGB levels; may leave 0…255 until developed. */
export interface Canvas extends Size {
  readonly data: Float32Array;
}

/** One coat of paint; all fields are read at pixel centres, in px. */
export interface Coat extends Outline {
  /** Width of the edge, px. */
  readonly softness: number;
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
 * import { disc } from "./shape.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const canvas = blankCanvas(1, 1);
 * const shape = disc([1.5, 0.5], 1); // its outline halves the pixel
 * const colours = [[100, 0, 0], [0, 100, 0]] as const;
 * const pattern = () => 0.5;
 * paint(canvas, { shape, within: shape, softness: 1, colours, pattern });
 * deepStrictEqual([...canvas.data], [25, 25, 0]);
 * ```
 */
export function paint(canvas: Canvas, coat: Coat): void {
  const { shape, within, pattern, light, colours: [from, to] } = coat;
  const { data } = canvas;
  const edge = coat.softness / 2;
  eachPixel(canvas, { within, margin: edge }, (x, y, pixel) => {
    const distance = shape(x, y);
    if (distance >= edge) return;
    const share = smoothStep(edge, -edge, distance);
    const t = pattern(x, y);
    const factor = light === undefined ? 1 : light(x, y);
    for (let c = 0; c < 3; c++) {
      const level = factor * (from[c]! + (to[c]! - from[c]!) * t);
      data[3 * pixel + c]! += share * (level - data[3 * pixel + c]!);
    }
  });
}

/**
 * Multiplies pixels by a field, as light and shadow do.
 *
 * @param within Bound of the pixels it changes: where positive, the field is 1.
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
export function illuminate(
  canvas: Canvas,
  light: Field,
  within = EVERYWHERE,
): void {
  const { data } = canvas;
  eachPixel(canvas, { within, margin: 0 }, (x, y, pixel) => {
    const factor = light(x, y);
    for (let c = 0; c < 3; c++) data[3 * pixel + c]! *= factor;
  });
}

/** Sides of the squares that are visited or left out as one, px. */
const BLOCK_PX = 4;

/**
 * Visits at least the pixels whose centres lie inside a bound or up to `margin`
 * outside: the centre, px, and the pixel as row · W + column.
 *
 * @param within Never changes faster than the place, as the bound of an
 * {@link Outline} does.
 *
 * @example
 * ```ts
 * import { eachPixel } from "./canvas.ts";
 * import { disc } from "./shape.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const pixels = new Set<number>();
 * const size = { width: 128, height: 1 };
 * const within = disc([64.5, 0.5], 0);
 * eachPixel(size, { within, margin: 1 }, (_x, _y, pixel) => pixels.add(pixel));
 * deepStrictEqual([63, 64, 65, 80].map((p) => pixels.has(p)), [true, true, true, false]);
 * ```
 */
export function eachPixel(
  { width, height }: Size,
  { within, margin }: { within: Shape; margin: number },
  visit: (x: number, y: number, pixel: number) => void,
): void {
  const reach = margin + BLOCK_PX * Math.SQRT1_2; // from middle to corner
  for (let top = 0; top < height; top += BLOCK_PX) {
    const bottom = Math.min(top + BLOCK_PX, height);
    for (let left = 0; left < width; left += BLOCK_PX) {
      if (within(left + BLOCK_PX / 2, top + BLOCK_PX / 2) > reach) continue;
      const right = Math.min(left + BLOCK_PX, width);
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          visit(column + 0.5, row + 0.5, row * width + column);
        }
      }
    }
  }
}
