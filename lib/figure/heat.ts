/**
 * Maps of numbers as colours over a picture.
 *
 * @module
 */
import { scheme } from "vega";
import type { Size } from "../geometry/size.ts";
import type { RgbImage } from "../image/image.ts";
import type { Rgb } from "../label/palette.ts";

/** Levels that are told apart. */
const LEVELS = 256;

/** Viridis: even steps to the eye, also of those who see fewer colours. */
const COLOURS: readonly Rgb[] = Array.from(
  { length: LEVELS },
  (_, level) => parsed(scheme("viridis")(level / (LEVELS - 1))),
);

/** Of the colours; the rest is the picture, in grey. */
const OPACITY = 0.7;

/**
 * The colour of a number from 0, dark, to 1, yellow.
 *
 * @example
 * ```ts
 * import { heatColour } from "./heat.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(heatColour(1), [253, 231, 37]);
 * ```
 */
export function heatColour(value: number): Rgb {
  const level = Math.round(value * (LEVELS - 1));
  return COLOURS[Math.max(0, Math.min(LEVELS - 1, level))]!;
}

/** What heat stands for, for a legend. */
export const HEAT_LEGEND: readonly { name: string; colour: Rgb }[] = [
  0,
  0.25,
  0.5,
  0.75,
  1,
].map((value) => ({ name: `${value}`, colour: heatColour(value) }));

/**
 * A picture in grey with the colours of a map over it.
 *
 * @param values float32 `[H, W]`, 0…1; what is beyond has the end's colour.
 * @throws {RangeError} When the map has not one value a pixel.
 *
 * @example
 * ```ts
 * import { heatOver } from "./heat.ts";
 * import { strictEqual } from "node:assert";
 *
 * const black = { width: 1, height: 1, data: new Uint8Array(3) };
 * strictEqual(heatOver(black, Float32Array.of(1)).data[0], 177); // 0.7 · 253
 * ```
 */
export function heatOver(
  { width, height, data: below }: RgbImage,
  values: Float32Array,
): RgbImage {
  assertFits(values.length, { width, height });
  const data = new Uint8Array(below.length);
  values.forEach((value, p) => {
    const colour = heatColour(value);
    const level = grey(below, p);
    for (let c = 0; c < 3; c++) {
      data[3 * p + c] = Math.round(level + OPACITY * (colour[c]! - level));
    }
  });
  return { width, height, data };
}

/**
 * A picture of which only chosen pixels keep their colours: the others are
 * grey and pale.
 *
 * @param chosen `[H, W]`, 1 where a pixel is chosen.
 * @param colour Mixed into the chosen ones.
 * @throws {RangeError} When there is not one number a pixel.
 *
 * @example
 * ```ts
 * import { chosenOver } from "./heat.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const image = { width: 2, height: 1, data: new Uint8Array(6).fill(100) };
 * const { data } = chosenOver(image, Uint8Array.of(1, 0), [200, 0, 0]);
 * deepStrictEqual([...data], [160, 40, 40, 193, 193, 193]);
 * ```
 */
export function chosenOver(
  { width, height, data: below }: RgbImage,
  chosen: Uint8Array,
  colour: Rgb,
): RgbImage {
  assertFits(chosen.length, { width, height });
  const data = new Uint8Array(below.length);
  chosen.forEach((one, p) => {
    const pale = 255 - 0.4 * (255 - grey(below, p));
    for (let c = 0; c < 3; c++) {
      const level = below[3 * p + c]!;
      data[3 * p + c] = Math.round(
        one === 1 ? level + 0.6 * (colour[c]! - level) : pale,
      );
    }
  });
  return { width, height, data };
}

function assertFits(count: number, { width, height }: Size): void {
  if (count === width * height) return;
  throw new RangeError(
    `Cannot colour a picture as its map must have a value for each pixel: ` +
      `${count} for ${width} × ${height}`,
  );
}

/** Luma of a pixel by BT.601. */
function grey(data: Uint8Array, p: number): number {
  return 0.299 * data[3 * p]! + 0.587 * data[3 * p + 1]! +
    0.114 * data[3 * p + 2]!;
}

/** `rgb(68, 1, 84)`, as Vega writes colours. */
function parsed(colour: string): Rgb {
  const [red, green, blue] = colour.match(/\d+/g)!.map(Number);
  return [red!, green!, blue!];
}
