/**
 * The readings of the filling-rate loss, applied to a picture without training.
 *
 * [Song2019, section 3.3] can be read in several ways; here each is a selection
 * of labels to ignore, given the scores of a trained network, so that they can
 * be held against ground truth.
 *
 * @module
 */
import { VOID } from "../label/label_map.ts";
import type { RankOptions } from "../loss/filling_rate_loss.ts";
import {
  type BoxedCells,
  type FillingRateOptions,
  type FillingRates,
  fillingRateSelection,
  ignoredCells,
} from "../train/filling_rate_selection.ts";

/** One way to read the paper. */
export interface Reading {
  /** For metrics. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly options: FillingRateOptions;
  /** By what cells are ranked: probability, or score before softmax. */
  readonly rank: RankOptions["rank"];
  /** Of `ReadingCells.subClassSets`, which it uses. */
  readonly subClassSet: string | null;
}

/** What rates there are. */
export interface ReadingRates {
  /** `[K]`. */
  readonly ofClasses: readonly (number | null)[];
  /** One for all classes; 0.6 in [Song2019, Table 1]. */
  readonly global: number;
  /** Ways to cluster boxes, with the rates `[K][subClasses]` of each. */
  readonly ofSubClasses: readonly {
    readonly name: string;
    readonly rates: readonly (readonly (number | null)[])[];
  }[];
}

/**
 * All readings that are compared: the default one, one switch of it at a time,
 * the paper's Global, and Refine for each way to cluster.
 *
 * @example
 * ```ts
 * import { readingsOf } from "./filling_rate_readings.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const rates = { ofClasses: [0.5], global: 0.6, ofSubClasses: [] };
 * deepStrictEqual(readingsOf(rates).map(({ name }) => name), [
 *   "fr", "domain_proposal", "group_box", "rank_logit", "ignore_box",
 *   "floor_proposal", "global",
 * ]);
 * ```
 */
export function readingsOf(
  { ofClasses, global, ofSubClasses }: ReadingRates,
): Reading[] {
  const ofClass: FillingRates = { kind: "class", rates: ofClasses };
  const reading = (
    name: string,
    title: string,
    more: Partial<FillingRateOptions> = {},
    rank: Reading["rank"] = "prob",
  ): Reading => ({
    name,
    title,
    options: { rates: ofClass, ...more },
    rank,
    subClassSet: null,
  });
  return [
    reading("fr", "FR-loss: default"),
    reading("domain_proposal", "of the proposal's pixels", {
      domain: "proposal",
    }),
    reading("group_box", "each box alone", { group: "box" }),
    reading("rank_logit", "ranked by score", {}, "logit"),
    reading("ignore_box", "background in boxes too", { ignore: "box" }),
    reading("floor_proposal", "at least as many as labelled", {
      floor: "proposal",
    }),
    reading("global", `Global-loss: ${global} for all`, {
      rates: { kind: "global", rate: global },
    }),
    ...ofSubClasses.map(({ name, rates }): Reading => ({
      ...reading(`refine_${name}`, `Refine by ${name}`, {
        rates: { kind: "subClass", rates },
      }),
      subClassSet: name,
    })),
  ];
}

/** The P cells of a picture and what a network makes of them. */
export interface ReadingCells extends Omit<BoxedCells, "subClasses"> {
  /** `[B]` by way to cluster. */
  readonly subClassSets: Readonly<Record<string, readonly number[]>>;
  /** float32 `[C, P]`. */
  readonly scores: Float32Array;
  /** float32 `[C, P]`, ln p: what the graph ranks by. */
  readonly logProbabilities: Float32Array;
}

/** Which cells may be ignored, which are, and in the ranking of which class. */
export interface Ignored {
  /** `[P]`. */
  readonly rankClass: Float32Array;
  /** float32 `[P]`, 0 or 1. */
  readonly selectable: Float32Array;
  /** `[P]`, 0 or 1. */
  readonly ignored: Uint8Array;
}

/**
 * What a reading ignores of a picture.
 *
 * @throws {RangeError} When a box has no rate or no sub-class.
 *
 * @example
 * ```ts
 * import { ignoredBy, readingsOf } from "./filling_rate_readings.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const rates = { ofClasses: [0.5], global: 0.6, ofSubClasses: [] };
 * const [fr] = readingsOf(rates);
 * const sure = Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.9, 0.8, 0.7, 0.6);
 * const { ignored } = ignoredBy(fr!, {
 *   labels: Int32Array.of(1, 0, 1, 1),
 *   boxIndices: Int32Array.of(0, 0, 0, 0),
 *   boxes: [{ classId: 1, x0: 0, y0: 0, x1: 4, y1: 1 }],
 *   subClassSets: {},
 *   scores: sure,
 *   logProbabilities: sure.map(Math.log),
 * });
 * deepStrictEqual([...ignored], [0, 0, 1, 1]);
 * ```
 */
export function ignoredBy(reading: Reading, cells: ReadingCells): Ignored {
  const { subClassSets, scores, logProbabilities, ...boxed } = cells;
  const { options, rank, subClassSet } = reading;
  const subClasses = subClassSet === null
    ? null
    : subClassSets[subClassSet] ?? null;
  const selection = fillingRateSelection({ ...boxed, subClasses }, options);
  const { rankClass, selectable } = selection;
  const planes = rank === "logit" ? scores : logProbabilities;
  const keys = ofClasses(planes, rankClass);
  const ignored = ignoredCells(selection, keys, boxed.labels);
  return { rankClass, selectable, ignored };
}

/**
 * What the network is least sure of among all labels 1…K, as many as are
 * ignored by a reading: what filling rates and boxes must beat to be worth it.
 *
 * @example
 * ```ts
 * import { leastSure } from "./filling_rate_readings.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const sure = Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.9, 0.8, 0.7, 0.6);
 * const { ignored } = leastSure({
 *   labels: Int32Array.of(1, 0, 1, 1),
 *   boxIndices: Int32Array.of(-1, -1, -1, -1),
 *   boxes: [],
 *   subClassSets: {},
 *   scores: sure,
 *   logProbabilities: sure.map(Math.log),
 * }, 1);
 * deepStrictEqual([...ignored], [0, 0, 0, 1]);
 * ```
 */
export function leastSure(
  { labels, logProbabilities }: ReadingCells,
  count: number,
): Ignored {
  const isForeground = (label: number) => label !== 0 && label !== VOID;
  const rankClass = Float32Array.from(
    labels,
    (label) => isForeground(label) ? label : 0,
  );
  const keys = ofClasses(logProbabilities, rankClass);
  const ignored = new Uint8Array(labels.length);
  const surestLast = [...labels.keys()].filter((p) => rankClass[p] !== 0)
    .sort((p, q) => keys[p]! - keys[q]!);
  for (const p of surestLast.slice(0, count)) ignored[p] = 1;
  const selectable = rankClass.map((classId) => Math.sign(classId));
  return { rankClass, selectable, ignored };
}

/** Of planes `[C, P]`, at each cell the value of its class. */
function ofClasses(
  planes: Float32Array,
  classes: ArrayLike<number>,
): Float32Array {
  const count = classes.length;
  return Float32Array.from(
    { length: count },
    (_, p) => planes[classes[p]! * count + p]!,
  );
}
