/**
 * Two runs' label maps of one set of images, read and counted.
 *
 * What a run is made of is not this library's affair: the interfaces here are
 * what it needs of one.
 *
 * @module
 */
import type { LabelMap } from "../label/label_map.ts";
import { countImage, type ImageCounts } from "./image_counts.ts";

/** Something, or why it is not there. */
export type Found<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly why: string };

/** Items of a folder. */
export interface Items {
  readonly ids: readonly string[];
  has(id: string): boolean;
  read(id: string): Promise<unknown>;
}

/** What is needed of a run. */
export interface RunSide {
  inputItems(step: string, input: string): Found<Items>;
  value(step: string, output: string): Promise<Found<unknown>>;
}

/** What is needed of a step. */
export interface ScoredStep {
  readonly id: string;
  readonly stage: string;
  /** Of what it read, by input name. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number>>;
}

/** A step that scored label maps, in both runs. */
export interface ScoredPair {
  /** What it is called. */
  readonly name: string;
  readonly a: ScoredStep;
  readonly b: ScoredStep;
}

/** Images counted; or that all are the same; or why neither. */
export type PairCounts =
  | { readonly state: "counted"; readonly images: readonly ImageCounts[] }
  | { readonly state: "same" }
  | { readonly state: "unknown"; readonly why: string };

/**
 * Counts the images of a step that scored label maps in two runs.
 *
 * The truth may be that of either run, as both read the same.
 *
 * @example
 * ```ts
 * import { countPair } from "./scored_pair.ts";
 * import { strictEqual } from "node:assert";
 *
 * const step = {
 *   id: "scores",
 *   stage: "score_labels",
 *   inputs: { labels: "a digest", truth: "another" },
 *   metrics: {},
 * };
 * const none = { ok: false, why: "left out" } as const;
 * const run = { inputItems: () => none, value: () => Promise.resolve(none) };
 * const pair = { name: "scores", a: step, b: step };
 * // By their digests alone they are the same.
 * strictEqual((await countPair(pair, { a: run, b: run })).state, "same");
 * ```
 */
export async function countPair(
  { a, b }: ScoredPair,
  runs: { readonly a: RunSide; readonly b: RunSide },
): Promise<PairCounts> {
  if (a.inputs.truth !== b.inputs.truth) {
    return unknown("they were scored against unlike truths");
  }
  if (a.inputs.classes !== b.inputs.classes) {
    return unknown("they were scored with unlike classes");
  }
  if (a.inputs.labels === b.inputs.labels) return { state: "same" };
  const labelsA = runs.a.inputItems(a.id, "labels");
  if (!labelsA.ok) return unknown(`of A, ${labelsA.why}`);
  const labelsB = runs.b.inputItems(b.id, "labels");
  if (!labelsB.ok) return unknown(`of B, ${labelsB.why}`);
  const truth = eitherOf(
    runs.a.inputItems(a.id, "truth"),
    () => runs.b.inputItems(b.id, "truth"),
  );
  if (!truth.ok) return unknown(`of the truth, ${truth.why}`);
  const classCount = await classCountOf(a, runs.a);
  if (!classCount.ok) return unknown(`of A, ${classCount.why}`);
  const ids = labelsA.value.ids;
  if (ids.join("\n") !== labelsB.value.ids.join("\n")) {
    return unknown("they are of unlike images");
  }
  const images: ImageCounts[] = [];
  for (const imageId of ids) {
    const [ofTruth, ofA, ofB] = await Promise.all(
      [truth.value, labelsA.value, labelsB.value].map((items) =>
        // The runs' stages say that these inputs are label maps.
        items.read(imageId) as Promise<LabelMap>
      ),
    );
    const maps = { imageId, truth: ofTruth!, a: ofA!, b: ofB! };
    images.push(countImage(maps, classCount.value));
  }
  return { state: "counted", images };
}

function eitherOf<Value>(
  first: Found<Value>,
  second: () => Found<Value>,
): Found<Value> {
  return first.ok ? first : second();
}

/** C, as the scores that the step wrote tell. */
async function classCountOf(
  step: ScoredStep,
  run: RunSide,
): Promise<Found<number>> {
  const scores = await run.value(step.id, "scores");
  if (!scores.ok) return scores;
  const { classes } = scores.value as { classes: readonly unknown[] };
  return { ok: true, value: classes.length };
}

function unknown(why: string): PairCounts {
  return { state: "unknown", why };
}
