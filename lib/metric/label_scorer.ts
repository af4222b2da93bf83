/**
 * All scores of a set of label maps against ground truth, gathered image by
 * image.
 *
 * @module
 */
import { BACKGROUND } from "../dataset/classes.ts";
import type { LabelMap } from "../label/label_map.ts";
import {
  addBoundaryCounts,
  type BoundaryCounts,
  boundaryIous,
  countBoundaries,
  emptyBoundaryCounts,
} from "./boundary_iou.ts";
import {
  addConfusion,
  type ConfusionMatrix,
  countConfusion,
  emptyConfusion,
} from "./confusion_matrix.ts";
import { meanIouOver, meanOfPresent, segmentationScores } from "./mean_iou.ts";
import { countTrimapConfusions } from "./trimap.ts";

/** Scores of one class, 0…1; null where there is nothing to score. */
export interface LabelClassScores {
  readonly className: string;
  readonly iou: number | null;
  readonly boundaryIou: number | null;
  readonly precision: number | null;
  readonly recall: number | null;
}

/** Scores of a set, 0…1; null where there is nothing to score. */
export interface LabelScores {
  readonly imageCount: number;
  readonly meanIou: number | null;
  /** Over the classes asked for; null when none were. */
  readonly headlineMeanIou: number | null;
  readonly headlineClasses: readonly string[];
  readonly pixelAccuracy: number | null;
  readonly meanClassAccuracy: number | null;
  readonly frequencyWeightedIou: number | null;
  readonly foregroundPrecision: number | null;
  readonly foregroundRecall: number | null;
  readonly meanBoundaryIou: number | null;
  /** C = K + 1 entries, background first. */
  readonly classes: readonly LabelClassScores[];
  readonly trimap: readonly {
    readonly widthPx: number;
    readonly meanIou: number | null;
  }[];
  /** `[C][C]`, whole counts; rows truth, columns prediction. */
  readonly confusion: readonly (readonly number[])[];
}

/** What to score. */
export interface LabelScorerOptions {
  /** K names in the order of their ids; background is not among them. */
  readonly classNames: readonly string[];
  /** Of the trimap, px; default none. */
  readonly trimapWidthsPx?: readonly number[];
  /** Classes of the headline mean, `background` allowed; default none. */
  readonly headlineClasses?: readonly string[];
}

/**
 * Adds up counts image by image, so that a set of any size needs little memory.
 *
 * Mean IoU follows VOC's comp6: counts over the whole set, then one ratio for
 * each class [VOCdevkit]; docs/method.md, Scores.
 *
 * @example
 * ```ts
 * import { LabelScorer } from "./label_scorer.ts";
 * import { strictEqual } from "node:assert";
 *
 * const truth = { width: 2, height: 1, data: Uint8Array.of(0, 1) };
 * const scorer = new LabelScorer({ classNames: ["cat"] });
 * scorer.add("a", { truth, prediction: truth });
 * strictEqual(scorer.scores().meanIou, 1);
 * ```
 */
export class LabelScorer {
  readonly #names: readonly string[];
  readonly #widthsPx: readonly number[];
  readonly #headline: readonly string[];
  readonly #headlineLabels: readonly number[];
  readonly #confusion: ConfusionMatrix;
  readonly #boundaries: BoundaryCounts;
  readonly #trimaps: readonly ConfusionMatrix[];
  #imageCount = 0;

  /** @throws {RangeError} When a headline class is not one of the classes. */
  constructor(options: LabelScorerOptions) {
    this.#names = [BACKGROUND, ...options.classNames];
    this.#widthsPx = options.trimapWidthsPx ?? [];
    this.#headline = options.headlineClasses ?? [];
    this.#headlineLabels = this.#headline.map((name) => this.#labelOf(name));
    this.#confusion = emptyConfusion(this.#names.length);
    this.#boundaries = emptyBoundaryCounts(this.#names.length);
    this.#trimaps = this.#widthsPx.map(() =>
      emptyConfusion(this.#names.length)
    );
  }

  /**
   * Counts one image.
   *
   * @throws {RangeError} Naming the image, when sizes differ, the prediction
   *   holds void, or a label is not one of the classes.
   */
  add(
    imageId: string,
    maps: { readonly truth: LabelMap; readonly prediction: LabelMap },
  ): void {
    const pair = { imageId, ...maps };
    const classCount = this.#names.length;
    addConfusion(this.#confusion, countConfusion(pair, classCount));
    addBoundaryCounts(this.#boundaries, countBoundaries(pair, classCount));
    const widthsPx = this.#widthsPx;
    countTrimapConfusions(pair, { classCount, widthsPx })
      .forEach((part, i) => addConfusion(this.#trimaps[i]!, part));
    this.#imageCount++;
  }

  /** Scores of all images added so far. */
  scores(): LabelScores {
    const { classes, ...overall } = segmentationScores(this.#confusion);
    const boundary = boundaryIous(this.#boundaries);
    return {
      imageCount: this.#imageCount,
      ...overall,
      headlineMeanIou: this.#headlineLabels.length === 0
        ? null
        : meanIouOver({ classes, ...overall }, this.#headlineLabels),
      headlineClasses: this.#headline,
      meanBoundaryIou: meanOfPresent(boundary),
      classes: classes.map((scores, c) => ({
        className: this.#names[c]!,
        boundaryIou: boundary[c]!,
        ...scores,
      })),
      trimap: this.#widthsPx.map((widthPx, i) => ({
        widthPx,
        meanIou: segmentationScores(this.#trimaps[i]!).meanIou,
      })),
      confusion: rowsOf(this.#confusion),
    };
  }

  #labelOf(name: string): number {
    const label = this.#names.indexOf(name);
    if (label >= 0) return label;
    throw new RangeError(
      `Cannot average over class "${name}" as it must be one of ` +
        `${this.#names.join(", ")}: it is not`,
    );
  }
}

function rowsOf({ classCount, counts }: ConfusionMatrix): number[][] {
  return Array.from(
    { length: classCount },
    (_, row) => [...counts.subarray(row * classCount, (row + 1) * classCount)],
  );
}
