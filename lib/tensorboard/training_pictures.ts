/**
 * Pictures of what a training learnt: what its network says of some pictures,
 * and where its attention maps are open.
 *
 * @module
 */
import type { LabelPlanes } from "../crf/label_planes.ts";
import type { FigureSource, FigureStep } from "../figure/figure_source.ts";
import { readInputItems, readItems, readValue } from "../figure/run_data.ts";
import {
  ClassNamesValue,
  LabelMapValue,
  PictureValue,
  ScoreMapValue,
} from "../figure/run_values.ts";
import { sourceOf } from "../figure/scored_models.ts";
import type { RgbImage } from "../image/image.ts";
import { montage, overlayLabels } from "../image/montage.ts";
import { encodeRgbPng } from "../image/rgb_png.ts";
import type { LabelMap } from "../label/label_map.ts";
import { VOC_PALETTE } from "../label/palette.ts";
import { upsampledScores } from "../predict/upsample.ts";
import type { Tag, TaggedPicture } from "./event_record.ts";

/** Of each training. */
const PICTURES = 4;
const LOOK = { palette: VOC_PALETTE, opacity: 0.65 };
const GRID = { gapPx: 2, background: [255, 255, 255] } as const;

/**
 * Some pictures that the network of a training has predicted, at even distances
 * over all of them: beside each its labels, and the ground truth where it was
 * scored; and of a network with attention, for each class that is predicted in
 * it, the picture under its map, white where it is open.
 *
 * @param training Id of its step.
 * @returns None when the run predicts nothing with it.
 * @throws {RangeError} When an output of the run is gone or damaged.
 *
 * @example
 * ```ts
 * import { trainingPictures } from "./training_pictures.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const none = (): never => {
 *   throw new Error("not asked for");
 * };
 * const run = {
 *   record: { workflow: "w", steps: [] }, stepsOf: () => [],
 *   value: none, items: none, inputItems: none,
 * };
 * deepStrictEqual(await trainingPictures(run, "tuned"), []);
 * ```
 */
export async function trainingPictures(
  run: FigureSource,
  training: string,
): Promise<TaggedPicture[]> {
  const labelling = run.stepsOf("label_from_scores").find((step) =>
    isOfTraining(run, sourceOf(run, step, "scores"), training)
  );
  if (labelling === undefined) return [];
  const predicting = sourceOf(run, labelling, "scores")!;
  const images = readInputItems(
    run,
    { step: predicting, input: "images" },
    PictureValue,
  );
  if (images === null) return [];
  const labels = readItems(
    run,
    { step: labelling.id, output: "labels" },
    LabelMapValue,
  );
  const truths = truthsOf(run, labelling);
  const attention = attentionOf(run, training);
  const classNames = await classNamesOf(run, training);
  const pictures: TaggedPicture[] = [];
  for (const id of spread(labels.ids)) {
    const image = await images.read(id);
    const predicted = await labels.read(id);
    const truth = truths?.has(id) ? await truths.read(id) : null;
    pictures.push(predictionPicture(id, image, { predicted, truth }));
    if (!attention?.has(id)) continue;
    const planes = upsampledScores(await attention.read(id));
    pictures.push(
      ...attentionPicture(id, image, { planes, predicted, classNames }),
    );
  }
  return pictures;
}

function isOfTraining(
  run: FigureSource,
  step: FigureStep | null,
  training: string,
): boolean {
  return sourceOf(run, step, "weights")?.id === training;
}

function truthsOf(run: FigureSource, labelling: FigureStep) {
  const scoring = run.stepsOf("score_labels").find((step) =>
    sourceOf(run, step, "labels")?.id === labelling.id
  );
  if (scoring === undefined) return null;
  return readInputItems(run, { step: scoring, input: "truth" }, LabelMapValue);
}

function attentionOf(run: FigureSource, training: string) {
  const step = run.stepsOf("predict_attention").find((step) =>
    isOfTraining(run, step, training)
  );
  if (step === undefined) return null;
  return readItems(run, { step: step.id, output: "maps" }, ScoreMapValue);
}

/** Empty when they came from a file of the user's. */
async function classNamesOf(
  run: FigureSource,
  training: string,
): Promise<readonly string[]> {
  const step = run.record.steps.find(({ id }) => id === training) ?? null;
  const [origin] = step?.origins.classes ?? [];
  if (origin?.from !== "step") return [];
  return await readValue(run, origin, ClassNamesValue);
}

function predictionPicture(
  id: string,
  image: RgbImage,
  { predicted, truth }: {
    readonly predicted: LabelMap;
    readonly truth: LabelMap | null;
  },
): TaggedPicture {
  const labels = truth === null ? [predicted] : [truth, predicted];
  const cells = labels.map((map) => overlayLabels(image, map, LOOK));
  const what = truth === null ? "" : "ground truth, ";
  return tagged([image, ...cells], {
    name: `pictures/prediction/${id}`,
    description: `From the left: picture, ${what}what the network says`,
  });
}

/** None of a picture in which nothing is predicted. */
function attentionPicture(
  id: string,
  image: RgbImage,
  { planes, predicted, classNames }: {
    readonly planes: LabelPlanes;
    readonly predicted: LabelMap;
    readonly classNames: readonly string[];
  },
): TaggedPicture[] {
  const isOneForAll = planes.labelCount === 1;
  const labels = isOneForAll ? [0] : labelsIn(predicted, planes.labelCount);
  if (labels.length === 0) return [];
  const cells = labels.map((label) => lit(image, planes, label));
  const nameOf = (label: number) => classNames[label - 1] ?? `class ${label}`;
  const of = isOneForAll ? "all classes" : labels.map(nameOf).join(", ");
  return [tagged([image, ...cells], {
    name: `pictures/attention/${id}`,
    description: `From the left: picture, then it under the attention of ` +
      `${of}: white where it is 1`,
  })];
}

/** Classes in a label map, in order. */
function labelsIn({ data }: LabelMap, count: number): number[] {
  const found = new Set(data);
  const classes = Array.from({ length: count - 1 }, (_, i) => i + 1);
  return classes.filter((label) => found.has(label));
}

/** Of the picture under a map: enough to see what is where. */
const PICTURE_SHARE = 0.35;

/** The picture, faint, under the attention as white. */
function lit(
  { width, height, data }: RgbImage,
  planes: LabelPlanes,
  label: number,
): RgbImage {
  const size = width * height;
  const attention = planes.data.subarray(label * size, (label + 1) * size);
  const lit = data.map((level, i) => {
    const white = 255 * attention[Math.floor(i / 3)]!;
    return Math.round(PICTURE_SHARE * level + (1 - PICTURE_SHARE) * white);
  });
  return { width, height, data: lit };
}

function tagged(row: readonly RgbImage[], tag: Tag): TaggedPicture {
  const image = montage([row], GRID);
  const { width, height } = image;
  return { tag, width, height, png: encodeRgbPng(image) };
}

/** Ids at even distances; all when there are few. */
function spread(ids: readonly string[]): string[] {
  const wanted = Math.min(PICTURES, ids.length);
  return Array.from(
    { length: wanted },
    (_, i) => ids[Math.floor((i + 0.5) * ids.length / wanted)]!,
  );
}
