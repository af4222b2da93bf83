/**
 * What a gallery shows of each picture, side by side.
 *
 * @module
 */
import * as z from "zod";
import { crfParams } from "../crf/crf_params.ts";
import { WSSL_BOX_CRF } from "../crf/dense_crf.ts";
import type { RgbImage } from "../image/image.ts";
import type { LabelMap } from "../label/label_map.ts";
import { titleOf } from "../report/ablation_variants.ts";
import { proposeSegments } from "../weak/propose_segments.ts";
import { rectangleLabels } from "../weak/rectangle_labels.ts";
import type { FigureSource, FigureStep } from "./figure_source.ts";
import type { ModelScores } from "./model_scores.ts";
import { labelsRead, overlapOf, type ScoredPictures } from "./picture_sets.ts";
import type { BoxesValue } from "./run_values.ts";
import { modelOfVariant, type ScoredModel, sourceOf } from "./scored_models.ts";

/** What labels are made from. */
export interface Picture {
  readonly id: string;
  readonly image: RgbImage;
  readonly boxes: BoxesValue["boxes"];
}

/** A column of a gallery. */
export interface Column {
  readonly heading: string;
  /** For the caption: what it is. */
  readonly about: string;
  /** Null where a picture has none. */
  labels(picture: Picture): Promise<LabelMap | null>;
}

/**
 * Truth, labels from boxes, and the models that the run has: the box model, the
 * main one, which is the CRF model where proposals taught it, the
 * semi-supervised one; each once.
 *
 * @param models All that were scored; see `readModelScores`.
 * @throws {RangeError} When the labels of a model are gone.
 *
 * @example
 * ```ts
 * import { galleryColumns } from "./gallery_columns.ts";
 * import { readModelScores } from "./model_scores.ts";
 * import { scoredPictures } from "./picture_sets.ts";
 * import type { FigureSource } from "./figure_source.ts";
 *
 * async function headingsOf(run: FigureSource): Promise<string[]> {
 *   const models = await readModelScores(run);
 *   const pictures = scoredPictures(run, models);
 *   return pictures === null
 *     ? []
 *     : galleryColumns(run, models, pictures).map(({ heading }) => heading);
 * }
 * ```
 */
export function galleryColumns(
  run: FigureSource,
  models: readonly ModelScores[],
  { truth, main }: ScoredPictures,
): Column[] {
  const propose = proposerOf(run, main);
  const overlap = overlapOf(run);
  const boxModel = modelOfVariant(models, "box_only") ??
    modelOfVariant(models, "rectangles");
  const semiModel = modelOfVariant(models, "semi");
  const shown = [
    { heading: "box model", model: boxModel },
    // The paper's word for one that proposals taught.
    {
      heading: proposingOf(run, main) ? "CRF model" : "main model",
      model: main === boxModel || main === semiModel ? null : main,
    },
    { heading: "semi model", model: semiModel },
  ];
  return [
    {
      heading: "truth",
      about: "the ground truth",
      labels: ({ id }) => truth.read(id),
    },
    {
      heading: "rectangles",
      about: "labels painted from the boxes for this figure",
      labels: ({ image, boxes }) =>
        Promise.resolve(rectangleLabels(boxes, image, { overlap }).labels),
    },
    ...propose,
    ...shown.flatMap((each) => modelColumn(run, each)),
  ];
}

function modelColumn(
  run: FigureSource,
  { heading, model }: { heading: string; model: ScoredModel | null },
): Column[] {
  const labels = model && labelsRead(run, model.scores, "labels");
  if (model === null || labels === null) return [];
  const refined = model.hasCrf ? " with CRF" : "";
  return [{
    heading,
    about: `${titleOf(model.variant)}${refined}`,
    labels: async ({ id }) => labels.has(id) ? await labels.read(id) : null,
  }];
}

/** Of `propose_segments`, what its function takes. */
const ProposalParams = z.object({
  ...crfParams(WSSL_BOX_CRF),
  labels: z.enum(["present", "all"]).default("present"),
  coreShare: z.number().optional(),
  coreProbability: z.number().optional(),
  ringProbability: z.number().optional(),
  resetOutsideBoxes: z.boolean().optional(),
});

/** The step whose proposals taught a model; null when something else did. */
function proposingOf(
  run: FigureSource,
  { training }: ScoredModel,
): FigureStep | null {
  const step = sourceOf(run, training, "labels");
  return step?.stage === "propose_segments" ? step : null;
}

/**
 * Proposals as the main model was taught with: runs make none of the pictures
 * that they score on. None when it was taught otherwise.
 */
function proposerOf(run: FigureSource, main: ModelScores): Column[] {
  const step = proposingOf(run, main);
  if (step === null) return [];
  const params = ProposalParams.safeParse(step.params);
  if (!params.success) return [];
  const {
    labels,
    coreShare,
    coreProbability,
    ringProbability,
    resetOutsideBoxes,
    ...crf
  } = params.data;
  const competing = labels === "all"
    ? main.value.classes.map((_, i) => i)
    : null;
  const core = Object.entries({
    coreShare,
    coreProbability,
    ringProbability,
    resetOutsideBoxes,
  }).filter(([, value]) => value !== undefined);
  const options = {
    crf,
    ...Object.fromEntries(core),
    ...(competing && { labels: competing }),
  };
  return [{
    heading: "proposal",
    about: `made for this figure with the params of step ${step.id}`,
    labels: ({ image, boxes }) => proposeSegments(image, boxes, options),
  }];
}
