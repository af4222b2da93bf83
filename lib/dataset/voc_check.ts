/**
 * Whether the parts of VOC 2012 on disk fit together.
 *
 * @module
 */
import { formatCount } from "./_format_count.ts";
import type { FolderFacts, VocSources } from "./voc_sources.ts";

/** How many are there; null for what is not there at all. */
export interface VocCounts {
  readonly images: number | null;
  readonly train: number | null;
  readonly val: number | null;
  readonly "train_aug": number | null;
}

/** What was found; no problems: all that is there fits together. */
export interface VocFindings {
  readonly counts: VocCounts;
  /** Each as `<what must hold>: <what is>`. */
  readonly problems: readonly string[];
}

type Ids = ReadonlySet<string> | null;

/** An image id of VOC: year and number. */
const ID = /\d{4}_\d{6}/;

/**
 * The image ids of a list, in its order. A line may hold an id or, as in
 * DeepLab's lists, the path of an image and of a mask.
 *
 * @example
 * ```ts
 * import { parseImageIds } from "./voc_check.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(
 *   parseImageIds("2007_000032\n/JPEGImages/2007_000039.jpg /x/2007_000039.png\n"),
 *   ["2007_000032", "2007_000039"],
 * );
 * ```
 */
export function parseImageIds(text: string): string[] {
  const ids = text.split("\n").flatMap((line) => ID.exec(line)?.[0] ?? []);
  return [...new Set(ids)];
}

/**
 * What is wrong with the number of files in a folder; null when nothing is.
 *
 * @throws {Error} When the folder is there but cannot be read.
 */
export async function folderProblem(
  dataFolder: string,
  { folder, ending, min, max }: FolderFacts,
): Promise<string | null> {
  const names = await namesIn(`${dataFolder}/${folder}`, ending);
  const found = names?.size ?? 0;
  if (found >= min && found <= (max ?? Infinity)) return null;
  const wanted = `${max === null ? "at least " : ""}${formatCount(min)}`;
  return `"${folder}" must hold ${wanted} files "*${ending}": ` +
    `holds ${formatCount(found)}`;
}

/**
 * Compares splits, images, boxes and masks with each other, as far as they are
 * there: `root` is the folder with `JPEGImages`.
 *
 * @throws {Error} When a folder is there but cannot be read.
 */
export async function checkVoc(
  root: string,
  expected: VocSources["dataset"]["splits"],
): Promise<VocFindings> {
  const [train, val, trainAug] = await Promise.all(
    ["train", "val", "train_aug"].map((split) => idsOf(root, split)),
  ) as [Ids, Ids, Ids];
  const images = await namesIn(`${root}/JPEGImages`, ".jpg");
  const boxes = await namesIn(`${root}/Annotations`, ".xml");
  const masks = await namesIn(`${root}/SegmentationClass`, ".png");
  const augMasks = await namesIn(`${root}/SegmentationClassAug`, ".png");
  const problems = [
    wrongCount("train", train, expected.train),
    wrongCount("val", val, expected.val),
    wrongCount("train_aug", trainAug, expected.train_aug),
    shared("train", train, val),
    shared("train_aug", trainAug, val),
    lacking("train", train, "train_aug", trainAug),
    ...Object.entries({ train, val, "train_aug": trainAug }).flatMap((
      [split, ids],
    ) => [
      lacking(split, ids, "JPEGImages", images),
      lacking(split, ids, "Annotations", boxes),
    ]),
    lacking("train", train, "SegmentationClass", masks),
    lacking("val", val, "SegmentationClass", masks),
    lacking("train_aug", trainAug, "SegmentationClassAug", augMasks),
  ];
  return {
    counts: {
      images: images?.size ?? null,
      train: train?.size ?? null,
      val: val?.size ?? null,
      "train_aug": trainAug?.size ?? null,
    },
    problems: problems.filter((problem) => problem !== null),
  };
}

function wrongCount(split: string, ids: Ids, expected: number): string | null {
  if (ids === null || ids.size === expected) return null;
  return `${split} must have ${formatCount(expected)} images: has ${
    formatCount(ids.size)
  }`;
}

/** Training must never see an image of val. */
function shared(split: string, ids: Ids, val: Ids): string | null {
  if (ids === null || val === null) return null;
  const both = [...ids].filter((id) => val.has(id));
  if (both.length === 0) return null;
  return `${split} must share no image with val: shares ${
    formatCount(both.length)
  }` +
    `, first "${both[0]}"`;
}

function lacking(
  split: string,
  ids: Ids,
  place: string,
  there: Ids,
): string | null {
  if (ids === null || there === null) return null;
  const missing = [...ids].filter((id) => !there.has(id));
  if (missing.length === 0) return null;
  return `all images of ${split} must be in ${place}: ` +
    `${formatCount(missing.length)} are not, first "${missing[0]}"`;
}

async function idsOf(root: string, split: string): Promise<Ids> {
  const path = `${root}/ImageSets/Segmentation/${split}.txt`;
  const text = await unlessMissing(Deno.readTextFile(path));
  return text === null ? null : new Set(parseImageIds(text));
}

/** The names with an ending, without it; null when there is no folder. */
async function namesIn(folder: string, ending: string): Promise<Ids> {
  const entries = await unlessMissing(Array.fromAsync(Deno.readDir(folder)));
  if (entries === null) return null;
  const names = entries.map((entry) => entry.name)
    .filter((name) => name.endsWith(ending) && !name.startsWith("."));
  return new Set(names.map((name) => name.slice(0, -ending.length)));
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
