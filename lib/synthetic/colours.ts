/**
 * Colours of objects and of what is around them.
 *
 * @module
 */
import type { Random } from "../random.ts";
import type { Rgb } from "./canvas.ts";
import { between } from "./chance.ts";

/**
 * A dark and a light shade, the ends of a pattern. Within one thing they are
 * close: the CRF sees 3 levels of 255, so that strong textures would break up
 * objects and hide what is seen through them, whatever their class. Then filling
 * rates measured on proposals would say nothing of the class.
 */
export type Colours = readonly [dark: Rgb, light: Rgb];

/**
 * The colour of a hue (degrees, any), saturation and lightness (0…1).
 *
 * @example
 * ```ts
 * import { hsl } from "./colours.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(hsl(120, 1, 0.5), [0, 255, 0]);
 * ```
 */
export function hsl(hue: number, saturation: number, lightness: number): Rgb {
  const swing = saturation * Math.min(lightness, 1 - lightness);
  const level = (offset: number) => {
    const k = (((offset + hue / 30) % 12) + 12) % 12;
    return 255 * (lightness - swing * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [level(0), level(8), level(4)];
}

/**
 * Two shades for what is around the objects, most of them pale or grey, near
 * the hue (degrees) of the picture; one in four opposite to it.
 *
 * @example
 * ```ts
 * import { drawSceneColours } from "./colours.ts";
 * import { seededRandom } from "../random.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(drawSceneColours(seededRandom(1), 90).length, 2);
 * ```
 */
export function drawSceneColours(random: Random, pictureHue: number): Colours {
  const opposite = random.uniform() < 0.25 ? 180 : 0;
  return shades(random, {
    hue: pictureHue + opposite + 30 * random.normal(),
    saturation: between(random, [0.03, 0.45]),
    contrast: between(random, [0.01, 0.04]),
    turn: between(random, [-8, 8]),
  });
}

/**
 * Two shades of an object whose class has the given mean hue (degrees). The
 * spread makes neighbouring classes overlap; one in eight has any hue.
 *
 * @example
 * ```ts
 * import { drawObjectColours } from "./colours.ts";
 * import { seededRandom } from "../random.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(drawObjectColours(seededRandom(1), 120).length, 2);
 * ```
 */
export function drawObjectColours(random: Random, meanHue: number): Colours {
  const isOdd = random.uniform() < 0.125;
  return shades(random, {
    hue: isOdd ? between(random, [0, 360]) : meanHue + 22 * random.normal(),
    saturation: between(random, [0.25, 0.7]),
    contrast: between(random, [0.035, 0.08]),
    turn: between(random, [-10, 10]),
  });
}

/** How two shades lie to each other. */
interface ShadeOptions {
  /** Mean of both, degrees. */
  readonly hue: number;
  /** 0…1. */
  readonly saturation: number;
  /** Half the difference in lightness, 0…0.28. */
  readonly contrast: number;
  /** Half the difference in hue, degrees. */
  readonly turn: number;
}

function shades(
  random: Random,
  { hue, saturation, contrast, turn }: ShadeOptions,
): Colours {
  const middle = between(random, [0.28, 0.7]);
  return [
    hsl(hue - turn, saturation, middle - contrast),
    hsl(hue + turn, saturation, middle + contrast),
  ];
}
