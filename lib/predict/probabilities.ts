/**
 * Probability maps: softmax of scores, at the size of the picture.
 *
 * @module
 */
import type { LabelPlanes } from "../crf/label_planes.ts";
import { assertScoreMap, type ScoreMap } from "./score_map.ts";
import { upsampledScores } from "./upsample.ts";

/**
 * Probability of every class at every pixel: scores are scaled up first, as in
 * DeepLab, then p_c = exp(s_c) / Σ_k exp(s_k).
 *
 * @returns float32 `[C, H, W]`, 0…1; sums to 1 over the classes of each pixel.
 * @throws {RangeError} When the map's data do not fit its sizes, or a score is
 *   not finite.
 *
 * @example
 * ```ts
 * import { probabilitiesOfScores } from "./probabilities.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const data = Float32Array.of(7, 7);
 * const map = { classCount: 2, width: 1, height: 1, outputStride: 8, data };
 * deepStrictEqual([...probabilitiesOfScores(map).data], [0.5, 0.5]);
 * ```
 */
export function probabilitiesOfScores(map: ScoreMap): LabelPlanes {
  const planes = upsampledScores(map);
  const { labelCount, width, height } = planes;
  const best = new Float32Array(width);
  const sums = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    const rows = Array.from({ length: labelCount }, (_, c) => {
      const from = (c * height + y) * width;
      return planes.data.subarray(from, from + width);
    });
    softmaxRow(rows, best, sums);
  }
  return planes;
}

/**
 * ln of the probability of every class at every cell of the map, rounded as the
 * loss of a training rounds it, in float32: what ties there ties here.
 *
 * @returns float32 `[C, Y, X]`, at most 0.
 * @throws {RangeError} When the map's data do not fit its sizes, or a score is
 *   not finite.
 *
 * @example
 * ```ts
 * import { cellLogProbabilities } from "./probabilities.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const data = Float32Array.of(7, -1000, 7, 0);
 * const map = { classCount: 2, width: 9, height: 1, outputStride: 8, data };
 * const half = Math.fround(-Math.LN2);
 * deepStrictEqual([...cellLogProbabilities(map)], [half, -1000, half, 0]);
 * ```
 */
export function cellLogProbabilities(map: ScoreMap): Float32Array {
  assertScoreMap(map, "take probabilities");
  const { classCount, data } = map;
  const count = data.length / classCount;
  const logs = new Float32Array(data.length);
  for (let cell = 0; cell < count; cell++) {
    let best = -Infinity;
    for (let at = cell; at < data.length; at += count) {
      best = Math.max(best, data[at]!);
    }
    let sum = 0;
    for (let at = cell; at < data.length; at += count) {
      logs[at] = data[at]! - best;
      sum = Math.fround(sum + Math.fround(Math.exp(logs[at]!)));
    }
    const whole = Math.fround(Math.log(sum));
    for (let at = cell; at < data.length; at += count) logs[at]! -= whole;
  }
  return logs;
}

/** `rows` are the scores of each class, and become its probabilities. */
function softmaxRow(
  rows: readonly Float32Array[],
  best: Float32Array,
  sums: Float64Array,
): void {
  best.set(rows[0]!);
  for (const row of rows) {
    for (let x = 0; x < row.length; x++) {
      if (row[x]! > best[x]!) best[x] = row[x]!;
    }
  }
  sums.fill(0);
  for (const row of rows) {
    for (let x = 0; x < row.length; x++) {
      const odds = Math.exp(row[x]! - best[x]!);
      row[x] = odds;
      sums[x]! += odds;
    }
  }
  for (const row of rows) {
    for (let x = 0; x < row.length; x++) row[x]! /= sums[x]!;
  }
}
