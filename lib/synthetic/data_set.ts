/**
 * The embedded data set: which pictures it has and what each one shows.
 *
 * @module
 */
import { type Random, seededRandom } from "../random.ts";
import { oneOf, shuffled } from "./chance.ts";
import { EMBEDDED_CLASSES } from "./embedded_classes.ts";
import { drawScene, type Scene } from "./scene.ts";

/** A picture of the plan, not yet drawn. */
export interface PlannedImage {
  /** Such as `train_0017`; counted from 1. */
  readonly id: string;
  /** Classes of its objects, back to front, 1…K. */
  readonly classIds: readonly number[];
}

/** The lists of a data set. */
export interface DataSetPlan {
  readonly train: readonly PlannedImage[];
  readonly val: readonly PlannedImage[];
  /** Ids within `train` that have masks when learning is semi-supervised. */
  readonly semi: readonly string[];
}

/** How many pictures to plan. */
export interface DataSetCounts {
  readonly train: number;
  readonly val: number;
  /** At most `train`. */
  readonly semi: number;
}

/** About the share of VOC: 1,464 of 10,582 training images have masks. */
export const EMBEDDED_COUNTS: DataSetCounts = { train: 240, val: 80, semi: 36 };

/**
 * Plans a data set. Every run of K pictures has each class at least once, as
 * its first object, and an image depends on nothing but the seed and its id: it
 * stays the same whatever the counts.
 *
 * @throws {RangeError} When more images are to have masks than there are.
 *
 * @example
 * ```ts
 * import { planDataSet } from "./data_set.ts";
 * import { deepStrictEqual, strictEqual } from "node:assert";
 *
 * const small = planDataSet(1, { train: 2, val: 1, semi: 1 });
 * deepStrictEqual(small.semi, ["train_0001"]);
 * deepStrictEqual(small.train[1], planDataSet(1).train[1]);
 * strictEqual(planDataSet(1).val.length, 80);
 * ```
 */
export function planDataSet(
  seed: number,
  counts: DataSetCounts = EMBEDDED_COUNTS,
): DataSetPlan {
  if (counts.semi > counts.train) {
    throw new RangeError(
      `Cannot plan a data set as images with masks must be training images: ` +
        `${counts.semi} of ${counts.train}`,
    );
  }
  const train = planSplit(seed, { split: "train", count: counts.train });
  const val = planSplit(seed, { split: "val", count: counts.val });
  const semi = train.slice(0, counts.semi).map(({ id }) => id);
  return { train, val, semi };
}

/** Chances of 1, 2, 3 and 4 objects, of 16. */
const OBJECT_COUNTS = [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4];

function planSplit(
  seed: number,
  { split, count }: { split: string; count: number },
): PlannedImage[] {
  const random = seededRandom(seed).split(split);
  return Array.from({ length: count }, (_, i) => {
    const id = `${split}_${String(i + 1).padStart(4, "0")}`;
    const others = drawOthers(random.split(`classes of ${id}`));
    return { id, classIds: [dealtClass(random, i), ...others] };
  });
}

/** Deals the classes from a deck shuffled anew for every K images. */
function dealtClass(random: Random, i: number): number {
  const ids = EMBEDDED_CLASSES.map(({ classId }) => classId);
  const deck = random.split(`deck ${Math.floor(i / ids.length)}`);
  return shuffled(deck, ids)[i % ids.length]!;
}

function drawOthers(random: Random): number[] {
  return Array.from(
    { length: oneOf(random, OBJECT_COUNTS) - 1 },
    () => oneOf(random, EMBEDDED_CLASSES).classId,
  );
}

/**
 * Draws an image of a plan made with the same seed.
 *
 * @example
 * ```ts
 * import { drawPlannedImage, planDataSet } from "./data_set.ts";
 * import { ok } from "node:assert";
 *
 * const [first] = planDataSet(1).train;
 * if (first) ok(drawPlannedImage(1, first).objects.length >= 1);
 * ```
 */
export function drawPlannedImage(seed: number, image: PlannedImage): Scene {
  return drawScene(seededRandom(seed).split(image.id), image.classIds);
}
