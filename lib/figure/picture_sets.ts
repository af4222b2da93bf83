/**
 * The pictures of a run: those that labels were made for, and those that models
 * were scored on.
 *
 * @module
 */
import * as z from "zod";
import type { RgbImage } from "../image/image.ts";
import type { LabelMap } from "../label/label_map.ts";
import type { FigureSource, FigureStep } from "./figure_source.ts";
import { ratesStep } from "./filling_rate_figure.ts";
import { LeftOut, readShown } from "./left_out.ts";
import type { ModelScores } from "./model_scores.ts";
import { readInputItems, readValue, type TypedItems } from "./run_data.ts";
import {
  BoxesValue,
  FillingRatesValue,
  LabelMapValue,
  PictureValue,
  SubClassesValue,
} from "./run_values.ts";
import { mainModel, sourceOf } from "./scored_models.ts";

/** Pictures with boxes and proposals, and what was measured of them. */
export interface LabelledPictures {
  /** Of which there is picture, boxes and proposal; in code unit order. */
  readonly ids: readonly string[];
  readonly images: TypedItems<RgbImage>;
  readonly boxes: ReadonlyMap<string, BoxesValue>;
  readonly proposals: TypedItems<LabelMap>;
  /** Of each class, in the order of their ids. */
  readonly rates: FillingRatesValue;
  /** Of each box, by image id; null where they were not told apart. */
  readonly subClasses: SubClassesValue | null;
  /** Of `measure_filling_rates`. */
  readonly step: FigureStep;
  /** Of `propose_segments`; null when the proposals are the user's. */
  readonly proposing: FigureStep | null;
}

/**
 * The pictures that the run's filling rates were measured on; null when there
 * are none, or they are no longer there.
 *
 * @param leftOut What is not shown; grows, see {@link readShown}.
 * @throws {RangeError} When boxes or rates are damaged.
 *
 * @example
 * ```ts
 * import { labelledPictures } from "./picture_sets.ts";
 * import { strictEqual } from "node:assert";
 *
 * const nothing = (): never => {
 *   throw new RangeError("no step");
 * };
 * const run = {
 *   record: { workflow: "empty", steps: [] },
 *   stepsOf: () => [],
 *   value: nothing,
 *   items: nothing,
 *   inputItems: nothing,
 * };
 * strictEqual(await labelledPictures(run), null);
 * ```
 */
export async function labelledPictures(
  run: FigureSource,
  leftOut: LeftOut = new LeftOut(),
): Promise<LabelledPictures | null> {
  const step = ratesStep(run);
  if (step === null) return null;
  const reader = readerBeside(run, step);
  const boxes = readInputItems(run, { step, input: "boxes" }, BoxesValue);
  if (reader === null || boxes === null) return null;
  const shown = { boxes, leftOut };
  const pictures = { step: reader, input: "images", ...shown } as const;
  const images = readShown(run, PictureValue, pictures);
  const labels = { step, input: "proposals", ...shown } as const;
  const proposals = readShown(run, LabelMapValue, labels);
  if (images === null || proposals === null) return null;
  const ids = boxes.ids.filter((id) => images.has(id) && proposals.has(id));
  const clustering = sourceOf(run, step, "sub_classes");
  const subClasses = clustering && await readValue(
    run,
    { step: clustering.id, output: "sub_classes" },
    SubClassesValue,
  );
  const ref = { step: step.id, output: "rates" };
  const rates = await readValue(run, ref, FillingRatesValue);
  const ofIds = await readAll(boxes, ids);
  assertRated(ofIds, rates.length, step);
  return {
    ids,
    images,
    boxes: ofIds,
    proposals,
    rates,
    subClasses,
    step,
    proposing: sourceOf(run, step, "proposals"),
  };
}

/** Pictures that models were scored on. */
export interface ScoredPictures {
  /** Of which there is picture, boxes, truth and labels. */
  readonly ids: readonly string[];
  readonly images: TypedItems<RgbImage>;
  readonly boxes: TypedItems<BoxesValue>;
  readonly truth: TypedItems<LabelMap>;
  /** Of the main model. */
  readonly labels: TypedItems<LabelMap>;
  readonly main: ModelScores;
}

/**
 * The pictures that the run's main model was scored on; null when there are
 * none, or they are no longer there.
 *
 * @param leftOut What is not shown; grows, see {@link readShown}.
 * @throws {RangeError} When a folder of the run is gone.
 *
 * @example
 * ```ts
 * import { scoredPictures } from "./picture_sets.ts";
 * import { strictEqual } from "node:assert";
 *
 * const nothing = (): never => {
 *   throw new RangeError("no step");
 * };
 * const run = {
 *   record: { workflow: "empty", steps: [] },
 *   stepsOf: () => [],
 *   value: nothing,
 *   items: nothing,
 *   inputItems: nothing,
 * };
 * strictEqual(scoredPictures(run, []), null);
 * ```
 */
export function scoredPictures(
  run: FigureSource,
  models: readonly ModelScores[],
  leftOut: LeftOut = new LeftOut(),
): ScoredPictures | null {
  const id = mainModel(models)?.scores.id;
  const main = models.find(({ scores }) => scores.id === id);
  const step = main?.predictions;
  if (main === undefined || !step) return null;
  const boxes = readInputItems(run, { step, input: "boxes" }, BoxesValue);
  const labels = labelsRead(run, main.scores, "labels");
  if (boxes === null || labels === null) return null;
  const shown = { boxes, leftOut };
  const pictures = { step, input: "images", ...shown } as const;
  const images = readShown(run, PictureValue, pictures);
  const masks = { step: main.scores, input: "truth", ...shown } as const;
  const truth = readShown(run, LabelMapValue, masks);
  if (images === null || truth === null) return null;
  const ids = labels.ids.filter((id) =>
    [images, boxes, truth].every((items) => items.has(id))
  );
  return { ids, images, boxes, truth, labels, main };
}

/**
 * Label maps that a step read; null when they are no longer there.
 *
 * @throws {RangeError} When a folder of the run is gone.
 *
 * @example
 * ```ts
 * import { labelsRead } from "./picture_sets.ts";
 * import { strictEqual } from "node:assert";
 *
 * const step = {
 *   id: "a", name: "a", axes: {}, stage: "s", params: {}, seed: 1,
 *   origins: {}, outputs: {}, metrics: {},
 * };
 * const run = {
 *   inputItems(): never {
 *     throw new RangeError("no input");
 *   },
 * };
 * strictEqual(labelsRead(run, step, "truth"), null);
 * ```
 */
export function labelsRead(
  run: Pick<FigureSource, "inputItems">,
  step: FigureStep,
  input: string,
): TypedItems<LabelMap> | null {
  return readInputItems(run, { step, input }, LabelMapValue);
}

/** Stages that read pictures, not their files. */
const READERS = ["propose_segments", "draw_gallery", "predict_scores"];

/** The step that read pictures together with the same boxes. */
function readerBeside(
  run: FigureSource,
  { origins }: FigureStep,
): FigureStep | null {
  const boxes = JSON.stringify(origins.boxes);
  return READERS.flatMap((stage) => run.stepsOf(stage))
    .find((step) => JSON.stringify(step.origins.boxes) === boxes) ?? null;
}

/** A box without a rate would be of another data set than the rates. */
function assertRated(
  boxes: ReadonlyMap<string, BoxesValue>,
  classCount: number,
  { id: step }: FigureStep,
): void {
  for (const [id, picture] of boxes) {
    const odd = picture.boxes.find(({ classId }) => classId > classCount);
    if (odd === undefined) continue;
    throw new RangeError(
      `Cannot draw figures as output "rates" of step "${step}" must have the ` +
        `class of each box: picture "${id}" has a box of class ` +
        `${odd.classId} of ${classCount}`,
    );
  }
}

async function readAll<Item>(
  items: TypedItems<Item>,
  ids: readonly string[],
): Promise<Map<string, Item>> {
  const read = new Map<string, Item>();
  for (const id of ids) read.set(id, await items.read(id));
  return read;
}

/** Which box is on top of others, as the run's rectangle labels have it. */
const Overlap = z.enum(["smaller", "larger", "void"]).catch("smaller");

/**
 * The `overlap` of the run's rectangle labels; its default when it draws none.
 *
 * @example
 * ```ts
 * import { overlapOf } from "./picture_sets.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(overlapOf({ stepsOf: () => [] }), "smaller");
 * ```
 */
export function overlapOf(
  run: Pick<FigureSource, "stepsOf">,
): z.output<typeof Overlap> {
  const [step] = run.stepsOf("draw_rectangle_labels");
  return Overlap.parse(step?.params.overlap);
}
