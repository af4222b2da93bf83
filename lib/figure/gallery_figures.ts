/**
 * Figures 5 and 7 of [Song2019]: what models make of pictures, beside truth and
 * the labels that their boxes give.
 *
 * @module
 */
import { overlayLabels } from "../image/montage.ts";
import type { LabelMap } from "../label/label_map.ts";
import { VOC_PALETTE } from "../label/palette.ts";
import { scorePicture } from "../metric/picture_score.ts";
import { titleOf } from "../report/ablation_variants.ts";
import { percent } from "../report/markdown_table.ts";
import type { Figure } from "./figure.ts";
import type { FigureSource } from "./figure_source.ts";
import { type Column, galleryColumns } from "./gallery_columns.ts";
import type { ModelScores } from "./model_scores.ts";
import type { ScoredPictures } from "./picture_sets.ts";
import { sheetFigure, type SheetRow } from "./picture_sheet.ts";
import type { TypedItems } from "./run_data.ts";

/** Rows of each gallery. */
const PICTURES = 5;

const LOOK = { palette: VOC_PALETTE, opacity: 0.65 };

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
  const columns = galleryColumns(run, models, pictures);
  // No picture is in both.
  const half = Math.ceil(ranked.length / 2);
  const best = ranked.slice(0, half).slice(0, PICTURES);
  const worst = ranked.slice(half).slice(-PICTURES).reverse();
  const count = ranked.length;
  const galleries = [
    { which: "best", extreme: "highest", shown: best, count },
    { which: "worst", extreme: "lowest", shown: worst, count },
  ].filter(({ shown }) => shown.length > 0);
  return await Promise.all(
    galleries.map((each) => galleryOf(each, pictures, columns)),
  );
}

async function galleryOf(
  { which, extreme, shown, count }: {
    which: string;
    extreme: string;
    shown: readonly Ranked[];
    count: number;
  },
  pictures: ScoredPictures,
  columns: readonly Column[],
): Promise<Figure> {
  const rows = await Promise.all(
    shown.map((of) => rowOf(of, pictures, columns)),
  );
  const { main } = pictures;
  const { classes } = main.value;
  const model = `${titleOf(main.variant)}${main.hasCrf ? " with CRF" : ""}`;
  const labels = [...new Set(rows.flatMap((row) => row.labels))]
    .filter((label) => label > 0 && label < classes.length);
  return await sheetFigure({
    id: `gallery_${which}`,
    title: `The pictures that are labelled ${which}`,
    caption: `Figures 5 and 7 of the paper: of ${count} pictures the ` +
      `${shown.length} with the ${extreme} mean IoU by ${model}, seed ` +
      `${main.seed} (step ${main.scores.id}), over the classes in their truth ` +
      "or labels. " +
      columns.map(({ heading, about }) => `${heading}: ${about}`).join("; ") +
      ".",
    alt: "Pictures with truth and labels. " +
      shown.map((of) => `${of.id}: IoU ${percent(of.meanIou)} per cent`)
        .join("; ") +
      ".",
    columns: ["picture", ...columns.map(({ heading }) => heading)],
    rows: rows.map(({ row }) => row),
    legend: labels.toSorted((a, b) => a - b).map((label) => ({
      name: classes[label]!.className,
      colour: VOC_PALETTE[label]!,
    })),
    panelPx: 118,
  });
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
