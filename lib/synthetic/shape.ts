/**
 * Shapes as signed distances: negative inside, zero on the outline, positive
 * outside, in the units of the coordinates. Joined shapes give a bound of the
 * distance; near the outline it is close enough to draw a smooth edge.
 *
 * @module
 */
import type { Field } from "./field.ts";

/** Signed distance to an outline; negative inside. */
export type Shape = Field;

/** `[x, y]`. */
export type Point = readonly [x: number, y: number];

/** A shape with a bound that shows where it need not be computed. */
export interface Outline {
  readonly shape: Shape;
  /**
   * Where positive, not above `shape`; never changes faster than the place. So
   * the shape is nowhere near a point at which this is large.
   */
  readonly within: Shape;
}

/** The bound of what may be anywhere. */
export const EVERYWHERE: Shape = () => -Infinity;

/** Several times as fast as Math.hypot, which guards against overflow. */
function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/**
 * A disc around `centre`.
 *
 * @example
 * ```ts
 * import { disc } from "./shape.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(disc([1, 0], 2)(1, 5), 3);
 * ```
 */
export function disc([cx, cy]: Point, radius: number): Shape {
  return (x, y) => length(x - cx, y - cy) - radius;
}

/**
 * The outline of a disc, drawn with a pen of the given half width.
 *
 * @example
 * ```ts
 * import { ring } from "./shape.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(ring([0, 0], { radius: 3, halfWidth: 1 })(0, 0), 2);
 * ```
 */
export function ring(
  centre: Point,
  { radius, halfWidth }: { radius: number; halfWidth: number },
): Shape {
  const filled = disc(centre, radius);
  return (x, y) => Math.abs(filled(x, y)) - halfWidth;
}

/**
 * An upright ellipse; the distance is exact on the outline and on a circle, and
 * of first order elsewhere.
 *
 * @example
 * ```ts
 * import { ellipse } from "./shape.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(ellipse([0, 0], [4, 2])(0, 2), 0);
 * strictEqual(ellipse([0, 0], [2, 2])(0, 5), 3);
 * ```
 */
export function ellipse([cx, cy]: Point, [rx, ry]: Point): Shape {
  return (x, y) => {
    const dx = (x - cx) / rx;
    const dy = (y - cy) / ry;
    const slope = length(dx / rx, dy / ry);
    if (slope === 0) return -Math.min(rx, ry);
    const level = length(dx, dy);
    return level * (level - 1) / slope;
  };
}

/**
 * A line through the points, drawn with a round pen of the given radius.
 *
 * @example
 * ```ts
 * import { stroke } from "./shape.ts";
 * import { strictEqual } from "node:assert";
 *
 * const corner = stroke([[0, 0], [4, 0], [4, 4]], 1);
 * strictEqual(corner(2, 3), 1);
 * strictEqual(corner(4, 4), -1);
 * ```
 */
export function stroke(points: readonly Point[], radius: number): Shape {
  const parts = points.slice(1).map((end, i) => segment(points[i] ?? end, end));
  return (x, y) => {
    let nearest = Infinity; // squared, as roots and calls take long
    for (const { ax, ay, dx, dy, squared } of parts) {
      const along = ((x - ax) * dx + (y - ay) * dy) / squared;
      const t = Math.min(1, Math.max(0, along));
      const awayX = x - ax - t * dx;
      const awayY = y - ay - t * dy;
      nearest = Math.min(nearest, awayX * awayX + awayY * awayY);
    }
    return Math.sqrt(nearest) - radius;
  };
}

/** A line from a to a + d, with its squared length. */
function segment([ax, ay]: Point, [bx, by]: Point) {
  const dx = bx - ax;
  const dy = by - ay;
  return { ax, ay, dx, dy, squared: Math.max(dx * dx + dy * dy, 1e-12) };
}

/**
 * An upright rectangle around the origin with rounded corners.
 *
 * @example
 * ```ts
 * import { slab } from "./shape.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(slab([3, 1], 0.5)(5, 0), 2);
 * ```
 */
export function slab([halfWidth, halfHeight]: Point, corner: number): Shape {
  return (x, y) => {
    const dx = Math.abs(x) - halfWidth + corner;
    const dy = Math.abs(y) - halfHeight + corner;
    const outside = length(Math.max(dx, 0), Math.max(dy, 0));
    return outside + Math.min(Math.max(dx, dy), 0) - corner;
  };
}

/**
 * A shape around the origin whose outline lies at `radiusAt(angle)`; the
 * distance is measured along the ray, so it is too large on steep flanks.
 *
 * @example
 * ```ts
 * import { lobed } from "./shape.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(lobed((angle) => 2 + Math.cos(angle))(4, 0), 1);
 * ```
 */
export function lobed(radiusAt: (angle: number) => number): Shape {
  return (x, y) => length(x, y) - radiusAt(Math.atan2(y, x));
}

/**
 * All the shapes together.
 *
 * @example
 * ```ts
 * import { disc, union } from "./shape.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(union(disc([0, 0], 1), disc([5, 0], 1))(3, 0), 1);
 * ```
 */
export function union(...shapes: readonly Shape[]): Shape {
  return (x, y) => {
    let least = Infinity;
    for (const shape of shapes) least = Math.min(least, shape(x, y));
    return least;
  };
}

/**
 * All the shapes together, with a fillet of about `reach` where they meet.
 *
 * @example
 * ```ts
 * import { disc, melted } from "./shape.ts";
 * import { ok } from "node:assert";
 *
 * const pair = melted(0.5, disc([-1, 0], 1), disc([1, 0], 1));
 * ok(pair(0, 0) < 0); // the discs only touch here
 * ```
 */
export function melted(reach: number, ...shapes: readonly Shape[]): Shape {
  return (x, y) => {
    let joined = Infinity;
    for (const shape of shapes) joined = smoothMin(joined, shape(x, y), reach);
    return joined;
  };
}

/** Polynomial smooth minimum; equals min where a and b differ by `reach`. */
function smoothMin(a: number, b: number, reach: number): number {
  const nearness = Math.max(0, 1 - Math.abs(a - b) / reach);
  return Math.min(a, b) - nearness * nearness * reach / 4;
}

/**
 * The shape with its outline pushed in and out by up to `amount`, after a field
 * of values 0…1.
 *
 * @example
 * ```ts
 * import { disc, ragged } from "./shape.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(ragged(disc([0, 0], 2), () => 1, 0.5)(4, 0), 1.5);
 * ```
 */
export function ragged(shape: Shape, noise: Field, amount: number): Shape {
  return (x, y) => shape(x, y) - amount * (2 * noise(x, y) - 1);
}

/**
 * The same shape, which must lie within a disc, faster to compute: more than
 * `margin` away from the disc, the distance is that to the disc.
 *
 * @example
 * ```ts
 * import { bounded, disc, slab } from "./shape.ts";
 * import { strictEqual } from "node:assert";
 *
 * const square = slab([1, 1], 0);
 * const quick = bounded(square, { within: disc([0, 0], 1.5), margin: 4 });
 * strictEqual(quick(5, 0), square(5, 0));
 * strictEqual(quick(8, 0), 6.5);
 * ```
 */
export function bounded(
  shape: Shape,
  { within, margin }: { within: Shape; margin: number },
): Shape {
  return (x, y) => {
    const away = within(x, y);
    return away > margin ? away : shape(x, y);
  };
}
