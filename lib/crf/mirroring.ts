/**
 * From which corner a picture is read, so that the mirrored picture gets the
 * mirrored result.
 *
 * A lattice is not the same in a mirror: its points lie elsewhere among the
 * pixels. So a picture is read from a corner that the picture itself chooses,
 * by its colours, and that is the same corner in the mirror: the same sums are
 * added in the same order. Which one does not matter; here it is the one with
 * the greatest difference of the last and the first channel, in RGB the bluest.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import type { FeatureImage } from "./feature_image.ts";
import type { LabelPlanes } from "./label_planes.ts";
import { assertUnary } from "./unary.ts";

/** Whether a picture is read from right to left, and from below. */
export interface Mirroring {
  readonly across: boolean;
  readonly down: boolean;
}

/** Above 0 when the first of two pixels leads, below when the second does. */
type Compare = (first: number, second: number) => number;

/**
 * How a picture is read: one mirroring, or the two or four that are the same if
 * it is its own mirror image.
 *
 * @example
 * ```ts
 * import { mirroringsOf } from "./mirroring.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const redAndBlue = Uint8Array.of(255, 0, 0, 0, 0, 255);
 * deepStrictEqual(
 *   mirroringsOf({ width: 2, height: 1, channels: 3, data: redAndBlue }),
 *   [{ across: true, down: false }],
 * );
 * ```
 */
export function mirroringsOf(image: FeatureImage): Mirroring[] {
  const { width, height, channels, data } = image;
  const mirrorings = [false, true].flatMap((down) =>
    [false, true].map((across) => ({ across, down }))
  ).filter(({ across, down }) =>
    (width > 1 || !across) && (height > 1 || !down)
  );
  const last = channels - 1;
  return leading(image, mirrorings, (p, q) => {
    const a = channels * p;
    const b = channels * q;
    const tint = (data[a + last]! - data[a]!) - (data[b + last]! - data[b]!);
    if (tint !== 0) return tint;
    for (let c = 0; c < channels; c++) {
      const difference = data[a + c]! - data[b + c]!;
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

/**
 * Of a picture's mirrorings, those of its unary: more than one where both are
 * their own mirror image.
 *
 * @param mirrorings As `mirroringsOf` finds them.
 * @throws {RangeError} As `assertUnary`, where there is more than one.
 *
 * @example
 * ```ts
 * import { unaryMirrorings } from "./mirroring.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * // A picture of one colour, and energies that fall from left to right.
 * const both = [false, true].map((across) => ({ across, down: false }));
 * const size = { labelCount: 1, width: 2, height: 1 };
 * const unary = { ...size, data: Float32Array.of(2, 1) };
 * deepStrictEqual(unaryMirrorings(unary, both), [both[0]]);
 * ```
 */
export function unaryMirrorings(
  unary: LabelPlanes,
  mirrorings: readonly Mirroring[],
): readonly Mirroring[] {
  if (mirrorings.length === 1) return mirrorings;
  assertUnary(unary);
  const { labelCount, width, height, data } = unary;
  const pixels = width * height;
  return leading(unary, mirrorings, (p, q) => {
    for (let at = 0; at < labelCount * pixels; at += pixels) {
      const a = data[at + p]!;
      const b = data[at + q]!;
      if (a !== b) return a > b ? 1 : -1;
    }
    return 0;
  });
}

/**
 * A picture as it is read. What it returns may be the picture itself.
 *
 * @example
 * ```ts
 * import { mirroredImage } from "./mirroring.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const size = { width: 2, height: 1, channels: 2 };
 * const image = { ...size, data: Uint8Array.of(1, 2, 3, 4) };
 * const { data } = mirroredImage(image, { across: true, down: false });
 * deepStrictEqual(data, Uint8Array.of(3, 4, 1, 2));
 * ```
 */
export function mirroredImage(
  image: FeatureImage,
  mirroring: Mirroring,
): FeatureImage {
  if (!mirroring.across && !mirroring.down) return image;
  const { width, height, channels, data } = image;
  const mirrored = data.slice();
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = channels * pixelAt(image, mirroring, x, y);
      for (let c = 0; c < channels; c++) mirrored[to++] = data[from + c]!;
    }
  }
  return { ...image, data: mirrored };
}

/**
 * Planes as they are read; reads them back, too. What it returns may be the
 * planes themselves.
 *
 * @example
 * ```ts
 * import { mirroredPlanes } from "./mirroring.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const size = { labelCount: 2, width: 2, height: 1 };
 * const planes = { ...size, data: Float32Array.of(1, 2, 3, 4) };
 * const { data } = mirroredPlanes(planes, { across: true, down: false });
 * deepStrictEqual(data, Float32Array.of(2, 1, 4, 3));
 * ```
 */
export function mirroredPlanes(
  planes: LabelPlanes,
  { across, down }: Mirroring,
): LabelPlanes {
  if (!across && !down) return planes;
  const { labelCount, width, height } = planes;
  const data = new Float32Array(planes.data.length);
  for (let label = 0; label < labelCount; label++) {
    for (let y = 0; y < height; y++) {
      const from = (label * height + (down ? height - 1 - y : y)) * width;
      const to = (label * height + y) * width;
      data.set(planes.data.subarray(from, from + width), to);
      if (across) data.subarray(to, to + width).reverse();
    }
  }
  return { ...planes, data };
}

/**
 * The mean of marginals and their mirror images, where both a picture and its
 * unary are their own; else the marginals themselves.
 *
 * @param mirrorings Of the unary; the marginals are of the first.
 *
 * @example
 * ```ts
 * import { symmetrised } from "./mirroring.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const both = [false, true].map((across) => ({ across, down: false }));
 * const size = { labelCount: 1, width: 2, height: 1 };
 * const { data } = symmetrised({ ...size, data: Float32Array.of(0, 1) }, both);
 * deepStrictEqual(data, Float32Array.of(0.5, 0.5));
 * ```
 */
export function symmetrised(
  marginals: LabelPlanes,
  mirrorings: readonly Mirroring[],
): LabelPlanes {
  let mean = marginals;
  // Two of two, or of four across and down: one after the other, as sums of
  // four are not the same in another order.
  for (let i = 1; i < mirrorings.length; i *= 2) {
    const turn = between(mirrorings[0]!, mirrorings[i]!);
    const twin = mirroredPlanes(mean, turn);
    // Not by `map`, which takes ten times as long.
    for (let at = 0; at < twin.data.length; at++) {
      twin.data[at] = (mean.data[at]! + twin.data[at]!) / 2;
    }
    mean = twin;
  }
  return mean;
}

/** Of some mirrorings, those that lead. */
function leading(
  size: Size,
  [first, ...others]: readonly Mirroring[],
  compare: Compare,
): Mirroring[] {
  let leaders = [first!];
  for (const mirroring of others) {
    const lead = compareMirrorings(size, [mirroring, leaders[0]!], compare);
    if (lead > 0) leaders = [mirroring];
    else if (lead === 0) leaders.push(mirroring);
  }
  return leaders;
}

/** Compares the first pixels that are not alike. */
function compareMirrorings(
  { width, height }: Size,
  [a, b]: readonly [Mirroring, Mirroring],
  compare: Compare,
): number {
  const stepA = a.across ? -1 : 1;
  const stepB = b.across ? -1 : 1;
  for (let y = 0; y < height; y++) {
    let p = pixelAt({ width, height }, a, 0, y);
    let q = pixelAt({ width, height }, b, 0, y);
    for (let x = 0; x < width; x++) {
      const lead = compare(p, q);
      if (lead !== 0) return lead;
      p += stepA;
      q += stepB;
    }
  }
  return 0;
}

/** What turns one mirroring into the other. */
function between(a: Mirroring, b: Mirroring): Mirroring {
  return { across: a.across !== b.across, down: a.down !== b.down };
}

/** The pixel that is read as the one at (x, y). */
function pixelAt(
  { width, height }: Size,
  { across, down }: Mirroring,
  x: number,
  y: number,
): number {
  return (down ? height - 1 - y : y) * width + (across ? width - 1 - x : x);
}
