/**
 * Fields: a number for every point of the plane. Shapes, patterns and light are
 * all fields, so that one small set of functions joins them.
 *
 * @module
 */

/** A number for the point `(x, y)`; y points down, as in a picture. */
export type Field = (x: number, y: number) => number;

/** Where an object stands in the picture, and how large. */
export interface Frame {
  /** Centre, px. */
  readonly x: number;
  /** Centre, px. */
  readonly y: number;
  /** Clockwise on the screen, radians. */
  readonly angle: number;
  /** Px for one unit of object coordinates. */
  readonly scalePx: number;
  /** Whether left and right of the object are swapped. */
  readonly mirrored: boolean;
}

/**
 * A field of object coordinates, read at picture coordinates in px. Values are
 * left alone: a distance stays in object units.
 *
 * @example
 * ```ts
 * import { inFrame } from "./field.ts";
 * import { strictEqual } from "node:assert";
 *
 * const frame = { x: 10, y: 20, angle: 0, scalePx: 5, mirrored: true };
 * strictEqual(inFrame((x) => x, frame)(15, 20), -1);
 * ```
 */
export function inFrame(field: Field, frame: Frame): Field {
  const cos = Math.cos(frame.angle) / frame.scalePx;
  const sin = Math.sin(frame.angle) / frame.scalePx;
  const side = frame.mirrored ? -1 : 1;
  return (x, y) => {
    const dx = x - frame.x;
    const dy = y - frame.y;
    return field(side * (cos * dx + sin * dy), cos * dy - sin * dx);
  };
}

/**
 * The field with its values times `factor`.
 *
 * @example
 * ```ts
 * import { times } from "./field.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(times((x, y) => x + y, 3)(1, 2), 9);
 * ```
 */
export function times(field: Field, factor: number): Field {
  return (x, y) => factor * field(x, y);
}

/**
 * 0 up to `low`, 1 from `high` on, smooth in between.
 *
 * @example
 * ```ts
 * import { smoothStep } from "./field.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(smoothStep(2, 4, 3), 0.5);
 * strictEqual(smoothStep(2, 4, 9), 1);
 * ```
 */
export function smoothStep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
