/**
 * What the filling-rate loss ranks, and how many of it it keeps
 * [Song2019, Eq. 4 and 5].
 *
 * In each box area R of a class c the k = ⌊FR_c · |R|⌋ pixels that the network
 * is surest of are kept; a pixel labelled c that is not among them is left out
 * of the loss. Here everything that needs no scores is settled: which pixels
 * are ranked together, k, and which pixels may be left out. The graph ranks.
 * The default reading and its alternatives: docs/method.md, Filling-rate loss.
 *
 * @module
 */
import type { Box } from "../geometry/box.ts";
import { VOID } from "../label/label_map.ts";

/** Rates: of classes `[K]`, of sub-classes `[K][subClasses]`, or one for all. */
export type FillingRates =
  | { readonly kind: "class"; readonly rates: readonly (number | null)[] }
  | {
    readonly kind: "subClass";
    readonly rates: readonly (readonly (number | null)[])[];
  }
  | { readonly kind: "global"; readonly rate: number };

/** See `fillingRateSelection`. */
export interface FillingRateOptions {
  /** Each 0…1; sub-classes are ranked apart [Song2019, Eq. 5]. */
  readonly rates: FillingRates;
  /**
   * What is ranked, and of what the rate is a share: all pixels of the class's
   * boxes (`box`, the default), or those of them that are labelled with it
   * (`proposal`).
   */
  readonly domain?: "box" | "proposal";
  /**
   * Whether all boxes of a class in the crop are ranked together (`class`, the
   * default) or each alone (`box`).
   */
  readonly group?: "class" | "box";
  /**
   * Whether pixels labelled with the class may be left out (`label`, the
   * default), or also those labelled background (`box`; with domain `proposal`
   * the same, as those are not ranked).
   */
  readonly ignore?: "label" | "box";
  /**
   * `proposal`: at least as many are kept as are labelled with the class; by
   * default `none`.
   */
  readonly floor?: "none" | "proposal";
}

/** The P cells of a crop. */
export interface BoxedCells {
  /** int32 `[P]`: 0 background, 1…K class, 255 void. */
  readonly labels: Int32Array;
  /** int32 `[P]`: index of the box on top, −1 none. */
  readonly boxIndices: Int32Array;
  readonly boxes: readonly Box[];
  /** `[B]`, from 0; needed for rates of sub-classes. */
  readonly subClasses: readonly number[] | null;
}

/** What the graph is fed. */
export interface FillingRateSelection {
  /** float32 `[P]`: class of the box on top, 0 none. */
  readonly rankClass: Float32Array;
  /** float32 `[P]`: cells of one number are ranked together; −1 none. */
  readonly group: Float32Array;
  /** float32 `[P]`: k of the cell's group; P + 1 where all are kept. */
  readonly quota: Float32Array;
  /** float32 `[P]`: 1 where a cell not among the k is left out, else 0. */
  readonly selectable: Float32Array;
}

/** Groups of fewer cells are kept whole. */
const SMALLEST_GROUP = 3;

/**
 * Settles a crop's ranking.
 *
 * @param options Null: all is kept, as for ground truth and before a warm-up
 *   ends.
 * @throws {RangeError} When a box that is ranked has no rate, or one out of
 *   0…1.
 *
 * @example
 * ```ts
 * import { fillingRateSelection } from "./filling_rate_selection.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const box = { classId: 5, x0: 0, y0: 0, x1: 4, y1: 1 };
 * const { quota, selectable } = fillingRateSelection({
 *   labels: Int32Array.of(5, 5, 0, 5, 0),
 *   boxIndices: Int32Array.of(0, 0, 0, 0, -1),
 *   boxes: [box],
 *   subClasses: null,
 * }, { rates: { kind: "global", rate: 0.6 } });
 * deepStrictEqual([...quota], [2, 2, 2, 2, 6]);
 * deepStrictEqual([...selectable], [1, 1, 0, 1, 0]);
 * ```
 */
export function fillingRateSelection(
  cells: BoxedCells,
  options: FillingRateOptions | null,
): FillingRateSelection {
  const { labels, boxIndices, boxes } = cells;
  const count = labels.length;
  const selection = {
    rankClass: new Float32Array(count),
    group: new Float32Array(count).fill(-1),
    quota: new Float32Array(count).fill(count + 1),
    selectable: new Float32Array(count),
  };
  boxIndices.forEach((index, p) => {
    if (index >= 0) selection.rankClass[p] = boxes[index]!.classId;
  });
  if (options === null) return selection;
  const ignoresBackground = options.ignore === "box";
  for (const [number, members] of groupsOf(cells, options).entries()) {
    if (members.length < SMALLEST_GROUP) continue;
    const { classId } = boxes[boxIndices[members[0]!]!]!;
    const quota = quotaOf(members, cells, options);
    for (const p of members) {
      const mayBeLeftOut = labels[p] === classId ||
        labels[p] === 0 && ignoresBackground;
      selection.group[p] = number;
      selection.quota[p] = quota;
      selection.selectable[p] = mayBeLeftOut ? 1 : 0;
    }
  }
  return selection;
}

/** Cells that are ranked together, in order; none is empty. */
function groupsOf(cells: BoxedCells, options: FillingRateOptions): number[][] {
  const { labels, boxIndices, boxes } = cells;
  const ranked: number[] = [];
  boxIndices.forEach((index, p) => {
    if (index < 0) return;
    const isProposed = labels[p] === boxes[index]!.classId;
    if (isProposed || options.domain !== "proposal") ranked.push(p);
  });
  return [
    ...Map.groupBy(ranked, (p) => groupKey(boxIndices[p]!, cells, options))
      .values(),
  ];
}

function groupKey(
  index: number,
  { boxes, subClasses }: BoxedCells,
  { group, rates }: FillingRateOptions,
): string {
  if (group === "box") return `box ${index}`;
  const { classId } = boxes[index]!;
  return rates.kind === "subClass"
    ? `class ${classId}, sub-class ${subClasses?.[index]}`
    : `class ${classId}`;
}

/** k: how many of a group's cells are kept. */
function quotaOf(
  members: readonly number[],
  cells: BoxedCells,
  { rates, floor }: FillingRateOptions,
): number {
  const { labels, boxIndices, boxes } = cells;
  const index = boxIndices[members[0]!]!;
  const share = Math.floor(rateOf(index, cells, rates) * members.length);
  const { classId } = boxes[index]!;
  const least = floor === "proposal"
    ? members.filter((p) => labels[p] === classId).length
    : 0;
  return Math.max(1, share, least);
}

function rateOf(
  index: number,
  { boxes, subClasses }: BoxedCells,
  rates: FillingRates,
): number {
  const { classId } = boxes[index]!;
  const subClass = subClasses?.[index] ?? NaN;
  const rate = rates.kind === "global"
    ? rates.rate
    : rates.kind === "class"
    ? rates.rates[classId - 1]
    : rates.rates[classId - 1]?.[subClass];
  if (typeof rate === "number" && rate >= 0 && rate <= 1) return rate;
  const of = rates.kind === "subClass" ? `, sub-class ${subClass},` : "";
  throw new RangeError(
    `Cannot select pixels of class ${classId}${of} as its filling rate must ` +
      `be 0…1: ${rate ?? "there is none"}`,
  );
}

/**
 * Which cells a ranking leaves out of the loss, as the graph does it: for the
 * test of method.md 5.4, which compares readings without training.
 *
 * @param keys `[P]`: ln of the probability (or score) of each cell's `rankClass`.
 * @param labels int32 `[P]`; void cells are not told, they never count.
 * @returns `[P]`, 1 where a cell is left out.
 *
 * @example
 * ```ts
 * import { ignoredCells } from "./filling_rate_selection.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const selection = {
 *   rankClass: Float32Array.of(5, 5, 5),
 *   group: Float32Array.of(0, 0, 0),
 *   quota: Float32Array.of(1, 1, 1),
 *   selectable: Float32Array.of(1, 1, 0),
 * };
 * const ignored = ignoredCells(selection, [-1.6, -0.4, -2.3], [5, 5, 0]);
 * deepStrictEqual([...ignored], [1, 0, 0]);
 * ```
 */
export function ignoredCells(
  { group, quota, selectable }: FillingRateSelection,
  keys: ArrayLike<number>,
  labels: ArrayLike<number>,
): Uint8Array {
  const ignored = new Uint8Array(group.length);
  const ranked = [...group.keys()].filter((p) => group[p]! >= 0);
  for (const members of Map.groupBy(ranked, (p) => group[p]).values()) {
    // Sorting keeps ties in order: smaller index first.
    members.sort((p, q) => keys[q]! - keys[p]!);
    for (const [rank, p] of members.entries()) {
      const isLost = rank >= quota[p]! && selectable[p] === 1;
      if (isLost && labels[p] !== VOID) ignored[p] = 1;
    }
  }
  return ignored;
}
