/**
 * How well attention maps show where the boxes are.
 *
 * The maps of class-wise masking are taught the boxes of their class
 * [Song2019, Eq. 1]. Whether they learn that at a given λ shows long before
 * the labels do; docs/method.md, Class-wise masking.
 *
 * @module
 */
import type { Box } from "../geometry/box.ts";
import { assertBoxes } from "../geometry/box_pixels.ts";
import { pixelsUnderCells, type ScoreMap } from "../predict/score_map.ts";
import { cellBoxes, type CellGrid } from "../train/cell_grid.ts";
import { maskTarget } from "../train/mask_target.ts";
import { meanOfPresent } from "./mean_iou.ts";
import { ratio } from "./ratio.ts";

/** A map is open where it is over this. */
const OPEN = 0.5;

/**
 * Cells of one class's map over some pictures, or of the one map of all
 * classes. Those that a box of the class is on top of are inside, all others
 * outside.
 */
export interface AttentionCounts {
  /** Open and inside. */
  both: number;
  /** Open or inside, of pictures that have the class. */
  either: number;
  /** All, of pictures that have the class. */
  cells: number;
  inside: number;
  /** Sum of the map over them. */
  insideSum: number;
  /** Of all pictures. */
  outside: number;
  outsideSum: number;
}

/**
 * Counts of nothing.
 *
 * @example
 * ```ts
 * import { emptyAttentionCounts } from "./attention_overlap.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(emptyAttentionCounts().either, 0);
 * ```
 */
export function emptyAttentionCounts(): AttentionCounts {
  return {
    ...{ both: 0, either: 0, cells: 0 },
    ...{ inside: 0, insideSum: 0, outside: 0, outsideSum: 0 },
  };
}

/** The attention maps of a picture, and its boxes. */
export interface AttendedPicture {
  readonly imageId: string;
  /** 0…1: a map for each class, background first, or one for all. */
  readonly maps: ScoreMap;
  readonly boxes: readonly Box[];
}

/**
 * Adds a picture to the counts of each class. The background's map, which is
 * taught to be open everywhere, is not looked at, nor are cells of padding.
 *
 * @param counts `[K]`, class 1 first; `[1]` for one map. Changed in place.
 * @throws {RangeError} Naming the picture, when there are not K + 1 maps or
 *   one, a box is not in the picture, or a map is not within 0…1.
 *
 * @example
 * ```ts
 * import { addAttention, attentionShares, emptyAttentionCounts } from "./attention_overlap.ts";
 * import { strictEqual } from "node:assert";
 *
 * // Cells at pixels 0, 8 and 16; the box holds the first two.
 * const size = { width: 17, height: 1, outputStride: 8 };
 * const data = Float32Array.of(1, 1, 1, 0.9, 0.4, 0.6);
 * const boxes = [{ classId: 1, x0: 0, y0: 0, x1: 9, y1: 1 }];
 * const counts = [emptyAttentionCounts()];
 * addAttention(counts, {
 *   imageId: "a", maps: { ...size, classCount: 2, data }, boxes,
 * });
 * strictEqual(attentionShares(counts[0]!).iou, 1 / 3);
 * ```
 */
export function addAttention(
  counts: readonly AttentionCounts[],
  picture: AttendedPicture,
): void {
  const { maps, boxes } = picture;
  assertAttended(picture, counts.length);
  const grid = pixelsUnderCells(maps);
  const target = maskTarget(
    { grid, boxes, boxIndices: cellBoxes(grid, boxes) },
    { channels: maps.classCount },
  );
  const size = target.length / maps.classCount;
  const first = maps.classCount === 1 ? 0 : 1;
  const cells = cellsOnPicture(grid);
  counts.forEach((ofClass, k) => {
    const from = (first + k) * size;
    const channel = [from, from + size] as const;
    addMap(ofClass, {
      cells,
      map: maps.data.subarray(...channel),
      target: target.subarray(...channel),
    });
  });
}

/** Indices of the cells that are not beyond the last pixel. */
function cellsOnPicture({ columns, rows }: CellGrid): number[] {
  const count = rows.length * columns.length;
  return Array.from({ length: count }, (_, p) => p).filter((p) =>
    columns[p % columns.length] !== -1 &&
    rows[Math.floor(p / columns.length)] !== -1
  );
}

function addMap(
  counts: AttentionCounts,
  { cells, map, target }: {
    readonly cells: readonly number[];
    readonly map: Float32Array;
    readonly target: Float32Array;
  },
): void {
  const isPresent = target.includes(1);
  for (const p of cells) {
    const value = map[p]!;
    const isInside = target[p] === 1;
    const isOpen = value > OPEN;
    if (isPresent) counts.cells++;
    if (isPresent && (isInside || isOpen)) counts.either++;
    if (isInside && isOpen) counts.both++;
    counts[isInside ? "inside" : "outside"]++;
    counts[isInside ? "insideSum" : "outsideSum"] += value;
  }
}

/** Shares of counts, 0…1; null for 0 / 0. */
export interface AttentionShares {
  /** Of the open cells with those inside, in pictures that have the class. */
  readonly iou: number | null;
  /** What that would be if the map were open everywhere. */
  readonly openIou: number | null;
  /** Mean of the map inside. */
  readonly inside: number | null;
  /** Mean of the map outside, in all pictures. */
  readonly outside: number | null;
}

/**
 * Shares of the counts of one class.
 *
 * @example
 * ```ts
 * import { attentionShares, emptyAttentionCounts } from "./attention_overlap.ts";
 * import { strictEqual } from "node:assert";
 *
 * const counts = { ...emptyAttentionCounts(), inside: 2, insideSum: 1.5 };
 * strictEqual(attentionShares(counts).inside, 0.75);
 * strictEqual(attentionShares(counts).outside, null);
 * ```
 */
export function attentionShares(counts: AttentionCounts): AttentionShares {
  return {
    iou: ratio(counts.both, counts.either),
    openIou: ratio(counts.inside, counts.cells),
    inside: ratio(counts.insideSum, counts.inside),
    outside: ratio(counts.outsideSum, counts.outside),
  };
}

/**
 * Means of shares, over classes or seeds; those that are null are left out.
 *
 * @example
 * ```ts
 * import { attentionShares, emptyAttentionCounts, meanAttentionShares } from "./attention_overlap.ts";
 * import { strictEqual } from "node:assert";
 *
 * const empty = emptyAttentionCounts();
 * const shares = [{ ...empty, both: 1, either: 2 }, empty].map(attentionShares);
 * strictEqual(meanAttentionShares(shares).iou, 0.5);
 * ```
 */
export function meanAttentionShares(
  shares: readonly AttentionShares[],
): AttentionShares {
  return {
    iou: meanOfPresent(shares.map(({ iou }) => iou)),
    openIou: meanOfPresent(shares.map(({ openIou }) => openIou)),
    inside: meanOfPresent(shares.map(({ inside }) => inside)),
    outside: meanOfPresent(shares.map(({ outside }) => outside)),
  };
}

function assertAttended(
  { imageId, maps, boxes }: AttendedPicture,
  mapCount: number,
): void {
  const refused = `Cannot compare attention maps of image "${imageId}" as`;
  const expected = mapCount === 1 ? [1, 2] : [mapCount + 1];
  if (!expected.includes(maps.classCount)) {
    throw new RangeError(
      `${refused} there must be ${expected.join(" or ")} of them: ` +
        `${maps.classCount}`,
    );
  }
  const odd = maps.data.find((value) => !(value >= 0 && value <= 1));
  if (odd !== undefined) {
    throw new RangeError(`${refused} they must be within 0…1: ${odd}`);
  }
  assertBoxes(
    boxes,
    maps,
    `compare attention with box % of image "${imageId}"`,
  );
  const unknown = maps.classCount === 1
    ? undefined
    : boxes.find(({ classId }) => classId >= maps.classCount);
  if (unknown === undefined) return;
  throw new RangeError(
    `${refused} each box must be of class 1…${maps.classCount - 1}: ` +
      `${unknown.classId}`,
  );
}
