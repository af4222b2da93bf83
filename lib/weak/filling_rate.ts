/**
 * Filling rates: how much of its boxes each class fills.
 *
 *   FR_c = 1/N_c · Σ_b |{p ∈ b : y_p = c}| / |b|             [Song2019, Eq. 3]
 *
 * the mean over the N_c boxes b of class c of a share: every box weighs alike,
 * whatever its area. y is the segment proposal.
 *
 * @module
 */
import { type Box, boxArea } from "../geometry/box.ts";
import { assertBoxes } from "../geometry/box_pixels.ts";
import type { LabelMap } from "../label/label_map.ts";
import { rectangleLabels } from "./rectangle_labels.ts";

/** See `boxShares`. */
export interface BoxShareOptions {
  /**
   * Which pixels of a box's class count: `class`, all in the box (the
   * default), or `box`, those where no other box of the class is on top.
   * docs/method.md, Filling rates.
   */
  readonly frOwnership?: "class" | "box";
}

/**
 * Share of each box of a picture that the proposal gives to its class.
 *
 * Differs from the paper: it says nothing of void pixels; here they stay in
 * the box's area and count as not filled.
 *
 * @param proposal uint8 `[H, W]`; 0 background, 1…K class, 255 void.
 * @returns `[B]`, 0…1.
 * @throws {RangeError} When a box is not whole pixels of the proposal.
 *
 * @example
 * ```ts
 * import { boxShares } from "./filling_rate.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const data = Uint8Array.of(0, 5, 5, 3);
 * const proposal = { width: 4, height: 1, data };
 * const box = { classId: 5, x0: 0, y0: 0, x1: 4, y1: 1 };
 * deepStrictEqual(boxShares(proposal, [box]), [0.5]);
 * ```
 */
export function boxShares(
  proposal: LabelMap,
  boxes: readonly Box[],
  { frOwnership = "class" }: BoxShareOptions = {},
): number[] {
  assertBoxes(boxes, proposal, "measure how far box % is filled");
  if (frOwnership === "class") {
    return boxes.map((box) =>
      countInBox(proposal, box, (label) => label === box.classId) / boxArea(box)
    );
  }
  const shares = new Array<number>(boxes.length);
  const byClass = Map.groupBy(boxes.keys(), (b) => boxes[b]!.classId);
  for (const [classId, indices] of byClass) {
    const ofClass = indices.map((index) => boxes[index]!);
    const { boxIndices } = rectangleLabels(ofClass, proposal);
    ofClass.forEach((box, i) => {
      const filled = countInBox(
        proposal,
        box,
        (label, p) => label === classId && boxIndices.data[p] === i,
      );
      shares[indices[i]!] = filled / boxArea(box);
    });
  }
  return shares;
}

/** Pixels of the box that are counted, given their label and index. */
function countInBox(
  { width, data }: LabelMap,
  { x0, y0, x1, y1 }: Box,
  isCounted: (label: number, pixel: number) => boolean,
): number {
  let count = 0;
  for (let y = y0; y < y1; y++) {
    for (let p = y * width + x0; p < y * width + x1; p++) {
      if (isCounted(data[p]!, p)) count++;
    }
  }
  return count;
}

/** A box's class and how much of the box it fills, 0…1. */
export interface BoxShare {
  /** 1…K. */
  readonly classId: number;
  readonly share: number;
}

/**
 * Filling rate of each class: the mean of its boxes' shares.
 *
 * @param classCount K; background has no filling rate.
 * @returns `[K]`, 0…1, class 1 first; null for a class without boxes.
 * @throws {RangeError} When a class is not 1…K or a share not 0…1.
 *
 * @example
 * ```ts
 * import { meanFillingRates } from "./filling_rate.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const shares = [0.25, 0.75].map((share) => ({ classId: 2, share }));
 * deepStrictEqual(meanFillingRates(shares, 3), [null, 0.5, null]);
 * ```
 */
export function meanFillingRates(
  shares: readonly BoxShare[],
  classCount: number,
): (number | null)[] {
  const inOne = shares.map((share) => ({ ...share, subClass: 0 }));
  return meanSubClassFillingRates(inOne, { classCount, subClassCount: 1 })
    .map(([rate]) => rate!);
}

/**
 * Filling rate of each sub-class [Song2019, Eq. 5].
 *
 * @returns `[K][subClassCount]`, 0…1, class 1 and sub-class 0 first; null for a
 *   sub-class without boxes.
 * @throws {RangeError} When a class, a sub-class or a share is out of range.
 *
 * @example
 * ```ts
 * import { meanSubClassFillingRates } from "./filling_rate.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const shares = [{ classId: 1, subClass: 1, share: 0.5 }];
 * const counts = { classCount: 2, subClassCount: 2 };
 * deepStrictEqual(
 *   meanSubClassFillingRates(shares, counts),
 *   [[null, 0.5], [null, null]],
 * );
 * ```
 */
export function meanSubClassFillingRates(
  shares: readonly (BoxShare & { readonly subClass: number })[],
  { classCount, subClassCount }: { classCount: number; subClassCount: number },
): (number | null)[][] {
  const sums = new Float64Array(classCount * subClassCount);
  const counts = new Float64Array(sums.length);
  for (const { classId, subClass, share } of shares) {
    assertRange("class", classId, { least: 1, most: classCount });
    assertRange("sub-class", subClass, { least: 0, most: subClassCount - 1 });
    if (!(share >= 0 && share <= 1)) {
      throw new RangeError(
        `Cannot average filling rates as a share must be 0…1: ${share}`,
      );
    }
    const at = (classId - 1) * subClassCount + subClass;
    sums[at]! += share;
    counts[at]!++;
  }
  const rates = Array.from(
    sums,
    (sum, at) => counts[at] === 0 ? null : sum / counts[at]!,
  );
  return Array.from(
    { length: classCount },
    (_, k) => rates.slice(k * subClassCount, (k + 1) * subClassCount),
  );
}

function assertRange(
  name: string,
  value: number,
  { least, most }: { least: number; most: number },
): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(
    `Cannot average filling rates as a ${name} must be a whole number ` +
      `${least}…${most}: ${value}`,
  );
}
