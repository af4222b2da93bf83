/**
 * Light: shading of round objects, the shadows they cast.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { between } from "./chance.ts";
import { type Field, smoothStep } from "./field.ts";
import type { Outline, Shape } from "./shape.ts";

/** Where the light of a picture comes from, and how hard it is. */
export interface Light {
  /** Towards the light, unit length; z is out of the picture. */
  readonly towards: readonly [x: number, y: number, z: number];
  /** Share of the light that has no direction, 0…1. */
  readonly ambient: number;
  /** Width of a shadow's edge, px. */
  readonly softnessPx: number;
}

/**
 * A light from above, left or right.
 *
 * @example
 * ```ts
 * import { drawLight } from "./lighting.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * ok(drawLight(seededRandom(1)).towards[1] < 0); // up is negative y
 * ```
 */
export function drawLight(random: Random): Light {
  const angle = between(random, [-0.9, -0.1]) * Math.PI;
  const height = between(random, [0.5, 0.85]);
  const across = Math.sqrt(1 - height * height);
  return {
    towards: [across * Math.cos(angle), across * Math.sin(angle), height],
    ambient: between(random, [0.68, 0.92]),
    softnessPx: between(random, [3, 12]),
  };
}

/**
 * The factor of light on a body that is flat within and rounded at its rim,
 * `rimPx` wide; 1 where flat.
 *
 * @example
 * ```ts
 * import { shading } from "./lighting.ts";
 * import { disc } from "./shape.ts";
 * import { ok, strictEqual } from "node:assert";
 *
 * const light = { towards: [0, -0.6, 0.8], ambient: 0.5, softnessPx: 4 } as const;
 * const lit = shading(disc([0, 0], 10), { rimPx: 4, light });
 * strictEqual(lit(0, 0), 1);
 * ok(lit(0, -9) > 1 && lit(0, 9) < 1);
 * ```
 */
export function shading(
  shapePx: Shape,
  { rimPx, light }: { rimPx: number; light: Light },
): Field {
  const [lx, ly, lz] = light.towards;
  return (x, y) => {
    // Outline 1, flat 0; short of 1 so that no rim turns black.
    const here = shapePx(x, y);
    const steep = 0.9 * (1 - smoothStep(0, rimPx, -here));
    if (steep <= 0) return 1;
    const dx = shapePx(x + 0.5, y) - here;
    const dy = shapePx(x, y + 0.5) - here;
    const norm = steep / Math.max(Math.sqrt(dx * dx + dy * dy), 1e-6);
    const facing = norm * (dx * lx + dy * ly) +
      Math.sqrt(1 - steep * steep) * lz;
    const direct = Math.max(0, facing) / lz;
    return light.ambient + (1 - light.ambient) * direct;
  };
}

/**
 * The factor of light on the ground behind a body: darker away from the light.
 * `heightPx` is how far the body stands off the ground.
 *
 * @param body Where its bound is positive, its shape must be no less than the
 * softness of the light.
 * @returns The factor, and a bound: where that is positive, the factor is 1.
 *
 * @example
 * ```ts
 * import { shadow } from "./lighting.ts";
 * import { disc } from "./shape.ts";
 * import { ok, strictEqual } from "node:assert";
 *
 * const light = { towards: [0, -0.6, 0.8], ambient: 0.5, softnessPx: 4 } as const;
 * const body = { shape: disc([0, 0], 10), within: disc([0, 0], 14) };
 * const { factor } = shadow(body, { heightPx: 4, light });
 * strictEqual(factor(0, -14), 1);
 * ok(factor(0, 12) < 1);
 * ```
 */
export function shadow(
  { shape, within }: Outline,
  { heightPx, light }: { heightPx: number; light: Light },
): { factor: Field; within: Shape } {
  const [lx, ly, lz] = light.towards;
  const dx = heightPx * lx / lz;
  const dy = heightPx * ly / lz;
  const depth = 0.75 * (1 - light.ambient);
  const soft = light.softnessPx;
  return {
    factor: (x, y) =>
      1 - depth * smoothStep(soft, -soft, shape(x + dx, y + dy)),
    within: (x, y) => within(x + dx, y + dy),
  };
}
