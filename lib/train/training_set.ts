/**
 * The pictures of a training: from what each is learnt, and which of them share
 * a mini-batch.
 *
 * @module
 */
import type { Box } from "../geometry/box.ts";
import type { FillingRates } from "./filling_rate_selection.ts";
import type { TrainingSample } from "./training_sample.ts";

/** Files by id of picture, of which it is only asked whether they are there. */
export interface Holdings {
  has(id: string): boolean;
}

/** See `trainingSet`. */
export interface TrainingSources {
  /** By id of each picture to learn from. */
  readonly boxes: ReadonlyMap<string, readonly Box[]>;
  readonly images: Holdings;
  /** Null: rectangle labels are made from the boxes. */
  readonly labels: Holdings | null;
  readonly masks: Holdings | null;
  /** Pictures that are learnt from their mask. */
  readonly maskedIds: readonly string[];
  /** `[B]` by id, from 0; null where they are not known. */
  readonly subClasses: Readonly<Record<string, readonly number[]>> | null;
  /** By which pixels are selected; null: none are left out. */
  readonly rates: FillingRates | null;
  /** `[K]`: for messages. */
  readonly classNames: readonly string[];
  /**
   * `halves`: half of each mini-batch has masks, where only some pictures do;
   * `list`: all are drawn alike.
   */
  readonly mix: "halves" | "list";
}

/** What a loader and an order of samples are made of. */
export interface TrainingSet {
  readonly samples: readonly TrainingSample[];
  /** Indices of samples: one set, or those with masks and those without. */
  readonly sets: readonly (readonly number[])[];
}

/**
 * The samples of a training, in the order of the boxes.
 *
 * @throws {RangeError} When there is no picture, or anything is missing that
 *   will be read or looked up; tells all of it at once.
 *
 * @example
 * ```ts
 * import { trainingSet } from "./training_set.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const { sets } = trainingSet({
 *   boxes: new Map([["a", []], ["b", []], ["c", []]]),
 *   images: new Set(["a", "b", "c"]),
 *   labels: new Set(["a", "b"]),
 *   masks: new Set(["c"]),
 *   maskedIds: ["c"],
 *   subClasses: null,
 *   rates: null,
 *   classNames: ["ball"],
 *   mix: "halves",
 * });
 * deepStrictEqual(sets, [[2], [0, 1]]);
 * ```
 */
export function trainingSet(sources: TrainingSources): TrainingSet {
  const masked = new Set(sources.maskedIds);
  refuseGaps(sources, masked);
  const samples = [...sources.boxes].map(([id, boxes]) => ({
    id,
    boxes,
    subClasses: sources.subClasses?.[id] ?? null,
    isTruth: masked.has(id),
    weight: 1,
  }));
  const all = [...samples.keys()];
  const halves = [
    all.filter((index) => samples[index]!.isTruth),
    all.filter((index) => !samples[index]!.isTruth),
  ];
  const sets = sources.mix === "list" ? [all] : halves;
  return { samples, sets: sets.filter((set) => set.length > 0) };
}

const MOST_TOLD = 10;

function refuseGaps(sources: TrainingSources, masked: Set<string>): void {
  const { boxes, images, labels, masks } = sources;
  if (boxes.size === 0) {
    throw new RangeError(
      "Cannot train as there must be a picture to learn from: there is none",
    );
  }
  const ids = [...boxes.keys()];
  const weak = ids.filter((id) => !masked.has(id));
  const gaps = [
    gap(
      "listed picture",
      "without boxes",
      [...masked].filter((id) => !boxes.has(id)),
    ),
    gap("picture", "without pixels", ids.filter((id) => !images.has(id))),
    gap(
      "picture",
      "without a mask",
      ids.filter((id) => masked.has(id) && !masks?.has(id)),
    ),
    gap(
      "picture",
      "without labels",
      weak.filter((id) => labels !== null && !labels.has(id)),
    ),
    ...gapsInRates(sources, weak),
  ].filter((text) => text !== null);
  if (gaps.length === 0) return;
  throw new RangeError(
    `Cannot train as all that is learnt from must be there:\n${
      gaps.join("\n")
    }`,
  );
}

/** What selection needs of pictures that are not learnt from masks. */
function gapsInRates(
  { boxes, subClasses, rates, classNames }: TrainingSources,
  weak: readonly string[],
): (string | null)[] {
  if (rates === null || rates.kind === "global") return [];
  const nameOf = (classId: number) => classNames[classId - 1] ?? `${classId}`;
  if (rates.kind === "class") {
    const unrated = weak.flatMap((id) => boxes.get(id)!)
      .map(({ classId }) => classId)
      .filter((classId) => typeof rates.rates[classId - 1] !== "number");
    return [gap("class", "without a filling rate", unrated.map(nameOf))];
  }
  const isTold = (id: string) =>
    subClasses?.[id]?.length === boxes.get(id)!.length;
  const unrated = weak.filter(isTold).flatMap((id) =>
    boxes.get(id)!.flatMap(({ classId }, b) => {
      const subClass = subClasses![id]![b]!;
      const rate = rates.rates[classId - 1]?.[subClass];
      return typeof rate === "number" ? [] : [`${nameOf(classId)} ${subClass}`];
    })
  );
  return [
    gap(
      "picture",
      "without a sub-class for each box",
      weak.filter((id) => !isTold(id)),
    ),
    gap("sub-class", "without a filling rate", unrated),
  ];
}

/** One kind of thing that is missing, as a line; null where nothing is. */
function gap(
  what: string,
  lack: string,
  names: readonly string[],
): string | null {
  const distinct = [...new Set(names)];
  if (distinct.length === 0) return null;
  const plural = what.endsWith("class") ? `${what}es` : `${what}s`;
  const rest = distinct.length - MOST_TOLD;
  return `  ${distinct.length} ${distinct.length === 1 ? what : plural} ` +
    `${lack}: ${distinct.slice(0, MOST_TOLD).join(", ")}` +
    (rest > 0 ? ` and ${rest} more` : "");
}
