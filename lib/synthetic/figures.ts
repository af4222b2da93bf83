/**
 * The shapes of the embedded classes in object coordinates: about 2 units
 * across, y down, facing right. Each call varies the proportions.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { between, noiseSeed } from "./chance.ts";
import { valueNoise } from "./pattern.ts";
import {
  disc,
  ellipse,
  lobed,
  melted,
  type Point,
  ragged,
  ring,
  type Shape,
  slab,
  stroke,
  union,
} from "./shape.ts";

/**
 * A disc, hardly squeezed.
 *
 * @example
 * ```ts
 * import { aBall } from "./figures.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * ok(aBall(seededRandom(1))(0, 0) < 0);
 * ```
 */
export function aBall(random: Random): Shape {
  return ellipse([0, 0], [1, between(random, [0.92, 1])]);
}

/**
 * A straight bar along x with rounded ends.
 *
 * @example
 * ```ts
 * import { aBar } from "./figures.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * const bar = aBar(seededRandom(1));
 * ok(bar(0.9, 0) < 0 && bar(0, 0.9) > 0);
 * ```
 */
export function aBar(random: Random): Shape {
  return slab([1, between(random, [0.19, 0.26])], 0.08);
}

/**
 * A body of three to five smooth lobes.
 *
 * @example
 * ```ts
 * import { aBlob } from "./figures.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * ok(aBlob(seededRandom(1))(0, 0) < 0);
 * ```
 */
export function aBlob(random: Random): Shape {
  const lobes = 3 + random.below(3);
  const depth = between(random, [0.08, 0.16]);
  const lean = between(random, [0, 0.14]);
  const phase = between(random, [0, 2 * Math.PI]);
  return lobed((angle) =>
    0.86 + depth * Math.cos(lobes * angle) +
    lean * Math.cos(2 * angle + phase)
  );
}

/**
 * Two thin beams at right angles; arms differ in length.
 *
 * @example
 * ```ts
 * import { aCross } from "./figures.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * const cross = aCross(seededRandom(1));
 * ok(cross(0, 0) < 0 && cross(0.6, 0.6) > 0);
 * ```
 */
export function aCross(random: Random): Shape {
  const halfWidth = between(random, [0.14, 0.2]);
  const arm = between(random, [0.75, 1]);
  return union(slab([1, halfWidth], 0.04), slab([halfWidth, arm], 0.04));
}

/**
 * Two wheels joined by a frame with a saddle and a handlebar; what is seen
 * through the wheels is not part of it.
 *
 * @example
 * ```ts
 * import { aCycle } from "./figures.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * const cycle = aCycle(seededRandom(1));
 * ok(cycle(-0.62, 0.25) < 0); // the rear hub
 * ```
 */
export function aCycle(random: Random): Shape {
  const radius = between(random, [0.36, 0.44]);
  const halfWidth = between(random, [0.07, 0.09]);
  const rear: Point = [-0.62, 0.25];
  const front: Point = [0.62, 0.25];
  const pedals: Point = [-0.05, 0.28];
  const saddle: Point = [-0.22, between(random, [-0.4, -0.28])];
  const head: Point = [0.42, between(random, [-0.45, -0.32])];
  return union(
    ring(rear, { radius, halfWidth }),
    ring(front, { radius, halfWidth }),
    stroke([rear, pedals, saddle, rear], 0.06),
    stroke([pedals, head, front], 0.06),
    stroke([saddle, head], 0.055),
    stroke([[saddle[0] - 0.14, saddle[1]], [-0.08, saddle[1]]], 0.085),
    stroke([head, [head[0] + 0.16, head[1] - 0.08]], 0.06),
  );
}

/**
 * An animal on four legs, seen from its side.
 *
 * @example
 * ```ts
 * import { aStandingBeast } from "./figures.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * const beast = aStandingBeast(seededRandom(1));
 * ok(beast(0, -0.1) < 0); // its belly
 * ok(beast(0, 0.7) > 0); // between its legs
 * ```
 */
export function aStandingBeast(random: Random): Shape {
  const girth = between(random, [0.22, 0.31]);
  const hoof = between(random, [0.82, 1.05]);
  const headY = between(random, [-0.75, -0.45]);
  const legs = [-0.6, -0.44, 0.4, 0.56].map((x) => {
    const foot = x + between(random, [-0.12, 0.12]);
    return stroke([[x, 0], [foot, hoof]], 0.075);
  });
  return melted(
    0.12,
    stroke([[-0.45, -0.1], [0.42, -0.12]], girth),
    stroke([[0.5, -0.2], [0.78, headY]], 0.15),
    stroke([[0.78, headY], [1, headY + 0.1]], 0.15),
    stroke([[0.74, headY - 0.1], [0.7, headY - 0.26]], 0.06),
    tail(random, [-0.7, -0.15]),
    ...legs,
  );
}

function tail(random: Random, [x, y]: Point): Shape {
  const lift = between(random, [-0.4, 0.45]);
  return stroke([[x, y], [x - 0.2, y + lift / 2], [x - 0.24, y + lift]], 0.06);
}

/**
 * The same animal rolled up: its head on its flank, its tail around it.
 *
 * @example
 * ```ts
 * import { aCurledBeast } from "./figures.ts";
 * import { seededRandom } from "../random.ts";
 * import { ok } from "node:assert";
 *
 * ok(aCurledBeast(seededRandom(1))(0, 0) < 0);
 * ```
 */
export function aCurledBeast(random: Random): Shape {
  const height = between(random, [0.55, 0.68]);
  const side = between(random, [0.6, 0.72]);
  const body = melted(
    0.15,
    ellipse([0, 0], [0.95, height]),
    disc([side, -0.3], 0.3),
    stroke([[side + 0.08, -0.5], [side + 0.14, -0.66]], 0.06),
    stroke([[-0.85, 0.2], [-0.4, height], [0.3, height + 0.02]], 0.09),
  );
  const noise = valueNoise(noiseSeed(random));
  return ragged(body, (x, y) => noise(5 * x, 5 * y), 0.04);
}
