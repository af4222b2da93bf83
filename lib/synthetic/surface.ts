/**
 * Textures of ground, walls, foliage: patterns of picture coordinates, px.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { between, noiseSeed, pick } from "./chance.ts";
import type { Field } from "./field.ts";
import {
  blended,
  fractalNoise,
  patches,
  spots,
  stripes,
  warped,
} from "./pattern.ts";

/**
 * A texture over a slow ramp, 0…1.
 *
 * @example
 * ```ts
 * import { drawSurface } from "./surface.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * const value = drawSurface(seededRandom(1))(10, 20);
 * ok(value >= 0 && value <= 1);
 * ```
 */
export function drawSurface(random: Random): Field {
  const sizePx = between(random, [4, 30]);
  const noise = fractalNoise(noiseSeed(random), 2);
  const cloudy: Field = (x, y) => noise(x / sizePx, y / sizePx);
  const ramp = gradient(random);
  const { make } = pick(random, SURFACES);
  const share = between(random, [0.2, 0.7]);
  return blended(ramp, make(random, cloudy), share);
}

/** Textures, given slow noise; the last two resemble those of objects. */
const SURFACES: readonly {
  weight: number;
  make: (random: Random, cloudy: Field) => Field;
}[] = [
  { weight: 4, make: (_, cloudy) => cloudy },
  {
    weight: 2,
    make: (_, cloudy) => patches(cloudy, { level: 0.5, softness: 0.15 }),
  },
  {
    weight: 1.5,
    make: (random, cloudy) => {
      const period = between(random, [4, 20]);
      const angle = between(random, [0, Math.PI]);
      return warped(stripes({ period, angle }), cloudy, 10);
    },
  },
  {
    weight: 1,
    make: (random, cloudy) =>
      blended(spots(noiseSeed(random), between(random, [4, 12])), cloudy, 0.5),
  },
];

/** A ramp from 0 to 1 over about the width of a picture. */
function gradient(random: Random): Field {
  const angle = between(random, [0, 2 * Math.PI]);
  const kx = Math.cos(angle) / 130;
  const ky = Math.sin(angle) / 130;
  const start = between(random, [0.2, 0.8]);
  return (x, y) =>
    Math.min(1, Math.max(0, start + kx * (x - 64) + ky * (y - 48)));
}
