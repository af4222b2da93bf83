/**
 * Labels of a picture by a dense CRF on a network's scores.
 *
 * @module
 */
import { type RunCrf, runOnCpu } from "../crf/choose_crf.ts";
import { type DenseCrfOptions, LARGEFOV_CRF } from "../crf/dense_crf.ts";
import { type LabelPlanes, mapLabels } from "../crf/label_planes.ts";
import { unaryFromProbabilities } from "../crf/unary.ts";
import type { RgbImage } from "../image/image.ts";
import { emptyLabelMap, type LabelMap } from "../label/label_map.ts";
import { probabilitiesOfScores } from "./probabilities.ts";
import type { ScoreMap } from "./score_map.ts";

/** See `refineLabels`. */
export interface RefineOptions {
  /** Default DeepLab-LargeFOV's. */
  readonly crf?: DenseCrfOptions;
  /** What runs the CRF; default the CPU. */
  readonly run?: RunCrf;
  /**
   * Classes less likely than this at all pixels do not compete, which makes
   * the CRF up to three times faster; 0…1, default 0.001; 0: all compete. Above
   * the default, one that would have won may be left out.
   */
  readonly leastProbability?: number;
}

/** See {@link RefineOptions.leastProbability}. */
export const LEAST_COMPETING_PROBABILITY = 1e-3;

/**
 * MAP labels of a dense CRF whose unary is −ln softmax of the scores at the
 * size of the picture.
 *
 * At the defaults a class that is left out could not have won. Let what a pixel
 * would receive were Q = 1 everywhere be at most W. No weight is negative, so
 * messages of a label are 0…W · max_j Q_l(j), and Q_l(i) ≤ p_l(i) · exp(W · max_j
 * Q_l(j)): with p_l ≤ t everywhere, Q_l stays below the smaller solution of
 * q = t · exp(W·q), which there is where t · W ≤ 1/e. Under `after` messages are
 * weighted means and W = w1 + w2; for W = 7 and t = 0.001 that solution is
 * 0.00101, far below the 1 / C of the winner. What it takes from the others' Q is
 * as little: no label changed on 24 maps made of VOC's masks and noise.
 *
 * Under `symmetric` W is the picture's: a pixel with many neighbours that have
 * few receives more than w1 + w2, by up to the square root of how many times as
 * many. On 24 pictures of VOC RESNET101_CRF's W was at most 8.5, which also gives
 * 0.00101.
 *
 * At t = 0.05 and W = 7 the solution is 0.10: above 1/21, so of VOC's 21 classes
 * one may be left out that would have won.
 *
 * @param image RGB, of the size of the map's picture.
 * @throws {RangeError} When sizes do not fit, or an option is out of its range.
 *
 * @example
 * ```ts
 * import { refineLabels } from "./refine_labels.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * // The scores change sides at pixel 4, the colour one pixel further right.
 * const levels = [0, 0, 0, 0, 0, 255, 255, 255].flatMap((v) => [v, v, v]);
 * const image = { width: 8, height: 1, data: Uint8Array.from(levels) };
 * const data = Float32Array.of(2, -2, 0, 0);
 * const map = { classCount: 2, width: 8, height: 1, outputStride: 8, data };
 * deepStrictEqual(
 *   [...(await refineLabels(image, map)).data],
 *   [0, 0, 0, 0, 0, 1, 1, 1],
 * );
 * ```
 */
export async function refineLabels(
  image: RgbImage,
  map: ScoreMap,
  options: RefineOptions = {},
): Promise<LabelMap> {
  const {
    crf = LARGEFOV_CRF,
    run = runOnCpu,
    leastProbability = LEAST_COMPETING_PROBABILITY,
  } = options;
  const all = probabilitiesOfScores(map);
  const labels = competingLabels(all, leastProbability);
  if (labels.length === 1) return oneLabel(map, labels[0]!);
  const unary = unaryFromProbabilities(chosenPlanes(all, labels));
  return mapLabels(await run({ image, unary }, crf), labels);
}

/** Labels whose largest probability reaches `least`, and the likeliest one. */
function competingLabels(
  { labelCount, width, height, data }: LabelPlanes,
  least: number,
): number[] {
  if (!(least >= 0 && least <= 1)) {
    throw new RangeError(
      `Cannot choose the labels of the CRF as the least probability must be ` +
        `0…1: ${least}`,
    );
  }
  const area = width * height;
  const largest = Array.from({ length: labelCount }, (_, label) => {
    const plane = data.subarray(label * area, (label + 1) * area);
    return plane.reduce((most, p) => Math.max(most, p), 0);
  });
  const needed = Math.min(least, Math.max(...largest));
  return [...largest.keys()].filter((label) => largest[label]! >= needed);
}

function chosenPlanes(
  all: LabelPlanes,
  labels: readonly number[],
): LabelPlanes {
  if (labels.length === all.labelCount) return all;
  const area = all.width * all.height;
  const data = new Float32Array(labels.length * area);
  labels.forEach((label, i) =>
    data.set(all.data.subarray(label * area, (label + 1) * area), i * area)
  );
  return { ...all, labelCount: labels.length, data };
}

function oneLabel({ width, height }: ScoreMap, label: number): LabelMap {
  const map = emptyLabelMap(width, height);
  map.data.fill(label);
  return map;
}
