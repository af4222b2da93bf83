/**
 * Annotated rectangles.
 *
 * @module
 */

/** A rectangle with a class: px, half-open, `[x0, x1) × [y0, y1)`. */
export interface Box {
  /** 1…K. */
  readonly classId: number;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/**
 * Area in px².
 *
 * @example
 * ```ts
 * import { boxArea } from "./box.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(boxArea({ classId: 1, x0: 2, y0: 1, x1: 5, y1: 3 }), 6);
 * ```
 */
export function boxArea(box: Box): number {
  return (box.x1 - box.x0) * (box.y1 - box.y0);
}
