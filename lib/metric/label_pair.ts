/**
 * A prediction beside its ground truth: what all metrics count.
 *
 * @module
 */
import { type LabelMap, VOID } from "../label/label_map.ts";

/** Ground truth and prediction of one image. */
export interface LabelPair {
  /** Named in errors. */
  readonly imageId: string;
  /** 0…C − 1, or 255: left out. */
  readonly truth: LabelMap;
  /** 0…C − 1 at every pixel, also where the truth is void. */
  readonly prediction: LabelMap;
}

/**
 * Checks that a prediction can be scored: same size as the ground truth, and
 * labels 0…C − 1 only. A prediction with void pixels would be scored on fewer
 * pixels than others, so 255 is refused in it.
 *
 * @param classCount C, background included, 1…255.
 * @throws {RangeError} Naming the image, when it cannot.
 *
 * @example
 * ```ts
 * import { assertLabelPair } from "./label_pair.ts";
 * import { emptyLabelMap } from "../label/label_map.ts";
 *
 * const background = emptyLabelMap(3, 2);
 * assertLabelPair(
 *   { imageId: "a", truth: background, prediction: background },
 *   21,
 * );
 * ```
 */
export function assertLabelPair(pair: LabelPair, classCount: number): void {
  assertClassCount(classCount);
  const { truth, prediction } = pair;
  if (
    truth.width !== prediction.width || truth.height !== prediction.height ||
    truth.data.length !== prediction.data.length
  ) {
    const found =
      `prediction is ${prediction.width} × ${prediction.height} px, ` +
      `ground truth is ${truth.width} × ${truth.height} px`;
    const rule = "its prediction must be as large as its ground truth";
    throw unscorable(pair, { rule, found });
  }
  const labels = `0…${classCount - 1}`;
  const wrong = firstUnknown(prediction, { classCount, isVoidKnown: false });
  if (wrong >= 0) {
    const rule = `its prediction must hold labels ${labels} only`;
    const found = describePixel(prediction, wrong);
    throw unscorable(pair, { rule, found });
  }
  const unknown = firstUnknown(truth, { classCount, isVoidKnown: true });
  if (unknown >= 0) {
    const rule = `its ground truth must hold labels ${labels} and 255 only`;
    const found = describePixel(truth, unknown);
    throw unscorable(pair, { rule, found });
  }
}

/**
 * Checks a number of classes, background included: 1…255.
 *
 * @throws {RangeError} When it is none.
 *
 * @example
 * ```ts
 * import { assertClassCount } from "./label_pair.ts";
 *
 * assertClassCount(21);
 * ```
 */
export function assertClassCount(classCount: number): void {
  if (Number.isInteger(classCount) && classCount >= 1 && classCount <= VOID) {
    return;
  }
  throw new RangeError(
    `Cannot count classes as their number must be 1…255: ${classCount}`,
  );
}

/** Index of the first pixel whose label is none, or −1. */
function firstUnknown(
  { data }: LabelMap,
  { classCount, isVoidKnown }: { classCount: number; isVoidKnown: boolean },
): number {
  // A plain loop, not findIndex: a call a pixel costs more than the counting.
  for (let p = 0; p < data.length; p++) {
    const label = data[p]!;
    if (label >= classCount && !(isVoidKnown && label === VOID)) return p;
  }
  return -1;
}

function describePixel({ width, data }: LabelMap, at: number): string {
  return `label ${data[at]!} at (${at % width}, ${Math.floor(at / width)})`;
}

function unscorable(
  { imageId }: LabelPair,
  { rule, found }: { rule: string; found: string },
): RangeError {
  return new RangeError(
    `Cannot score image "${imageId}" as ${rule}: ${found}`,
  );
}
