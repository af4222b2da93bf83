/**
 * IoU of each class in two runs, from their metrics.
 *
 * @module
 */

/** A class in both runs. */
export interface ClassIouChange {
  /** As metrics call it. */
  readonly className: string;
  /** IoU, 0…1; null for a class that is in neither truth nor labels. */
  readonly a: number | null;
  readonly b: number | null;
}

/** `proposals.iou.ball`: what is scored, and the class. */
const CLASS_IOU = /^[^.]+\.iou\.([^.]+)$/;

/**
 * The classes that two steps scored, in the order of the first.
 *
 * @example
 * ```ts
 * import { classIouChanges } from "./class_ious.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const a = { "x.mean_iou": 0.5, "x.iou.cat": 0.4 };
 * deepStrictEqual(classIouChanges(a, { "x.iou.cat": 0.6 }), [
 *   { className: "cat", a: 0.4, b: 0.6 },
 * ]);
 * ```
 */
export function classIouChanges(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): ClassIouChange[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].flatMap((name) => {
    const className = CLASS_IOU.exec(name)?.[1];
    if (className === undefined) return [];
    return [{ className, a: a[name] ?? null, b: b[name] ?? null }];
  });
}
