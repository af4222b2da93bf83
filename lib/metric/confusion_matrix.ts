/**
 * Confusion matrices: how often each class is taken for each other.
 *
 * @module
 */
import { VOID } from "../label/label_map.ts";
import {
  assertClassCount,
  assertLabelPair,
  type LabelPair,
} from "./label_pair.ts";

/** Pixel counts by true and predicted class. */
export interface ConfusionMatrix {
  /** C, background included. */
  readonly classCount: number;
  /**
   * float64 `[C, C]`, row = truth, column = prediction; whole numbers, exact
   * up to 2⁵³, where float32 would stop at 1.7e7 of the 2.6e8 pixels of val.
   */
  readonly counts: Float64Array;
}

/**
 * A confusion matrix of nothing.
 *
 * @param classCount C, background included, 1…255.
 * @throws {RangeError} When C is not such a number.
 *
 * @example
 * ```ts
 * import { emptyConfusion } from "./confusion_matrix.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(emptyConfusion(21).counts.length, 441);
 * ```
 */
export function emptyConfusion(classCount: number): ConfusionMatrix {
  assertClassCount(classCount);
  return { classCount, counts: new Float64Array(classCount * classCount) };
}

/**
 * Counts one image; pixels whose truth is 255 are left out [VOCdevkit,
 * VOCevalseg.m].
 *
 * @param classCount C, background included, 1…255.
 * @throws {RangeError} Naming the image, when the sizes differ, the prediction
 * holds 255 or a label of C or more, or the truth holds another label than
 * 0…C − 1 and 255.
 *
 * @example
 * ```ts
 * import { countConfusion } from "./confusion_matrix.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const truth = { width: 3, height: 1, data: Uint8Array.of(0, 1, 255) };
 * const prediction = { width: 3, height: 1, data: Uint8Array.of(0, 0, 1) };
 * const { counts } = countConfusion({ imageId: "a", truth, prediction }, 2);
 * deepStrictEqual([...counts], [1, 0, 1, 0]);
 * ```
 */
export function countConfusion(
  pair: LabelPair,
  classCount: number,
): ConfusionMatrix {
  assertLabelPair(pair, classCount);
  const confusion = emptyConfusion(classCount);
  const { counts } = confusion;
  const truth = pair.truth.data;
  const prediction = pair.prediction.data;
  for (let p = 0; p < truth.length; p++) {
    if (truth[p] === VOID) continue;
    counts[truth[p]! * classCount + prediction[p]!]! += 1;
  }
  return confusion;
}

/**
 * Adds the counts of another matrix to `total`, in place.
 *
 * @throws {RangeError} When the numbers of classes differ.
 *
 * @example
 * ```ts
 * import { addConfusion, emptyConfusion } from "./confusion_matrix.ts";
 *
 * const total = emptyConfusion(21);
 * addConfusion(total, emptyConfusion(21));
 * ```
 */
export function addConfusion(
  total: ConfusionMatrix,
  part: ConfusionMatrix,
): void {
  if (total.classCount !== part.classCount) {
    throw new RangeError(
      `Cannot add confusion matrices as they must have equally many classes: ` +
        `${total.classCount} and ${part.classCount}`,
    );
  }
  part.counts.forEach((count, i) => {
    total.counts[i]! += count;
  });
}
