/**
 * What lies behind and before the objects.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { type Canvas, paint } from "./canvas.ts";
import { between, noiseSeed, oneOf } from "./chance.ts";
import { paintClutter, stalks } from "./clutter.ts";
import { drawObjectColours, drawSceneColours } from "./colours.ts";
import { EMBEDDED_CLASSES } from "./embedded_classes.ts";
import type { Field } from "./field.ts";
import { valueNoise } from "./pattern.ts";
import { coverage, type Point, type Shape } from "./shape.ts";
import { drawSurface } from "./surface.ts";

/** Share of clutter in the colours of some class, to lead astray. */
const BORROWED_SHARE = 0.4;

/**
 * Paints ground, sky or wall, and clutter on it, over the whole canvas.
 *
 * @example
 * ```ts
 * import { paintBackdrop } from "./backdrop.ts";
 * import { blankCanvas } from "./canvas.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * const canvas = blankCanvas(16, 12);
 * paintBackdrop(canvas, seededRandom(1));
 * ok(canvas.data.every((level) => level > 0));
 * ```
 */
export function paintBackdrop(canvas: Canvas, random: Random): void {
  const hue = between(random, [0, 360]);
  paint(canvas, {
    cover: () => 1,
    colours: drawSceneColours(random, hue),
    pattern: drawSurface(random),
  });
  const horizonY = between(random, [0.25, 0.9]) * canvas.height;
  paint(canvas, {
    cover: coverage(belowHorizon(random, horizonY), between(random, [1, 6])),
    colours: drawSceneColours(random, hue),
    pattern: drawSurface(random),
  });
  const count = 3 + random.below(5);
  for (let i = 0; i < count; i++) {
    const isBorrowed = random.uniform() < BORROWED_SHARE;
    paintClutter(canvas, random, {
      near: anywhere(random, canvas),
      colours: isBorrowed
        ? drawObjectColours(random, oneOf(random, EMBEDDED_CLASSES).hue)
        : drawSceneColours(random, hue),
    });
  }
}

/** Everything below a hilly line. */
function belowHorizon(random: Random, horizonY: number): Shape {
  const slope = between(random, [-0.25, 0.25]);
  const hills = valueNoise(noiseSeed(random));
  const amount = between(random, [0, 14]);
  return (x, y) => horizonY + slope * x + amount * hills(x / 25, 0) - y;
}

function anywhere(random: Random, { width, height }: Canvas): Point {
  return [between(random, [0, width]), between(random, [0, height])];
}

/**
 * Paints a tuft of stalks before the objects.
 *
 * @returns Where it hides what is behind, 0…1.
 *
 * @example
 * ```ts
 * import { paintForeground } from "./backdrop.ts";
 * import { blankCanvas } from "./canvas.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * const cover = paintForeground(blankCanvas(16, 12), seededRandom(1));
 * ok(cover(3.5, 4.5) >= 0 && cover(3.5, 4.5) <= 1);
 * ```
 */
export function paintForeground(canvas: Canvas, random: Random): Field {
  const x = between(random, [0, 1]) * canvas.width;
  const y = between(random, [0.5, 0.9]) * canvas.height;
  const cover = coverage(stalks(random, [x, y]), 1);
  const colours = drawSceneColours(random, between(random, [40, 160]));
  paint(canvas, { cover, colours, pattern: drawSurface(random) });
  return cover;
}
