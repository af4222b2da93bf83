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
import { times } from "./field.ts";
import { valueNoise } from "./pattern.ts";
import { EVERYWHERE, type Outline, type Point, type Shape } from "./shape.ts";
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
    ...{ shape: EVERYWHERE, within: EVERYWHERE, softness: 1 },
    colours: drawSceneColours(random, hue),
    pattern: drawSurface(random),
  });
  const horizonY = between(random, [0.25, 0.9]) * canvas.height;
  paint(canvas, {
    ...belowHorizon(random, horizonY),
    softness: between(random, [1, 6]),
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
function belowHorizon(random: Random, horizonY: number): Outline {
  const slope = between(random, [-0.25, 0.25]);
  const hills = valueNoise(noiseSeed(random));
  const amount = between(random, [0, 14]);
  const flat: Shape = (x, y) => horizonY + slope * x - y;
  return {
    shape: (x, y) => horizonY + slope * x + amount * hills(x / 25, 0) - y,
    within: times(flat, 1 / Math.sqrt(1 + slope * slope)),
  };
}

function anywhere(random: Random, { width, height }: Canvas): Point {
  return [between(random, [0, width]), between(random, [0, height])];
}

/**
 * Paints a tuft of stalks before the objects.
 *
 * @returns Where it hides what is behind.
 *
 * @example
 * ```ts
 * import { paintForeground } from "./backdrop.ts";
 * import { blankCanvas } from "./canvas.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * const { shape } = paintForeground(blankCanvas(128, 96), seededRandom(1));
 * ok(shape(64, 0) > 0); // nothing hangs from above
 * ```
 */
export function paintForeground(canvas: Canvas, random: Random): Outline {
  const x = between(random, [0, 1]) * canvas.width;
  const y = between(random, [0.5, 0.9]) * canvas.height;
  const tuft = stalks(random, [x, y]);
  const colours = drawSceneColours(random, between(random, [40, 160]));
  const pattern = drawSurface(random);
  paint(canvas, { ...tuft, softness: 1, colours, pattern });
  return tuft;
}
