/**
 * Unary energies: what each pixel says about its label, on its own.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import {
  assertLabelPlanes,
  type LabelPlanes,
  MAX_LABELS,
  placeInPlanes,
} from "./label_planes.ts";

/**
 * Probabilities below this count as this, so that no label is ruled out by
 * rounding. WSSL's label maker uses the same number; docs/method.md, Proposals.
 */
export const LEAST_PROBABILITY = 1e-12;

/**
 * Unary energy of a probability map: U = −ln p, nats   [Kraehenbuehl2011].
 *
 * @param probabilities 0…1; they need not sum to 1, as a factor common to all
 *   labels of a pixel changes nothing.
 * @throws {RangeError} When the planes are not L × H × W, or a probability is
 *   not a number from 0 to 1.
 *
 * @example
 * ```ts
 * import { unaryFromProbabilities } from "./unary.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const data = Float32Array.of(1, 0.5);
 * const probabilities = { labelCount: 2, width: 1, height: 1, data };
 * deepStrictEqual(
 *   unaryFromProbabilities(probabilities).data,
 *   Float32Array.of(0, Math.LN2),
 * );
 * ```
 */
export function unaryFromProbabilities(
  probabilities: LabelPlanes,
): LabelPlanes {
  const action = "make a unary";
  assertLabelPlanes(probabilities, action);
  const data = new Float32Array(probabilities.data.length);
  for (let i = 0; i < data.length; i++) {
    const p = probabilities.data[i]!;
    if (!(p >= 0 && p <= MAX_PROBABILITY)) {
      throw new RangeError(
        `Cannot ${action} as a probability must be a number 0…1: ` +
          `${p} of ${placeInPlanes(probabilities, i)}`,
      );
    }
    // 0 − ln p rather than −ln p: no negative zero for p = 1.
    data[i] = 0 - Math.log(Math.max(p, LEAST_PROBABILITY));
  }
  return { ...probabilities, data };
}

/** A softmax in float32 may end this much above 1. */
const MAX_PROBABILITY = 1 + 1e-5;

/**
 * Checks a unary: every energy a number above −∞, and not all of a pixel +∞.
 *
 * +∞ rules a label out (p = 0) and is welcome.
 *
 * @throws {RangeError} Naming the first wrong label and pixel.
 *
 * @example
 * ```ts
 * import { assertUnary } from "./unary.ts";
 * import { throws } from "node:assert";
 *
 * const data = Float32Array.of(0, NaN);
 * throws(() => assertUnary({ labelCount: 2, width: 1, height: 1, data }), {
 *   message: "Cannot run the dense CRF as a unary must be −ln p, a number " +
 *     "above −∞: NaN of label 1 at pixel (0, 0)",
 * });
 * ```
 */
export function assertUnary(unary: LabelPlanes): void {
  const action = "run the dense CRF";
  assertLabelPlanes(unary, action);
  const { data, labelCount } = unary;
  const pixelCount = unary.width * unary.height;
  for (let i = 0; i < data.length; i++) {
    if (data[i]! > -Infinity) continue;
    throw new RangeError(
      `Cannot ${action} as a unary must be −ln p, a number above −∞: ` +
        `${data[i]} of ${placeInPlanes(unary, i)}`,
    );
  }
  for (let p = 0; p < pixelCount; p++) {
    let label = 0;
    while (label < labelCount && data[label * pixelCount + p] === Infinity) {
      label++;
    }
    if (label < labelCount) continue;
    throw new RangeError(
      `Cannot ${action} as each pixel must have a label that its unary does ` +
        `not rule out: all ${labelCount} are ∞ at pixel ` +
        `(${p % unary.width}, ${Math.floor(p / unary.width)})`,
    );
  }
}

/**
 * Checks that a unary is of the size of its image, and of no more labels than
 * there may be.
 *
 * @throws {RangeError} When it is not.
 *
 * @example
 * ```ts
 * import { assertUnarySize } from "./unary.ts";
 * import { throws } from "node:assert";
 *
 * const data = new Float32Array(2);
 * const unary = { labelCount: 2, width: 1, height: 1, data };
 * throws(() => assertUnarySize({ width: 2, height: 1 }, unary), {
 *   message: "Cannot run the dense CRF as image and unary must be of one " +
 *     "size: image is 2 × 1, unary is 1 × 1",
 * });
 * ```
 */
export function assertUnarySize(
  { width, height }: Size,
  unary: LabelPlanes,
): void {
  const action = "run the dense CRF";
  assertLabelPlanes(unary, action);
  if (width !== unary.width || height !== unary.height) {
    throw new RangeError(
      `Cannot ${action} as image and unary must be of one size: ` +
        `image is ${width} × ${height}, unary is ` +
        `${unary.width} × ${unary.height}`,
    );
  }
  if (unary.labelCount > MAX_LABELS) {
    throw new RangeError(
      `Cannot ${action} as there must be 1…${MAX_LABELS} labels: ` +
        `${unary.labelCount}`,
    );
  }
}
