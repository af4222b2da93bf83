/**
 * How many of the labels that a loss ignores are wrong.
 *
 * The filling-rate loss is meant to leave out "the wrongly labeled pixels in
 * the proposals" [Song2019, section 1]. With ground truth that can be counted
 * before anything is trained; docs/method.md, Filling-rate loss.
 *
 * @module
 */
import { VOID } from "../label/label_map.ts";
import { ratio } from "./ratio.ts";

/** What a selection made of the cells of a picture. */
export interface SelectedCells {
  /** `[P]`: the label learnt from; 0 background, 1…K class, 255 void. */
  readonly labels: ArrayLike<number>;
  /** `[P]`: ground truth; cells of 255 are not counted. */
  readonly truth: ArrayLike<number>;
  /** `[P]`: class in whose ranking the cell is, 0 none. */
  readonly rankClass: ArrayLike<number>;
  /** `[P]`: 1 where the cell may be ignored. */
  readonly selectable: ArrayLike<number>;
  /** `[P]`: 1 where it is. */
  readonly ignored: ArrayLike<number>;
}

/** Cells of one class, or of all, whose truth is known. */
export interface IgnoredCounts {
  /** Those that may be ignored. */
  candidates: number;
  wrongCandidates: number;
  ignored: number;
  wrongIgnored: number;
  /** Those labelled 1…K wrongly, whether they may be ignored or not. */
  wrongForeground: number;
  wrongForegroundIgnored: number;
}

/**
 * Counts of nothing.
 *
 * @example
 * ```ts
 * import { emptyIgnoredCounts } from "./ignored_labels.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(emptyIgnoredCounts().ignored, 0);
 * ```
 */
export function emptyIgnoredCounts(): IgnoredCounts {
  return {
    candidates: 0,
    wrongCandidates: 0,
    ignored: 0,
    wrongIgnored: 0,
    wrongForeground: 0,
    wrongForegroundIgnored: 0,
  };
}

/**
 * Adds the cells of a picture to the counts of each class. What may be ignored
 * counts for the class that ranks it, what is labelled wrongly for its label.
 *
 * @param counts `[K]`, class 1 first; changed in place.
 *
 * @example
 * ```ts
 * import { addIgnored, emptyIgnoredCounts } from "./ignored_labels.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const counts = [emptyIgnoredCounts()];
 * addIgnored(counts, {
 *   labels: [1, 1, 1],
 *   truth: [1, 0, 255],
 *   rankClass: [1, 1, 1],
 *   selectable: [1, 1, 1],
 *   ignored: [0, 1, 1],
 * });
 * const { ignored, wrongIgnored } = counts[0]!;
 * deepStrictEqual([ignored, wrongIgnored], [1, 1]);
 * ```
 */
export function addIgnored(
  counts: readonly IgnoredCounts[],
  { labels, truth, rankClass, selectable, ignored }: SelectedCells,
): void {
  for (let p = 0; p < labels.length; p++) {
    if (truth[p] === VOID || labels[p] === VOID) continue;
    const wrong = labels[p] === truth[p] ? 0 : 1;
    const isIgnored = ignored[p] === 1;
    if (selectable[p] === 1) {
      const ofClass = counts[rankClass[p]! - 1]!;
      ofClass.candidates++;
      ofClass.wrongCandidates += wrong;
      if (isIgnored) ofClass.ignored++;
      if (isIgnored) ofClass.wrongIgnored += wrong;
    }
    if (wrong === 0 || labels[p] === 0) continue;
    const ofLabel = counts[labels[p]! - 1]!;
    ofLabel.wrongForeground++;
    if (isIgnored) ofLabel.wrongForegroundIgnored++;
  }
}

/**
 * Sums of counts.
 *
 * @example
 * ```ts
 * import { emptyIgnoredCounts, totalIgnored } from "./ignored_labels.ts";
 * import { strictEqual } from "node:assert";
 *
 * const one = { ...emptyIgnoredCounts(), ignored: 2 };
 * strictEqual(totalIgnored([one, one]).ignored, 4);
 * ```
 */
export function totalIgnored(counts: readonly IgnoredCounts[]): IgnoredCounts {
  const total = emptyIgnoredCounts();
  const keys = Object.keys(total) as (keyof IgnoredCounts)[];
  for (const each of counts) {
    for (const key of keys) total[key] += each[key];
  }
  return total;
}

/** Shares of counts, 0…1; null for 0 / 0. */
export interface IgnoredShares {
  /** Of what may be ignored: how much is. */
  readonly ignored: number | null;
  /** Of what is ignored: how much is wrong. */
  readonly precision: number | null;
  /** Of what may be ignored: how much is wrong; what chance would reach. */
  readonly baseRate: number | null;
  /** Of all wrong labels 1…K: how many are ignored. */
  readonly recall: number | null;
  /** Of the right labels that may be ignored: how many are. */
  readonly lost: number | null;
}

/**
 * Shares of counts.
 *
 * @example
 * ```ts
 * import { emptyIgnoredCounts, ignoredShares } from "./ignored_labels.ts";
 * import { strictEqual } from "node:assert";
 *
 * const counts = { ...emptyIgnoredCounts(), ignored: 4, wrongIgnored: 3 };
 * strictEqual(ignoredShares(counts).precision, 0.75);
 * strictEqual(ignoredShares(counts).recall, null);
 * ```
 */
export function ignoredShares(counts: IgnoredCounts): IgnoredShares {
  const { candidates, wrongCandidates, ignored, wrongIgnored } = counts;
  return {
    ignored: ratio(ignored, candidates),
    precision: ratio(wrongIgnored, ignored),
    baseRate: ratio(wrongCandidates, candidates),
    recall: ratio(counts.wrongForegroundIgnored, counts.wrongForeground),
    lost: ratio(ignored - wrongIgnored, candidates - wrongCandidates),
  };
}
