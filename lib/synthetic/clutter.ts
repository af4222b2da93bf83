/**
 * Clutter: things that are not objects, though they may have the colours of
 * one. None of them has the outline of a class.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { type Canvas, paint } from "./canvas.ts";
import { between, noiseSeed, pick } from "./chance.ts";
import type { Colours } from "./colours.ts";
import { fractalNoise, valueNoise } from "./pattern.ts";
import {
  disc,
  type Outline,
  type Point,
  ragged,
  type Shape,
  slab,
  stroke,
  union,
} from "./shape.ts";
import { drawSurface } from "./surface.ts";

/**
 * Paints one thing of a random kind at or around a point, px.
 *
 * @example
 * ```ts
 * import { paintClutter } from "./clutter.ts";
 * import { blankCanvas } from "./canvas.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * const canvas = blankCanvas(16, 12);
 * const colours = [[90, 0, 0], [99, 0, 0]] as const;
 * paintClutter(canvas, seededRandom(1), { near: [8, 6], colours });
 * ok(canvas.data.every((level) => level <= 99));
 * ```
 */
export function paintClutter(
  canvas: Canvas,
  random: Random,
  { near, colours }: { near: Point; colours: Colours },
): void {
  const outline = pick(random, CLUTTER).outline(random, near);
  paint(canvas, {
    ...outline,
    softness: between(random, [1, 4]),
    colours,
    pattern: drawSurface(random),
  });
}

/** Clutter by outline. */
const CLUTTER: readonly {
  weight: number;
  outline: (random: Random, near: Point) => Outline;
}[] = [
  { weight: 3, outline: smear },
  { weight: 2, outline: band },
  { weight: 1.5, outline: wedge },
  { weight: 2, outline: pebbles },
  { weight: 1.5, outline: stalks },
];

/** A heap with a torn outline. */
function smear(random: Random, [cx, cy]: Point): Outline {
  const noise = fractalNoise(noiseSeed(random), 3);
  const radius = between(random, [8, 26]);
  const heap = disc([cx, cy], radius);
  const grainPx = between(random, [5, 12]);
  const squeeze = between(random, [1, 2.2]);
  const tear = between(random, [10, 22]);
  const shape = ragged(
    (x, y) => heap(x, cy + (y - cy) * squeeze),
    (x, y) => noise(x / grainPx, y / grainPx),
    tear,
  );
  const reach = radius + tear;
  const bounds = slab([reach, reach / squeeze], 0);
  return { shape, within: (x, y) => bounds(x - cx, y - cy) };
}

/** A wavy band from side to side. */
function band(random: Random, centre: Point): Outline {
  const middle = slope(centre, between(random, [0, Math.PI]));
  const halfWidth = between(random, [3, 11]);
  const wave = valueNoise(noiseSeed(random));
  const shape: Shape = (x, y) => {
    const bend = 18 * (wave(x / 35, y / 35) - 0.5);
    return Math.abs(middle(x, y) + bend) - halfWidth;
  };
  return { shape, within: (x, y) => Math.abs(middle(x, y)) - halfWidth - 9 };
}

/** A corner between two straight edges, as of a wall or a table. */
function wedge(random: Random, corner: Point): Outline {
  const angle = between(random, [0, 2 * Math.PI]);
  const first = slope(corner, angle);
  const second = slope(corner, angle + between(random, [1.2, 2.4]));
  const shape: Shape = (x, y) => Math.max(first(x, y), second(x, y));
  return { shape, within: shape };
}

/** How far a point lies from another along a direction, px. */
function slope([cx, cy]: Point, angle: number): Shape {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return (x, y) => (x - cx) * cos + (y - cy) * sin;
}

/** A scatter of small stones, each far smaller than any object. */
function pebbles(random: Random, [cx, cy]: Point): Outline {
  const stones = Array.from({ length: 5 + random.below(9) }, () => {
    const x = cx + between(random, [-30, 30]);
    const y = cy + between(random, [-13, 13]);
    return disc([x, y], between(random, [1.2, 4]));
  });
  const noise = valueNoise(noiseSeed(random));
  const whole = union(...stones);
  return {
    shape: ragged(whole, (x, y) => noise(x / 3, y / 3), 0.8),
    within: (x, y) => whole(x, y) - 0.8,
  };
}

/**
 * A tuft of bent stalks around a point, 2 or 3 px thick.
 *
 * @example
 * ```ts
 * import { stalks } from "./clutter.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * const { shape } = stalks(seededRandom(1), [64, 48]);
 * ok(shape(0, 48) > 0); // none so far aside
 * ```
 */
export function stalks(random: Random, [cx, cy]: Point): Outline {
  const rootY = cy + between(random, [8, 25]);
  const blades = Array.from({ length: 3 + random.below(5) }, () => {
    const x = cx + between(random, [-14, 14]);
    const lean = between(random, [-12, 12]);
    const tall = between(random, [16, 50]);
    return stroke([
      [x, rootY],
      [x + lean / 3, rootY - tall / 2],
      [x + lean, rootY - tall],
    ], between(random, [0.8, 1.4]));
  });
  const shape = union(...blades);
  return { shape, within: shape };
}
