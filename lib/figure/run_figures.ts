/**
 * All figures of a run: those of the paper, and those that say how a training
 * went.
 *
 * @module
 */
import { attentionFigure } from "./attention_figure.ts";
import { boxLabelFigure } from "./box_label_figure.ts";
import { classIouFigure } from "./class_iou_figure.ts";
import { confusionFigure } from "./confusion_figure.ts";
import type { Figure } from "./figure.ts";
import type { FigureSource } from "./figure_source.ts";
import { fillingRateFigure } from "./filling_rate_figure.ts";
import { galleryFigures } from "./gallery_figures.ts";
import { learningRateFigure } from "./learning_rate_figure.ts";
import { LeftOut, MoreLeftOutError } from "./left_out.ts";
import { measureOf, readModelScores } from "./model_scores.ts";
import { paperTableFigures } from "./paper_table_figures.ts";
import { labelledPictures, overlapOf, scoredPictures } from "./picture_sets.ts";
import { readingsFigure } from "./readings_figure.ts";
import { scoreMapFigure } from "./score_map_figure.ts";
import { subClassFigure } from "./sub_class_figure.ts";
import { trainingCurves } from "./training_curves.ts";
import {
  ignoredFigure,
  lossFigure,
  maskLossFigure,
} from "./training_figures.ts";
import { trimapFigure } from "./trimap_figure.ts";

export type { FigureSource } from "./figure_source.ts";

/** What several figures are drawn from, read when the first asks for it. */
interface RunData {
  readonly run: FigureSource;
  readonly models: () => ReturnType<typeof readModelScores>;
  readonly labelled: () => ReturnType<typeof labelledPictures>;
  readonly curves: () => ReturnType<typeof trainingCurves>;
  readonly leftOut: LeftOut;
}

/** One step of drawing: the figures that it may give, and how. */
interface Drawing {
  readonly ids: readonly string[];
  draw(data: RunData): Promise<readonly (Figure | null)[]>;
}

/** In the order in which figures are shown. */
const DRAWINGS: readonly Drawing[] = [
  {
    ids: ["table_1", "table_2", "table_3"],
    async draw({ run, models }) {
      const all = await models();
      return await paperTableFigures(all, measureOf(run, all));
    },
  },
  {
    ids: ["table_4"],
    draw: async ({ models }) => [await classIouFigure(await models())],
  },
  {
    ids: ["score_maps"],
    async draw({ run, labelled }) {
      const pictures = await labelled();
      return [pictures && await scoreMapFigure(run, pictures)];
    },
  },
  {
    ids: ["box_labels"],
    async draw({ run, labelled }) {
      const pictures = await labelled();
      return [pictures && await boxLabelFigure(pictures, overlapOf(run))];
    },
  },
  {
    ids: ["sub_classes"],
    async draw({ labelled }) {
      const pictures = await labelled();
      return [pictures && await subClassFigure(pictures)];
    },
  },
  {
    ids: ["attention_maps"],
    draw: async ({ run, leftOut }) => [await attentionFigure(run, leftOut)],
  },
  {
    ids: ["gallery_best", "gallery_worst"],
    async draw({ run, models, leftOut }) {
      const all = await models();
      const pictures = scoredPictures(run, all, leftOut);
      return pictures === null ? [] : await galleryFigures(run, all, pictures);
    },
  },
  {
    ids: ["filling_rates"],
    draw: async ({ run }) => [await fillingRateFigure(run)],
  },
  {
    ids: ["confusion"],
    draw: async ({ models }) => [await confusionFigure(await models())],
  },
  {
    ids: ["trimap"],
    draw: async ({ models }) => [await trimapFigure(await models())],
  },
  {
    ids: ["training_loss"],
    draw: async ({ curves }) => [await lossFigure(await curves())],
  },
  {
    ids: ["mask_loss"],
    draw: async ({ curves }) => [await maskLossFigure(await curves())],
  },
  {
    ids: ["learning_rate"],
    draw: async ({ curves }) => [await learningRateFigure(await curves())],
  },
  {
    ids: ["ignored_share"],
    draw: async ({ curves }) => [await ignoredFigure(await curves())],
  },
  {
    ids: ["ignored_wrong"],
    draw: async ({ run }) => [await readingsFigure(run)],
  },
];

/** The ids of all figures that a run may have, in the order they come in. */
export const FIGURE_IDS: readonly string[] = DRAWINGS.flatMap(({ ids }) => ids);

/**
 * The figures that a run has the data for, in the order of {@link FIGURE_IDS},
 * each drawn when it is asked for. Equal runs give equal figures.
 *
 * @param only The ids of those to draw; left out: all.
 * @param leftOut Pictures of the user's that are not shown, which grows by those
 *   that cannot be read.
 * @throws {RangeError} Naming step and output, when one is damaged.
 *
 * @example
 * ```ts
 * import { runFigures } from "./run_figures.ts";
 * import { deepStrictEqual } from "node:assert";
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
 * deepStrictEqual(await Array.fromAsync(runFigures(run)), []);
 * ```
 */
export async function* runFigures(
  run: FigureSource,
  only: readonly string[] = FIGURE_IDS,
  leftOut: LeftOut = new LeftOut(),
): AsyncGenerator<Figure> {
  const data = {
    run,
    models: once(() => readModelScores(run)),
    curves: once(() => trainingCurves(run)),
    leftOut,
  };
  let labelled = once(() => labelledPictures(run, leftOut));
  for (const { ids, draw } of DRAWINGS) {
    if (!ids.some((id) => only.includes(id))) continue;
    let drawn = await unlessMoreLeftOut(draw({ ...data, labelled }));
    // Once for each folder of the user's at most.
    while (drawn === null) {
      labelled = once(() => labelledPictures(run, leftOut));
      drawn = await unlessMoreLeftOut(draw({ ...data, labelled }));
    }
    for (const figure of drawn) {
      if (figure !== null && only.includes(figure.id)) yield figure;
    }
  }
}

/** Null when others must be chosen. */
async function unlessMoreLeftOut<T>(drawing: Promise<T>): Promise<T | null> {
  try {
    return await drawing;
  } catch (error) {
    if (error instanceof MoreLeftOutError) return null;
    throw error;
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => made ??= make();
}
