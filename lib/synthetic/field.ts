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
 * The same field; values at pixel centres up to `reach` aside of a point and up
 * or down, px, are computed once and kept.
 *
 * @example
 * ```ts
 * import { keptAtPixels } from "./field.ts";
 * import { strictEqual } from "node:assert";
 *
 * let count = 0;
 * const field = keptAtPixels((x) => x + count++, { x: 5, y: 5, reach: 3 });
 * strictEqual(field(6.5, 2.5), 6.5);
 * strictEqual(field(6.5, 2.5), 6.5);
 * strictEqual(field(6.1, 2.5), 7.1); // no pixel centre
 * ```
 */
export function keptAtPixels(
  field: Field,
  { x: cx, y: cy, reach }: { x: number; y: number; reach: number },
): Field {
  const left = Math.floor(cx - reach) + 0.5;
  const top = Math.floor(cy - reach) + 0.5;
  const side = Math.ceil(2 * reach) + 1;
  const values = new Float64Array(side * side).fill(NaN);
  return (x, y) => {
    const column = x - left;
    const row = y - top;
    const isKept = column >= 0 && column < side && column % 1 === 0 &&
      row >= 0 && row < side && row % 1 === 0;
    if (!isKept) return field(x, y);
    const at = row * side + column;
    if (Number.isNaN(values[at])) values[at] = field(x, y);
    return values[at]!;
  };
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
