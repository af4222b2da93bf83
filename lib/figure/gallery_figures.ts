/**
 * Figures 5 and 7 of [Song2019]: what models make of pictures, beside truth and
 * the labels that their boxes give.
 *
 * @module
 */
import * as z from "zod";
import { crfParams } from "../crf/crf_params.ts";
import { WSSL_BOX_CRF } from "../crf/dense_crf.ts";
import type { RgbImage } from "../image/image.ts";
import { overlayLabels } from "../image/montage.ts";
import type { LabelMap } from "../label/label_map.ts";
import { VOC_PALETTE } from "../label/palette.ts";
import { scorePicture } from "../page/picture_scores.ts";
import { titleOf } from "../report/ablation_variants.ts";
import { percent } from "../report/markdown_table.ts";
import { proposeSegments } from "../weak/propose_segments.ts";
import { rectangleLabels } from "../weak/rectangle_labels.ts";
import type { Figure } from "./figure.ts";
import type { FigureSource } from "./figure_source.ts";
import type { ModelScores } from "./model_scores.ts";
import { labelsRead, overlapOf, type ScoredPictures } from "./picture_sets.ts";
import { sheetFigure, type SheetRow } from "./picture_sheet.ts";
import type { TypedItems } from "./run_data.ts";
import type { BoxesValue } from "./run_values.ts";
import { modelOfVariant, sourceOf } from "./scored_models.ts";

/** Rows of each gallery. */
const PICTURES = 5;

const LOOK = { palette: VOC_PALETTE, opacity: 0.65 };

/** What labels are made from. */
interface Picture {
  readonly id: string;
  readonly image: RgbImage;
  readonly boxes: BoxesValue["boxes"];
}

/** A column of the gallery. */
interface Column {
  readonly heading: string;
  /** For the caption: what it is. */
  readonly about: string;
  /** Null where a picture has none. */
  labels(picture: Picture): Promise<LabelMap | null>;
}

/** A picture and its mean IoU under the main model, 0…1. */
interface Ranked {
  readonly id: string;
  readonly meanIou: number;
}

/**
 * The pictures that the main model labels best, and those it labels worst;
 * none when there are no pictures.
 *
 * @param models All that were scored; see `readModelScores`.
 * @throws {RangeError} When a picture, truth or labels are damaged.
 *
 * @example
 * ```ts
 * import { galleryFigures } from "./gallery_figures.ts";
 * import { readModelScores } from "./model_scores.ts";
 * import { scoredPictures } from "./picture_sets.ts";
 * import type { Figure } from "./figure.ts";
 * import type { FigureSource } from "./figure_source.ts";
 *
 * async function galleriesOf(run: FigureSource): Promise<Figure[]> {
 *   const models = await readModelScores(run);
 *   const pictures = scoredPictures(run, models);
 *   return pictures ? await galleryFigures(run, models, pictures) : [];
 * }
 * ```
 */
export async function galleryFigures(
  run: FigureSource,
  models: readonly ModelScores[],
  pictures: ScoredPictures,
): Promise<Figure[]> {
  const { main } = pictures;
  const ranked = await rankedPictures({
    ...pictures,
    classCount: main.value.classes.length,
  });
  const columns = columnsOf(run, models, pictures);
  // No picture is in both.
  const half = Math.ceil(ranked.length / 2);
  const best = ranked.slice(0, half).slice(0, PICTURES);
  const worst = ranked.slice(half).slice(-PICTURES).reverse();
  const galleries = [
    { which: "best", shown: best },
    { which: "worst", shown: worst },
  ].filter(({ shown }) => shown.length > 0);
  const { classes } = main.value;
  return await Promise.all(galleries.map(async ({ which, shown }) => {
    const rows = await Promise.all(
      shown.map((of) => rowOf(of, pictures, columns)),
    );
    const model = `${titleOf(main.variant)}${main.hasCrf ? " with CRF" : ""}`;
    return await sheetFigure({
      id: `gallery_${which}`,
      title: `The pictures that are labelled ${which}`,
      caption: `Figures 5 and 7 of the paper: of ${ranked.length} pictures ` +
        `the ${shown.length} with the ${
          which === "best" ? "highest" : "lowest"
        } mean IoU by ${model}, seed ${main.seed} (step ${main.scores.id}), ` +
        "over the classes in their truth or labels, whose IoU is given. " +
        columns.map(({ heading, about }) => `${heading}: ${about}`).join("; ") +
        ".",
      alt: `Pictures with truth and labels. ` +
        shown.map((of) => `${of.id}: IoU ${percent(of.meanIou)} per cent`)
          .join("; ") +
        ".",
      columns: ["picture", ...columns.map(({ heading }) => heading)],
      rows: rows.map(({ row }) => row),
      legend: [...new Set(rows.flatMap(({ labels }) => labels))]
        .filter((label) => label > 0 && label < classes.length)
        .toSorted((a, b) => a - b)
        .map((label) => ({
          name: classes[label]!.className,
          colour: VOC_PALETTE[label]!,
        })),
      panelPx: 118,
    });
  }));
}

/**
 * Pictures by their mean IoU, the best first, of equals by id; one without
 * anything to score is left out.
 *
 * @throws {RangeError} When truth or labels of one are damaged.
 *
 * @example
 * ```ts
 * import { rankedPictures } from "./gallery_figures.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const map = { width: 1, height: 1, data: Uint8Array.of(1) };
 * const items = {
 *   ids: ["a"], has: () => true, read: () => Promise.resolve(map),
 * };
 * const pictures = { ids: ["a"], truth: items, labels: items, classCount: 2 };
 * const ranked = await rankedPictures(pictures);
 * deepStrictEqual(ranked, [{ id: "a", meanIou: 1 }]);
 * ```
 */
export async function rankedPictures(
  { ids, truth, labels, classCount }: {
    readonly ids: readonly string[];
    readonly truth: TypedItems<LabelMap>;
    readonly labels: TypedItems<LabelMap>;
    readonly classCount: number;
  },
): Promise<Ranked[]> {
  const ranked: Ranked[] = [];
  for (const imageId of ids) {
    const { meanIou } = scorePicture({
      imageId,
      truth: await truth.read(imageId),
      prediction: await labels.read(imageId),
    }, classCount);
    if (meanIou !== null) ranked.push({ id: imageId, meanIou });
  }
  return ranked.toSorted((a, b) => b.meanIou - a.meanIou);
}

async function rowOf(
  { id, meanIou }: Ranked,
  { images, boxes: ofPictures }: ScoredPictures,
  columns: readonly Column[],
): Promise<{ row: SheetRow; labels: number[] }> {
  const image = await images.read(id);
  const { boxes } = await ofPictures.read(id);
  const maps = await Promise.all(
    columns.map((column) => column.labels({ id, image, boxes })),
  );
  const outlines = boxes.map((box) => ({
    box,
    colour: VOC_PALETTE[box.classId]!,
  }));
  return {
    row: {
      title: `${id} · IoU ${percent(meanIou)} %`,
      panels: [
        { image, outlines },
        ...maps.map((map) =>
          map === null ? null : { image: overlayLabels(image, map, LOOK) }
        ),
      ],
    },
    labels: maps.flatMap((map) => [...new Set(map?.data)]),
  };
}

/** Truth, labels from boxes, and the models that the run has. */
function columnsOf(
  run: FigureSource,
  models: readonly ModelScores[],
  { truth, main }: ScoredPictures,
): Column[] {
  const propose = proposerOf(run, main);
  const overlap = overlapOf(run);
  const shown = [
    { heading: "box model", variants: ["box_only", "rectangles"] },
    { heading: "CRF model", variants: [main.variant] },
    { heading: "semi model", variants: ["semi"] },
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
    ...shown.flatMap((each) => modelColumn(run, models, each)),
  ];
}

function modelColumn(
  run: FigureSource,
  models: readonly ModelScores[],
  { heading, variants }: { heading: string; variants: readonly string[] },
): Column[] {
  const model = variants.map((name) => modelOfVariant(models, name))
    .find((found) => found !== null);
  const labels = model ? labelsRead(run, model.scores, "labels") : null;
  if (!model || labels === null) return [];
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
  coreShare: z.number().optional(),
  coreProbability: z.number().optional(),
  ringProbability: z.number().optional(),
  resetOutsideBoxes: z.boolean().optional(),
});

/**
 * Proposals as the main model was taught with: runs make none of the pictures
 * that they score on. None when it was taught otherwise.
 */
function proposerOf(run: FigureSource, { training }: ModelScores): Column[] {
  const step = sourceOf(run, training, "labels");
  if (step?.stage !== "propose_segments") return [];
  const params = ProposalParams.safeParse(step.params);
  if (!params.success) return [];
  const {
    coreShare,
    coreProbability,
    ringProbability,
    resetOutsideBoxes,
    ...crf
  } = params.data;
  const core = Object.entries({
    coreShare,
    coreProbability,
    ringProbability,
    resetOutsideBoxes,
  }).filter(([, value]) => value !== undefined);
  const options = { crf, ...Object.fromEntries(core) };
  return [{
    heading: "proposal",
    about: `made for this figure with the params of step ${step.id}`,
    labels: ({ image, boxes }) => proposeSegments(image, boxes, options),
  }];
}
