/**
 * Figure 1 of [Song2019]: the score map of a class, what one filling rate for
 * all classes would keep of it, and what the class's own keeps.
 *
 * @module
 */
import type { Box } from "../geometry/box.ts";
import type { RgbImage } from "../image/image.ts";
import type { LabelMap } from "../label/label_map.ts";
import { type Rgb, VOC_PALETTE } from "../label/palette.ts";
import { ignoredBy } from "../metric/filling_rate_readings.ts";
import { cellLogProbabilities } from "../predict/probabilities.ts";
import {
  gridOf,
  pixelsUnderCells,
  type ScoreMap,
} from "../predict/score_map.ts";
import { upsampledScores } from "../predict/upsample.ts";
import { percent } from "../report/markdown_table.ts";
import { PRINTED_IN_TEXT } from "../report/paper_printed.ts";
import { cellBoxes, cellLabels } from "../train/cell_grid.ts";
import type { FillingRates } from "../train/filling_rate_selection.ts";
import type { Figure } from "./figure.ts";
import type { FigureSource, FigureStep } from "./figure_source.ts";
import { chosenOver, HEAT_LEGEND, heatOver } from "./heat.ts";
import type { LabelledPictures } from "./picture_sets.ts";
import { type Panel, sheetFigure, type SheetRow } from "./picture_sheet.ts";
import { readItems, type TypedItems } from "./run_data.ts";
import { type BoxesValue, ScoreMapValue } from "./run_values.ts";
import { sourceOf } from "./scored_models.ts";
import { bestOfClass } from "./telling_pictures.ts";

/** The same share for all classes, as in the paper. */
const GLOBAL = PRINTED_IN_TEXT.globalFillingRate;

/** Left out of the loss: no class of VOC's has this colour. */
const LEFT_OUT: Rgb = [255, 255, 255];

/**
 * For the least, a middling and the most filled class: a picture, the class's
 * score map, and what is kept of it; null when the network that the readings
 * were tested with, or another, has not scored these pictures.
 *
 * @throws {RangeError} When a picture, a proposal or scores are damaged.
 *
 * @example
 * ```ts
 * import { scoreMapFigure } from "./score_map_figure.ts";
 * import { strictEqual } from "node:assert";
 *
 * const items = { ids: [], has: () => false, read: () => Promise.reject() };
 * const step = {
 *   id: "a", name: "a", axes: {}, stage: "s", params: {}, seed: 1,
 *   origins: {}, outputs: {}, metrics: {},
 * };
 * const pictures = {
 *   ids: [], images: items, boxes: new Map(), proposals: items, rates: [],
 *   subClasses: null, step, proposing: null,
 * };
 * const record = { workflow: "w", steps: [] };
 * const run = { record, stepsOf: () => [], items: () => items };
 * strictEqual(await scoreMapFigure(run, pictures), null);
 * ```
 */
export async function scoreMapFigure(
  run: Pick<FigureSource, "record" | "stepsOf" | "items">,
  pictures: LabelledPictures,
): Promise<Figure | null> {
  const scoring = scoringOf(run, pictures);
  if (scoring === null) return null;
  const { step, scores } = scoring;
  const scored = new Map(
    [...pictures.boxes].filter(([id]) => scores.has(id)),
  );
  const rows: (SheetRow & { told: string })[] = [];
  for (const classId of tellingClasses(pictures, scored)) {
    const { id } = bestOfClass(scored, classId)!;
    const { className, fillingRate } = pictures.rates[classId - 1]!;
    const panels = panelsOf(classId, {
      image: await pictures.images.read(id),
      proposal: await pictures.proposals.read(id),
      scores: await scores.read(id),
      boxes: scored.get(id)!.boxes,
      rates: pictures.rates.map((of) => of.fillingRate),
    });
    const told = `${className}, filling rate ${percent(fillingRate)} %`;
    rows.push({ title: `${told} · ${id}`, panels, told });
  }
  if (rows.length === 0) return null;
  return await sheetFigure({
    id: "score_maps",
    title: "What filling rates keep of score maps",
    caption: "Figure 1 of the paper: the probability of a class (step " +
      `${step.id}); in its boxes the cells that the network is surest of, ` +
      `${100 * GLOBAL} % of them for every class and as many as the class's ` +
      "filling rate says; and what the filling-rate loss makes of the " +
      "proposal: white is labelled with the class and left out. Shown are the " +
      "least, a middling and the most filled of the classes with a large box.",
    alt: `Pictures, score maps and kept cells. ` +
      rows.map(({ told }) => told).join("; ") + ".",
    columns: [
      "boxes of the class",
      "its probability",
      `top ${100 * GLOBAL} %`,
      "top by filling rate",
      "proposal, left out white",
    ],
    rows,
    legend: HEAT_LEGEND.map(({ name, colour }) => ({
      name: `p = ${name}`,
      colour,
    })),
    panelPx: 150,
  });
}

/** What scored pictures that filling rates are of: of the readings, if any. */
function scoringOf(
  run: Pick<FigureSource, "record" | "stepsOf" | "items">,
  { ids }: LabelledPictures,
): { step: FigureStep; scores: TypedItems<ScoreMap> } | null {
  const tested = run.stepsOf("test_filling_rate_readings")
    .map((step) => sourceOf(run, step, "scores")?.id);
  const steps = run.stepsOf("predict_scores");
  const first = steps.filter(({ id }) => tested.includes(id));
  for (const step of [...first, ...steps]) {
    const ref = { step: step.id, output: "scores" };
    const scores = readItems(run, ref, ScoreMapValue);
    if (ids.some((id) => scores.has(id))) return { step, scores };
  }
  return null;
}

/** Of a picture; in smaller boxes there are few cells to see. */
const LEAST_SHARE = 0.08;

/** Of the classes with a large box: the least, the middle, the most filled. */
function tellingClasses(
  { rates }: LabelledPictures,
  boxes: ReadonlyMap<string, BoxesValue>,
): number[] {
  const known = rates.flatMap(({ fillingRate }, k) => {
    const best = bestOfClass(boxes, k + 1);
    return fillingRate === null || best === null
      ? []
      : [{ classId: k + 1, fillingRate, share: best.share }];
  });
  const large = known.filter(({ share }) => share >= LEAST_SHARE);
  const ranked = (large.length > 0 ? large : known)
    .toSorted((a, b) => a.fillingRate - b.fillingRate)
    .map(({ classId }) => classId);
  const middle = ranked[Math.floor((ranked.length - 1) / 2)];
  return [...new Set([ranked[0], middle, ranked.at(-1)])]
    .filter((id) => id !== undefined);
}

/** A picture and all that is known of it. */
interface Scene {
  readonly image: RgbImage;
  readonly proposal: LabelMap;
  readonly scores: ScoreMap;
  readonly boxes: readonly Box[];
  /** `[K]`. */
  readonly rates: readonly (number | null)[];
}

function panelsOf(classId: number, scene: Scene): Panel[] {
  const { image, scores, boxes } = scene;
  const colour = VOC_PALETTE[classId]!;
  const outlines = boxes.filter((box) => box.classId === classId)
    .map((box) => ({ box, colour }));
  const global: FillingRates = { kind: "global", rate: GLOBAL };
  const own: FillingRates = { kind: "class", rates: scene.rates };
  const cells = cellsOfScene(scene);
  const top = (rates: FillingRates) => {
    const { kept } = splitBy(rates, { classId, cells, labels: cells.boxed });
    return chosenOver(image, atPixels(kept, scores), colour);
  };
  const learnt = { classId, cells, labels: cells.proposed };
  const { kept, leftOut } = splitBy(own, learnt);
  const labelled = chosenOver(image, atPixels(kept, scores), colour);
  return [
    { image, outlines },
    { image: heatOver(image, probabilityOf(classId, scene)), outlines },
    { image: top(global), outlines },
    { image: top(own), outlines },
    { image: painted(labelled, atPixels(leftOut, scores)), outlines },
  ];
}

/** The cells of a picture: what is labelled, what is in boxes, how sure. */
interface SceneCells {
  /** `[P]`: of the proposal. */
  readonly proposed: Int32Array;
  /** `[P]`: class of the box on top, as rectangle labels have it. */
  readonly boxed: Int32Array;
  readonly boxIndices: Int32Array;
  readonly boxes: readonly Box[];
  readonly scores: Float32Array;
  readonly logProbabilities: Float32Array;
}

function cellsOfScene({ proposal, scores, boxes }: Scene): SceneCells {
  const grid = pixelsUnderCells(scores);
  const boxIndices = cellBoxes(grid, boxes);
  return {
    proposed: cellLabels(grid, proposal),
    boxed: boxIndices.map((index) => index < 0 ? 0 : boxes[index]!.classId),
    boxIndices,
    boxes,
    scores: scores.data,
    logProbabilities: cellLogProbabilities(scores),
  };
}

/** Cells labelled with a class, by whether the loss keeps them; `[P]`, 0 or 1. */
function splitBy(
  rates: FillingRates,
  { classId, cells: { proposed: _, boxed: __, ...cells }, labels }: {
    classId: number;
    cells: SceneCells;
    labels: Int32Array;
  },
): { kept: Uint8Array; leftOut: Uint8Array } {
  const reading = {
    ...{ name: "figure", title: "figure", options: { rates } },
    ...{ rank: "prob" as const, subClassSet: null },
  };
  const { ignored } = ignoredBy(reading, {
    ...cells,
    labels,
    subClassSets: {},
  });
  const chosen = (isWanted: (p: number) => boolean) =>
    Uint8Array.from(
      labels,
      (label, p) => label === classId && isWanted(p) ? 1 : 0,
    );
  return {
    kept: chosen((p) => ignored[p] === 0),
    leftOut: chosen((p) => ignored[p] === 1),
  };
}

/** float32 `[H, W]`, 0…1. */
function probabilityOf(classId: number, { scores }: Scene): Float32Array {
  const logs = cellLogProbabilities(scores);
  const { columns, rows } = gridOf(scores);
  const size = columns * rows;
  const data = logs.subarray(classId * size, (classId + 1) * size)
    .map(Math.exp);
  return upsampledScores({ ...scores, classCount: 1, data }).data;
}

/** What is at the nearest cell in the picture of each pixel, `[H, W]`. */
function atPixels(cells: Uint8Array, map: ScoreMap): Uint8Array {
  const { width, height, outputStride } = map;
  const { columns } = gridOf(map);
  const nearest = (px: number, length: number) =>
    Math.min(
      Math.round(px / outputStride),
      Math.floor((length - 1) / outputStride),
    );
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = columns * nearest(y, height);
    for (let x = 0; x < width; x++) {
      pixels[y * width + x] = cells[row + nearest(x, width)]!;
    }
  }
  return pixels;
}

/** The picture with flat white where `chosen` is 1. */
function painted(image: RgbImage, chosen: Uint8Array): RgbImage {
  const data = image.data.slice();
  chosen.forEach((one, p) => {
    if (one === 1) data.set(LEFT_OUT, 3 * p);
  });
  return { ...image, data };
}
