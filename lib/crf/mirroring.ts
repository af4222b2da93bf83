/**
 * From which corner a picture is read, so that the mirrored picture gets the
 * mirrored result.
 *
 * A lattice is not the same in a mirror: its points lie elsewhere among the
 * pixels. So a picture's places are counted from a corner that the picture
 * itself chooses, by its colours, and that is the same corner in the mirror.
 * Which one does not matter; here it is the one with the greatest difference
 * of the last and the first channel, in RGB the bluest.
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

/** From left to right, from above. */
export const UNMIRRORED: Mirroring = { across: false, down: false };

/** Above 0 when the first of two pixels leads, below when the second does. */
type Compare = (first: number, second: number) => number;

/**
 * How a picture is read: one way, or the two or four that are the same if it
 * is its own mirror image.
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
  const ways = [false, true].flatMap((down) =>
    [false, true].map((across) => ({ across, down }))
  ).filter(({ across, down }) =>
    (width > 1 || !across) && (height > 1 || !down)
  );
  const last = channels - 1;
  return leading(image, ways, (p, q) => {
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

/** A unary as it goes into a lattice, and how its marginals come back. */
export interface UnaryReading {
  readonly unary: LabelPlanes;
  restore(marginals: LabelPlanes): LabelPlanes;
}

/**
 * Turns the unary of a picture that is its own mirror image, so that a mirrored
 * unary too gets the mirrored result; others stay as they are.
 *
 * @param ways Of the picture; the first is its lattice's.
 * @throws {RangeError} As `assertUnary`, where there are more ways than one.
 *
 * @example
 * ```ts
 * import { readUnary } from "./mirroring.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * // One colour: of this unary and the mirrored one, one is turned.
 * const ways = [false, true].map((across) => ({ across, down: false }));
 * const of = (...data: number[]) =>
 *   ({ labelCount: 1, width: 2, height: 1, data: Float32Array.from(data) });
 * deepStrictEqual(readUnary(of(1, 2), ways).unary, of(2, 1));
 * deepStrictEqual(readUnary(of(2, 1), ways).unary, of(2, 1));
 * deepStrictEqual(readUnary(of(1, 2), ways).restore(of(4, 3)), of(3, 4));
 * ```
 */
export function readUnary(
  unary: LabelPlanes,
  ways: readonly Mirroring[],
): UnaryReading {
  if (ways.length === 1) return { unary, restore: (marginals) => marginals };
  assertUnary(unary);
  const { labelCount, width, height, data } = unary;
  const pixels = width * height;
  const chosen = leading(unary, ways, (p, q) => {
    for (let at = 0; at < labelCount * pixels; at += pixels) {
      const a = data[at + p]!;
      const b = data[at + q]!;
      if (a !== b) return a > b ? 1 : -1;
    }
    return 0;
  });
  const turns = chosen.map((way) => between(ways[0]!, way));
  return {
    unary: mirrored(unary, turns[0]!),
    // More than one where the unary is its own mirror image too.
    restore: (marginals) =>
      mean(turns.map((turn) => mirrored(marginals, turn))),
  };
}

/** Of some ways to read pixels, those that lead. */
function leading(
  { width, height }: Size,
  ways: readonly Mirroring[],
  compare: Compare,
): Mirroring[] {
  let left = [...ways];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (left.length === 1) return left;
      const at = ({ across, down }: Mirroring) =>
        (down ? height - 1 - y : y) * width + (across ? width - 1 - x : x);
      const first = left.reduce((best, way) =>
        compare(at(way), at(best)) > 0 ? way : best
      );
      left = left.filter((way) => compare(at(way), at(first)) === 0);
    }
  }
  return left;
}

/** What turns one way to read into the other. */
function between(a: Mirroring, b: Mirroring): Mirroring {
  return { across: a.across !== b.across, down: a.down !== b.down };
}

function mirrored(
  planes: LabelPlanes,
  { across, down }: Mirroring,
): LabelPlanes {
  const { labelCount, width, height } = planes;
  const data = new Float32Array(planes.data.length);
  for (let label = 0; label < labelCount; label++) {
    for (let y = 0; y < height; y++) {
      const from = (label * height + (down ? height - 1 - y : y)) * width;
      const row = planes.data.slice(from, from + width);
      data.set(across ? row.reverse() : row, (label * height + y) * width);
    }
  }
  return { ...planes, data };
}

function mean(all: readonly LabelPlanes[]): LabelPlanes {
  const data = new Float32Array(all[0]!.data.length);
  for (const planes of all) {
    for (let i = 0; i < data.length; i++) data[i]! += planes.data[i]!;
  }
  return { ...all[0]!, data: data.map((sum) => sum / all.length) };
}
