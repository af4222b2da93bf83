/**
 * Painting of objects: surface, light, shadow, and what looks like them nearby.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { type Canvas, illuminate, paint } from "./canvas.ts";
import { between } from "./chance.ts";
import { paintClutter } from "./clutter.ts";
import { type Colours, drawObjectColours } from "./colours.ts";
import { inFrame } from "./field.ts";
import { drawLight, type Light, shading, shadow } from "./lighting.ts";
import type { PlacedObject } from "./placement.ts";

/**
 * Paints the objects back to front in the light of one lamp, after what looks
 * like them.
 *
 * @example
 * ```ts
 * import { paintObjects } from "./paint_objects.ts";
 * import { placeObjects } from "./placement.ts";
 * import { blankCanvas } from "./canvas.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * const canvas = blankCanvas(128, 96);
 * const random = seededRandom(1);
 * const balls = placeObjects(random, { classIds: [1], size: canvas });
 * paintObjects(canvas, random, balls);
 * ok(canvas.data.some((level) => level > 0));
 * ```
 */
export function paintObjects(
  canvas: Canvas,
  random: Random,
  objects: readonly PlacedObject[],
): void {
  const light = drawLight(random.split("light"));
  const painted = objects.map((object, i) => {
    const stream = random.split(`object ${i}`);
    return {
      object,
      stream,
      colours: drawObjectColours(stream, object.kind.hue),
    };
  });
  for (const { object, stream, colours } of painted) {
    const count = stream.below(object.kind.lookalikes + 1);
    for (let i = 0; i < count; i++) {
      const away = () => between(stream, [-1.3, 1.3]) * object.frame.scalePx;
      const { frame } = object;
      const near = [frame.x + away(), frame.y + away()] as const;
      paintClutter(canvas, stream, { near, colours });
    }
  }
  for (const { object, stream, colours } of painted) {
    paintObject(canvas, stream, { object, colours, light });
  }
}

function paintObject(
  canvas: Canvas,
  random: Random,
  { object, colours, light }: {
    object: PlacedObject;
    colours: Colours;
    light: Light;
  },
): void {
  const { kind, frame, shape, within } = object;
  const heightPx = between(random, [1, 4]);
  const cast = shadow(object, { heightPx, light });
  illuminate(canvas, cast.factor, cast.within);
  paint(canvas, {
    ...{ shape, within, softness: 1 },
    colours,
    pattern: inFrame(kind.pattern(random), frame),
    light: shading(shape, { rimPx: kind.rim * frame.scalePx, light }),
  });
}
