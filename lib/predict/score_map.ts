/**
 * Score maps: what a network says of a picture, before softmax.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import type { CellGrid } from "../train/cell_grid.ts";
import { cellsAlong } from "./padded_size.ts";

/** The size of a picture, px, and how far apart its scores are. */
export interface ScoredSize extends Size {
  /** s: pixels of the picture to a cell, along each axis; 8 in the paper. */
  readonly outputStride: number;
}

/**
 * float32 `[C, Y, X]`, any real: the scores of a picture at every s-th pixel.
 *
 * Cell (x, y) is at pixel (s·x, s·y), so a map has ⌈(W − 1) / s⌉ + 1 columns:
 * the cells between which the picture's pixels lie, and none of its padding.
 */
export interface ScoreMap extends ScoredSize {
  /** C, background included. */
  readonly classCount: number;
  /** `C·Y·X` values. */
  readonly data: Float32Array;
  /** What the network ran on, for people; left out where none did. */
  readonly engine?: string;
}

/**
 * The cells of the score map of a picture.
 *
 * @example
 * ```ts
 * import { gridOf } from "./score_map.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const size = { width: 500, height: 9, outputStride: 8 };
 * deepStrictEqual(gridOf(size), { columns: 64, rows: 2 });
 * ```
 */
export function gridOf(
  { width, height, outputStride }: ScoredSize,
): { readonly columns: number; readonly rows: number } {
  return {
    columns: cellsAlong(width, outputStride),
    rows: cellsAlong(height, outputStride),
  };
}

/**
 * The pixels of the picture under the cells of its map; none, −1, under a last
 * cell that lies beyond the last pixel.
 *
 * @example
 * ```ts
 * import { pixelsUnderCells } from "./score_map.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const size = { width: 10, height: 9, outputStride: 8 };
 * const { columns, rows } = pixelsUnderCells(size);
 * deepStrictEqual([...columns, ...rows], [0, 8, -1, 0, 8]);
 * ```
 */
export function pixelsUnderCells(size: ScoredSize): CellGrid {
  const { columns, rows } = gridOf(size);
  const along = (cells: number, px: number) =>
    Int32Array.from({ length: cells }, (_, i) => {
      const pixel = size.outputStride * i;
      return pixel < px ? pixel : -1;
    });
  return {
    columns: along(columns, size.width),
    rows: along(rows, size.height),
  };
}

/**
 * Checks that the sizes are positive whole numbers and fit the data, and that
 * every score is a finite number.
 *
 * @param action What cannot be done otherwise; opens the message.
 * @throws {RangeError} When they do not.
 *
 * @example
 * ```ts
 * import { assertScoreMap } from "./score_map.ts";
 * import { throws } from "node:assert";
 *
 * const size = { width: 9, height: 1, outputStride: 8 };
 * const map = { ...size, classCount: 2, data: new Float32Array(3) };
 * throws(() => assertScoreMap(map, "label a picture"), {
 *   message: "Cannot label a picture as its score map must hold C × Y × X " +
 *     "values, all three at least 1: 3 values for 2 × 1 × 2",
 * });
 * ```
 */
export function assertScoreMap(map: ScoreMap, action: string): void {
  const { classCount, data } = map;
  const { columns, rows } = gridOf(map);
  const isCount = (n: number) => Number.isSafeInteger(n) && n > 0;
  if (!isCount(map.outputStride)) {
    throw new RangeError(
      `Cannot ${action} as its scores must be a positive whole number of px ` +
        `apart: ${map.outputStride}`,
    );
  }
  const isSized = [classCount, map.width, map.height].every(isCount);
  if (!isSized || data.length !== classCount * rows * columns) {
    throw new RangeError(
      `Cannot ${action} as its score map must hold C × Y × X values, all ` +
        `three at least 1: ${data.length} values for ` +
        `${classCount} × ${rows} × ${columns}`,
    );
  }
  const odd = data.findIndex((score) => !Number.isFinite(score));
  if (odd === -1) return;
  const cell = odd % (rows * columns);
  throw new RangeError(
    `Cannot ${action} as its scores must be finite: ${data[odd]} of class ` +
      `${Math.floor(odd / (rows * columns))} at cell ` +
      `(${cell % columns}, ${Math.floor(cell / columns)})`,
  );
}

/**
 * The part of a network's output that the picture's pixels lie between.
 *
 * @param output float32 `[C, Y', X']`: scores of the padded picture.
 * @param grid X' and Y'; at least the cells of the picture.
 * @throws {RangeError} When the output is smaller than that, or does not fit
 *   its grid, or a score is not finite.
 *
 * @example
 * ```ts
 * import { croppedScores } from "./score_map.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * // A picture of 9 × 1 px, padded to 17 × 9 px.
 * const output = Float32Array.of(1, 2, 3, 4, 5, 6);
 * const grid = { columns: 3, rows: 2 };
 * const size = { width: 9, height: 1, outputStride: 8 };
 * const map = croppedScores(output, grid, size);
 * deepStrictEqual(map.data, Float32Array.of(1, 2));
 * ```
 */
export function croppedScores(
  output: Float32Array,
  grid: { readonly columns: number; readonly rows: number },
  { width, height, outputStride }: ScoredSize,
): ScoreMap {
  const { columns, rows } = gridOf({ width, height, outputStride });
  const classCount = output.length / (grid.columns * grid.rows);
  if (
    !Number.isSafeInteger(classCount) || columns > grid.columns ||
    rows > grid.rows
  ) {
    throw new RangeError(
      `Cannot crop scores to a picture of ${width} × ${height} px as they ` +
        `must be at least ${columns} × ${rows} cells: ${output.length} values ` +
        `for ${grid.columns} × ${grid.rows}`,
    );
  }
  const data = new Float32Array(classCount * rows * columns);
  for (let row = 0; row < classCount * rows; row++) {
    const c = Math.floor(row / rows);
    const from = (c * grid.rows + row % rows) * grid.columns;
    data.set(output.subarray(from, from + columns), row * columns);
  }
  const map = { classCount, width, height, outputStride, data };
  assertScoreMap(map, "predict a picture");
  return map;
}
