/**
 * From painted levels to a picture: uneven light, blur, colour cast, noise.
 *
 * @module
 */
import type { RgbImage } from "../image/image.ts";
import type { Random } from "../random.ts";
import { type Canvas, illuminate } from "./canvas.ts";
import { between, noiseSeed } from "./chance.ts";
import { type Field, smoothStep } from "./field.ts";
import { valueNoise } from "./pattern.ts";

/**
 * Develops a canvas, which it changes, into a picture.
 *
 * @example
 * ```ts
 * import { develop } from "./develop.ts";
 * import { blankCanvas } from "./canvas.ts";
 * import { seededRandom } from "../random.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(develop(blankCanvas(4, 3), seededRandom(1)).data.length, 36);
 * ```
 */
export function develop(canvas: Canvas, random: Random): RgbImage {
  const { width, height } = canvas;
  illuminate(canvas, unevenLight(random, canvas));
  // Noise before the blur is coarse, as after a camera's demosaicking.
  addNoise(canvas, random.split("coarse noise"), between(random, [0, 3]));
  blur(canvas, between(random, [0.03, 0.15]));
  castAndHaze(canvas, random);
  addNoise(canvas, random.split("fine noise"), between(random, [0, 1.5]));
  // A clamped array rounds to nearest, ties to even.
  const data = new Uint8Array(new Uint8ClampedArray(canvas.data).buffer);
  return { width, height, data };
}

/** Exposure, a ramp, and soft shade as of something outside the picture. */
function unevenLight(random: Random, { width, height }: Canvas): Field {
  const exposure = between(random, [0.75, 1.2]);
  const angle = between(random, [0, 2 * Math.PI]);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const fall = between(random, [0, 0.35]) / width;
  const shade = valueNoise(noiseSeed(random));
  const depth = between(random, [0, 0.25]);
  const sizePx = between(random, [20, 50]);
  return (x, y) => {
    const along = (x - width / 2) * cos + (y - height / 2) * sin;
    const shaded = smoothStep(0.45, 0.65, shade(x / sizePx, y / sizePx));
    return exposure * (1 - 2 * fall * along) * (1 - depth * shaded);
  };
}

/** A gain for each channel, and a veil of one colour. */
function castAndHaze({ data }: Canvas, random: Random): void {
  const gains = [0, 1, 2].map(() => between(random, [0.9, 1.1]));
  const haze = between(random, [0, 0.2]);
  const veil = between(random, [110, 200]);
  gains.forEach((gain, c) => {
    for (let i = c; i < data.length; i += 3) {
      data[i] = (1 - haze) * gain * data[i]! + haze * veil;
    }
  });
}

/** Grey noise with a little colour in it; `sigma` in levels. */
function addNoise({ data }: Canvas, random: Random, sigma: number): void {
  for (let i = 0; i < data.length; i += 3) {
    const grey = sigma * random.normal();
    for (let c = 0; c < 3; c++) {
      data[i + c]! += grey + sigma * (random.uniform() - 0.5);
    }
  }
}

/** Blurs with weights `[side, 1 − 2·side, side]` along rows, then columns. */
function blur({ width, height, data }: Canvas, side: number): void {
  const row = 3 * width;
  for (let y = 0; y < height; y++) {
    blurLine(data, { from: y * row, step: 3, count: width, side });
  }
  for (let x = 0; x < width; x++) {
    blurLine(data, { from: 3 * x, step: row, count: height, side });
  }
}

/** One line of pixels in place; past its ends the line repeats its last. */
function blurLine(
  data: Float32Array,
  line: { from: number; step: number; count: number; side: number },
): void {
  const { from, step, count, side } = line;
  for (let c = 0; c < 3; c++) {
    let before = data[from + c]!;
    for (let i = 0; i < count; i++) {
      const at = from + i * step + c;
      const here = data[at]!;
      const after = i + 1 < count ? data[at + step]! : here;
      data[at] = side * (before + after) + (1 - 2 * side) * here;
      before = here;
    }
  }
}
