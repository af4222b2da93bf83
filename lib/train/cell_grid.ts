/**
 * The cells of a score map over a crop: which pixel of the picture each stands
 * for, and what that pixel is.
 *
 * Scores are compared with labels where the network scores: at output stride s
 * cell (i, j) is pixel (s·i, s·j) of the crop, as Caffe's Interp layer shrinks
 * labels with aligned corners; s is 8 in the paper; docs/method.md, Label and
 * loss resolution. In a crop of 8k + 1 px the last cell is the last pixel, so
 * that mirroring keeps the grid.
 *
 * @module
 */
import { type Box, boxArea } from "../geometry/box.ts";
import { type LabelMap, VOID } from "../label/label_map.ts";

/** Pixels of a picture under the Y·X cells of a crop. */
export interface CellGrid {
  /** int32 `[X]`: column of the picture, −1 in the padding. */
  readonly columns: Int32Array;
  /** int32 `[Y]`: row of the picture, −1 in the padding. */
  readonly rows: Int32Array;
}

/**
 * The grid of a crop of 8k + 1 columns and rows.
 *
 * @param pixels Those of the picture under every pixel of the crop, `[S]` each.
 * @param outputStride Pixels of the crop to a cell.
 *
 * @example
 * ```ts
 * import { cellGrid } from "./cell_grid.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const columns = Int32Array.of(3, 4, 5, 6, 7, 8, -1, -1, -1);
 * const grid = cellGrid({ columns, rows: columns }, 8);
 * deepStrictEqual([...grid.columns], [3, -1]);
 * ```
 */
export function cellGrid(
  pixels: CellGrid,
  outputStride: number,
): CellGrid {
  const isCell = (_: number, at: number) => at % outputStride === 0;
  return {
    columns: pixels.columns.filter(isCell),
    rows: pixels.rows.filter(isCell),
  };
}

/**
 * The cells of a map, by what is at the pixel under each.
 *
 * @param at What is at a pixel of the picture.
 * @param padding What a cell in the padding gets.
 * @returns int32 `[P]`.
 *
 * @example
 * ```ts
 * import { cellsOf } from "./cell_grid.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const grid = { columns: Int32Array.of(1, -1), rows: Int32Array.of(2) };
 * deepStrictEqual([...cellsOf(grid, (x, y) => 10 * y + x, 255)], [21, 255]);
 * ```
 */
export function cellsOf(
  { columns, rows }: CellGrid,
  at: (x: number, y: number) => number,
  padding: number,
): Int32Array {
  const cells = new Int32Array(rows.length * columns.length);
  let p = 0;
  for (const y of rows) {
    for (const x of columns) cells[p++] = x < 0 || y < 0 ? padding : at(x, y);
  }
  return cells;
}

/**
 * Labels of the cells; void in the padding.
 *
 * @returns int32 `[P]`: 0 background, 1…K class, 255 void.
 *
 * @example
 * ```ts
 * import { cellLabels } from "./cell_grid.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const labels = { width: 2, height: 1, data: Uint8Array.of(7, 9) };
 * const grid = { columns: Int32Array.of(1, -1), rows: Int32Array.of(0) };
 * deepStrictEqual([...cellLabels(grid, labels)], [9, 255]);
 * ```
 */
export function cellLabels(
  grid: CellGrid,
  { width, data }: LabelMap,
): Int32Array {
  return cellsOf(grid, (x, y) => data[y * width + x]!, VOID);
}

/**
 * Index of the box on top of each cell: the smallest that holds its pixel, of
 * equals the last, as `rectangleLabels` paints them.
 *
 * @returns int32 `[P]`; −1 outside all boxes and in the padding.
 *
 * @example
 * ```ts
 * import { cellBoxes } from "./cell_grid.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const wide = { classId: 1, x0: 0, y0: 0, x1: 9, y1: 1 };
 * const dot = { classId: 2, x0: 8, y0: 0, x1: 9, y1: 1 };
 * const grid = { columns: Int32Array.of(0, 8, 9), rows: Int32Array.of(0) };
 * deepStrictEqual([...cellBoxes(grid, [dot, wide])], [1, 0, -1]);
 * ```
 */
export function cellBoxes(grid: CellGrid, boxes: readonly Box[]): Int32Array {
  // Sorting keeps ties in order: the last of the order is on top.
  const fromTop = [...boxes.keys()]
    .sort((a, b) => boxArea(boxes[b]!) - boxArea(boxes[a]!)).reverse();
  return cellsOf(
    grid,
    (x, y) => fromTop.find((index) => holds(boxes[index]!, x, y)) ?? -1,
    -1,
  );
}

/**
 * Whether a pixel lies in a box.
 *
 * @example
 * ```ts
 * import { holds } from "./cell_grid.ts";
 * import { strictEqual } from "node:assert";
 *
 * const box = { classId: 1, x0: 2, y0: 0, x1: 4, y1: 1 };
 * strictEqual(holds(box, 3, 0), true);
 * strictEqual(holds(box, 4, 0), false);
 * ```
 */
export function holds(box: Box, x: number, y: number): boolean {
  return x >= box.x0 && x < box.x1 && y >= box.y0 && y < box.y1;
}
