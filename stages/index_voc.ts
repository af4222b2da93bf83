/**
 * Stage `index_voc`: the images of one split, their sizes and boxes, checked.
 *
 * Nothing is passed on unless every image of the split is in order; whatever is
 * wrong with any of them is told at once.
 *
 *   in   lists        image ids by split
 *   in   images       pictures; only their headers are read
 *   in   annotations  VOC XML
 *   in   truth        masks, if there are any; only checked
 *   out  boxes        by image id: size and boxes, px, half-open
 *   out  classes      class names in the order of their ids
 *   out  metrics      counts of images and boxes
 *
 * @module
 */
import * as z from "zod";
import { ClassList, classNamesOf } from "../lib/dataset/class_list.ts";
import {
  checkVocImage,
  formatVocProblems,
  type VocImageCheck,
} from "../lib/dataset/voc_dataset.ts";
import {
  type CollectionReader,
  defineStage,
  METRICS,
  optional,
} from "../pipeline/mod.ts";
import {
  ANNOTATIONS,
  BOXES,
  CLASS_NAMES,
  IMAGE_LISTS,
  IMAGES,
  LABEL_MAPS,
} from "./artifacts.ts";

const PROBLEMS_TOLD = 20;

const Bound = z.int().min(1).nullable();

const Params = z.strictObject({
  split: z.string().default("train").describe("name of an image list"),
  classes: ClassList.default("voc"),
  useDifficult: z.boolean().default(true)
    .describe("whether objects marked difficult have boxes"),
  imageCount: z.int().min(1).nullable().default(null)
    .describe("images that the list must have, as published; null: any"),
  maxImages: z.union([Bound, z.array(Bound)]).default(null).describe(
    "only the first images of the list; null: all; of several bounds the " +
      "smallest counts",
  ),
});

/** Reads and checks a split of a data set in VOC's layout. */
export const indexVoc = defineStage({
  name: "index_voc",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: {
    lists: IMAGE_LISTS,
    images: IMAGES,
    annotations: ANNOTATIONS,
    truth: optional(LABEL_MAPS),
  },
  outputs: { boxes: BOXES, classes: CLASS_NAMES, metrics: METRICS },
  async run({ params, inputs, outputs, progress, log }) {
    const classes = classNamesOf(params.classes);
    const ids = await readSplit(inputs.lists, params);
    const checks: VocImageCheck[] = [];
    for (const [i, id] of ids.entries()) {
      const check = checkVocImage({
        imageId: id,
        image: await bytesOf(inputs.images, id),
        annotation: await bytesOf(inputs.annotations, id),
        ...(inputs.truth && { mask: await bytesOf(inputs.truth, id) }),
      }, { classes, useDifficult: params.useDifficult });
      checks.push(check);
      progress(i + 1, ids.length, "images");
    }
    refuseProblems(checks, params.split, log);
    for (const [i, { size, boxes }] of checks.entries()) {
      const { width, height } = size!;
      await outputs.boxes.write(ids[i]!, { width, height, boxes: [...boxes] });
    }
    const metrics = countsOf(checks);
    const unboxed = checks.filter((check) => check.unboxedClassIds.length > 0);
    log(`${unboxed.length} images have a class in their mask without a box`);
    const clipped = sum(checks.map((check) => check.clippedBoxCount));
    if (clipped > 0) {
      log(
        `${clipped} boxes went beyond their picture and were cut at its edge`,
      );
    }
    if (metrics["data_set.boxes"] === 0) log("no image has a box");
    return { classes: [...classes], metrics };
  },
});

async function readSplit(
  lists: CollectionReader<string[]>,
  { split, imageCount, maxImages }: z.output<typeof Params>,
): Promise<string[]> {
  if (!lists.has(split)) {
    throw new RangeError(
      `Cannot read split "${split}" as the data set must list it: ` +
        `it lists ${lists.ids.join(", ") || "none"}`,
    );
  }
  const ids = await lists.read(split);
  if (imageCount !== null && ids.length !== imageCount) {
    throw new RangeError(
      `Cannot use split "${split}" as it must list ${imageCount} images: ` +
        `it lists ${ids.length}`,
    );
  }
  return ids.slice(0, Math.min(...[maxImages].flat().map(orUnbounded)));
}

function orUnbounded(bound: number | null): number {
  return bound ?? Infinity;
}

async function bytesOf(
  items: CollectionReader<unknown>,
  id: string,
): Promise<Uint8Array | null> {
  return items.has(id) ? await items.readBytes(id) : null;
}

/** Tells all problems to the log and the first of each kind to the user. */
function refuseProblems(
  checks: readonly VocImageCheck[],
  split: string,
  log: (message: string) => void,
): void {
  const problems = checks.flatMap((check) => check.problems);
  if (problems.length === 0) return;
  log(`All problems:\n${formatVocProblems(problems, Infinity)}`);
  throw new RangeError(
    `Cannot use split "${split}" as its images must be in order:\n` +
      formatVocProblems(problems, PROBLEMS_TOLD),
  );
}

function countsOf(checks: readonly VocImageCheck[]): Record<string, number> {
  const boxes = sum(checks.map((check) => check.boxes.length));
  return { "data_set.images": checks.length, "data_set.boxes": boxes };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
