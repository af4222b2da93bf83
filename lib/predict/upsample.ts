/**
 * Score maps at the size of their pictures: bilinear, corners aligned.
 *
 * At output stride s cell x is at pixel s·x, and pixel p lies (p mod s) / s of
 * the way from cell ⌊p / s⌋ to the next, along both axes on their own. At 8 this
 * is the "zoom factor 8" of DeepLab's last layer, and what lies beyond the
 * picture is never made.
 *
 * @module
 */
import type { LabelPlanes } from "../crf/label_planes.ts";
import { emptyLabelMap, type LabelMap } from "../label/label_map.ts";
import { assertScoreMap, gridOf, type ScoreMap } from "./score_map.ts";

/**
 * Scores of every pixel.
 *
 * @returns float32 `[C, H, W]`.
 * @throws {RangeError} When the map's data do not fit its sizes, or a score is
 *   not finite.
 *
 * @example
 * ```ts
 * import { upsampledScores } from "./upsample.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const data = Float32Array.of(0, 8);
 * const map = { classCount: 1, width: 6, height: 1, outputStride: 8, data };
 * deepStrictEqual(
 *   upsampledScores(map).data,
 *   Float32Array.of(0, 1, 2, 3, 4, 5),
 * );
 * ```
 */
export function upsampledScores(map: ScoreMap): LabelPlanes {
  assertScoreMap(map, "scale scores up");
  const { classCount, width, height } = map;
  const data = new Float32Array(classCount * height * width);
  const readRow = rowReader(map);
  for (let row = 0; row < classCount * height; row++) {
    const pixels = data.subarray(row * width, (row + 1) * width);
    readRow(Math.floor(row / height), row % height, pixels);
  }
  return { labelCount: classCount, width, height, data };
}

/**
 * The class with the highest score at each pixel; of equals the smallest.
 *
 * The same as `mapLabels` of {@link upsampledScores}, in the memory of a row.
 *
 * @throws {RangeError} When the map's data do not fit its sizes, a score is not
 *   finite, or there are more than 255 classes.
 *
 * @example
 * ```ts
 * import { labelsOfScores } from "./upsample.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * // Background falls from 4 to 0 where class 1 stays at 2.
 * const data = Float32Array.of(4, 0, 2, 2);
 * const map = { classCount: 2, width: 8, height: 1, outputStride: 8, data };
 * deepStrictEqual([...labelsOfScores(map).data], [0, 0, 0, 0, 0, 1, 1, 1]);
 * ```
 */
export function labelsOfScores(map: ScoreMap): LabelMap {
  assertScoreMap(map, "label a picture");
  const { classCount, width, height } = map;
  if (classCount > 255) {
    throw new RangeError(
      `Cannot label a picture as it must have at most 255 classes: ` +
        `${classCount}`,
    );
  }
  const labels = emptyLabelMap(width, height);
  const readRow = rowReader(map);
  const best = new Float32Array(width);
  const scores = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    const chosen = labels.data.subarray(y * width, (y + 1) * width);
    readRow(0, y, best);
    for (let c = 1; c < classCount; c++) {
      readRow(c, y, scores);
      for (let x = 0; x < width; x++) {
        if (scores[x]! <= best[x]!) continue;
        best[x] = scores[x]!;
        chosen[x] = c;
      }
    }
  }
  return labels;
}

/** Writes row y of class c into `pixels`, `[W]`. */
type RowReader = (c: number, y: number, pixels: Float32Array) => void;

function rowReader(map: ScoreMap): RowReader {
  const { width, outputStride: stride, data } = map;
  const { columns, rows } = gridOf(map);
  // One more than there are: a pixel on the last cell takes nothing of it.
  const cells = new Float32Array(columns + 1);
  return (c, y, pixels) => {
    const row = Math.floor(y / stride);
    const above = (c * rows + row) * columns;
    // On a row of cells there may be no next one.
    const below = y % stride === 0 ? above : above + columns;
    const share = (y % stride) / stride;
    for (let x = 0; x < columns; x++) {
      cells[x] = between(data[above + x]!, data[below + x]!, share);
    }
    for (let p = 0; p < width; p++) {
      const x = Math.floor(p / stride);
      const along = (p % stride) / stride;
      pixels[p] = between(cells[x]!, cells[x + 1]!, along);
    }
  };
}

function between(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
