/**
 * Mean IoUs that [Song2019] prints, to be shown beside ours.
 *
 * @module
 */

/** A printed figure. */
export interface PaperFigure {
  /** 0…1. */
  readonly meanIou: number;
  /** Whether the paper quotes it from another work, and has not run it. */
  readonly isQuoted: boolean;
}

/** The networks of the paper: VGG-16 in Tables 1 and 2, the other in Table 3. */
export type PaperNetwork = "vgg16" | "resnet101";

function own(percent: number): PaperFigure {
  return { meanIou: percent / 100, isQuoted: false };
}

function quoted(percent: number): PaperFigure {
  return { meanIou: percent / 100, isQuoted: true };
}

/** Of Table 1; those of Table 2 say so. */
const VGG16: Readonly<Record<string, PaperFigure>> = {
  "rectangles": quoted(52.5), // Table 2, WSSL from boxes
  "box_only": own(54.9), // Table 2
  "baseline": quoted(60.6), // of WSSL, from CRF proposals
  "cm": own(63.4),
  "bgm": own(64.9),
  "bcm": own(65.6),
  "global": own(64.1),
  "fr": own(65.8),
  "fr_refine": own(66.3),
  "bcm_fr_refine": own(66.8),
  "semi": own(67.5), // Table 2
  "full": quoted(69.8), // Table 2, DeepLab-LargeFOV
};

const RESNET101: Readonly<Record<string, PaperFigure>> = {
  "bcm_fr_refine": own(70.2),
  "semi": own(71.6),
  "full": quoted(74.5), // DeepLab-ResNet-101
};

/**
 * On VOC 2012 val, by variant; see `ABLATION_VARIANTS`.
 *
 * The tables do not say whether the dense CRF was applied; that theirs are with
 * it is likely (docs/method.md, Scores).
 */
export const PAPER_FIGURES: Readonly<
  Record<PaperNetwork, Readonly<Record<string, PaperFigure>>>
> = { vgg16: VGG16, resnet101: RESNET101 };

/**
 * IoU of each class, %, as Table 4 prints it: background, then the classes in
 * the order of VOC's names.
 *
 * The values of `bcm_fr_refine` average 66.2, not the 66.8 that the paper
 * prints beside them: rounding explains at most a tenth of the gap.
 */
export const PAPER_CLASS_IOUS: Readonly<Record<string, readonly number[]>> = {
  // deno-fmt-ignore
  "box_only": [
    78.3, 37.4, 20.6, 46.6, 44.9, 64.5, 80.7, 68.1, 59.8, 32.5, 65.7,
    58.4, 61.6, 51.2, 53.2, 60.5, 47.5, 60.0, 49.3, 64.2, 49.4,
  ],
  // deno-fmt-ignore
  "bcm_fr_refine": [
    89.8, 68.3, 27.1, 73.7, 56.4, 72.6, 84.2, 75.6, 79.9, 35.2, 78.3,
    53.2, 77.6, 66.4, 68.1, 73.1, 56.8, 80.1, 45.1, 74.7, 54.6,
  ],
  // deno-fmt-ignore
  "semi": [
    90.4, 72.3, 27.5, 76.1, 57.8, 72.4, 85.6, 76.6, 81.3, 35.9, 80.2,
    53.0, 78.4, 68.2, 69.7, 73.9, 58.1, 82.1, 45.3, 76.5, 57.0,
  ],
};
