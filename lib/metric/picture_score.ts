/**
 * How well the labels of single pictures agree with ground truth: to find
 * those worth a look, not to rank methods by.
 *
 * @module
 */
import type { LabelMap } from "../label/label_map.ts";
import { countConfusion } from "./confusion_matrix.ts";
import { segmentationScores } from "./mean_iou.ts";

/** Scores of one picture, 0…1. */
export interface PictureScore {
  /**
   * Mean over the classes in its truth or labels, background included; null
   * when all of it is void.
   */
  readonly meanIou: number | null;
  /** By class id, of those in its truth or labels; background is left out. */
  readonly classIous: Readonly<Record<number, number>>;
}

/**
 * Scores the labels of one picture.
 *
 * Differs from the paper's measure: that adds up pixels of the whole set and
 * divides then, see lib/metric/mean_iou.ts.
 *
 * @param classCount C, background included.
 * @throws {RangeError} Naming the picture, when its maps do not fit each other.
 *
 * @example
 * ```ts
 * import { scorePicture } from "./picture_score.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const truth = { width: 4, height: 1, data: Uint8Array.of(0, 0, 1, 1) };
 * const prediction = { width: 4, height: 1, data: Uint8Array.of(0, 0, 0, 1) };
 * const score = scorePicture({ imageId: "a", truth, prediction }, 2);
 * deepStrictEqual(score, { meanIou: (2 / 3 + 1 / 2) / 2, classIous: { 1: 0.5 } });
 * ```
 */
export function scorePicture(
  maps: {
    readonly imageId: string;
    readonly truth: LabelMap;
    readonly prediction: LabelMap;
  },
  classCount: number,
): PictureScore {
  const confusion = countConfusion(maps, classCount);
  const { meanIou, classes } = segmentationScores(confusion);
  const present = classes.flatMap(({ iou }, label) =>
    label === 0 || iou === null ? [] : [[label, iou]]
  );
  return { meanIou, classIous: Object.fromEntries(present) };
}
