/**
 * What the attention maps are taught: where the boxes lie
 * [Song2019, section 3.2].
 *
 * @module
 */
import type { Box } from "../geometry/box.ts";
import { type CellGrid, cellsOf, holds } from "./cell_grid.ts";

/** See `maskTarget`. */
export interface MaskTargetOptions {
  /**
   * C, background included: a map for each class, background first. 1: one map
   * for all, its target the union of all boxes (BGM).
   */
  readonly channels: number;
  /**
   * Of the background's map: 1 everywhere (`ones`, the default), 1 outside all
   * boxes (`outside`), or none is taught (`none`: also 1 everywhere, for a
   * head whose background is not masked, so that nothing is lost).
   */
  readonly background?: "ones" | "outside" | "none";
  /** Outside the boxes of a class: 0, the default, or 0.5. */
  readonly offTarget?: 0 | 0.5;
  /**
   * Whether a pixel in boxes of several classes is 1 for the class on top
   * (`top`, the default) or for all of them (`union`).
   */
  readonly overlap?: "top" | "union";
}

/**
 * The targets of a crop's attention maps.
 *
 * The paper says nothing of overlaps, of the background or of classes that are
 * not in the picture; docs/method.md, Class-wise masking.
 *
 * @param boxIndices int32 `[P]`: index of the box on top, −1 none.
 * @returns float32 `[channels, P]`; in the padding as outside all boxes.
 *
 * @example
 * ```ts
 * import { maskTarget } from "./mask_target.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const box = { classId: 1, x0: 1, y0: 0, x1: 2, y1: 1 };
 * const grid = { columns: Int32Array.of(0, 1), rows: Int32Array.of(0) };
 * const cells = { grid, boxes: [box], boxIndices: Int32Array.of(-1, 0) };
 * const target = maskTarget(cells, { channels: 2 });
 * deepStrictEqual([...target], [1, 1, 0, 1]);
 * ```
 */
export function maskTarget(
  { grid, boxes, boxIndices }: {
    readonly grid: CellGrid;
    readonly boxes: readonly Box[];
    readonly boxIndices: Int32Array;
  },
  options: MaskTargetOptions,
): Float32Array {
  const { channels, background = "ones", overlap = "top" } = options;
  const { offTarget = 0 } = options;
  const count = boxIndices.length;
  const target = new Float32Array(channels * count).fill(offTarget);
  if (channels === 1) {
    boxIndices.forEach((index, p) => {
      if (index >= 0) target[p] = 1;
    });
    return target;
  }
  if (background !== "outside") target.fill(1, 0, count);
  boxIndices.forEach((index, p) => {
    if (index >= 0) target[boxes[index]!.classId * count + p] = 1;
    else target[p] = 1;
  });
  if (overlap === "union") {
    for (const box of boxes) fillClass(target, { grid, box });
  }
  return target;
}

/** Sets a box's cells in the map of its class, whatever box is on top. */
function fillClass(
  target: Float32Array,
  { grid, box }: { grid: CellGrid; box: Box },
): void {
  const inside = cellsOf(grid, (x, y) => holds(box, x, y) ? 1 : 0, 0);
  inside.forEach((isInside, p) => {
    if (isInside === 1) target[box.classId * inside.length + p] = 1;
  });
}
