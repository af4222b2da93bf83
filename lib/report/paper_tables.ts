/**
 * Mean IoUs that [Song2019] prints, by the variants that repeat them, to be
 * shown beside ours.
 *
 * @module
 */
import {
  type PrintedTable,
  TABLE_1,
  TABLE_2,
  TABLE_3,
  TABLE_4,
} from "./paper_printed.ts";

/** A printed figure. */
export interface PaperFigure {
  /** 0…1. */
  readonly meanIou: number;
  /** Whether the paper quotes it from another work, and has not run it. */
  readonly isQuoted: boolean;
}

/** The networks of the paper: VGG-16 in Tables 1 and 2, the other in Table 3. */
export type PaperNetwork = PrintedTable["network"];

/**
 * On VOC 2012 val, by variant; see `ABLATION_VARIANTS`.
 *
 * The tables do not say whether the dense CRF was applied; that theirs are with
 * it is likely (docs/method.md, Scores).
 */
export const PAPER_FIGURES: Readonly<
  Record<PaperNetwork, Readonly<Record<string, PaperFigure>>>
> = { vgg16: byVariant(TABLE_2, TABLE_1), resnet101: byVariant(TABLE_3) };

/**
 * IoU of each class, %, as Table 4 prints it: background, then the classes in
 * the order of VOC's names. Those of `bcm_fr_refine` do not average to what is
 * printed beside them; see `TABLE_4`.
 */
export const PAPER_CLASS_IOUS: Readonly<Record<string, readonly number[]>> =
  Object.fromEntries(TABLE_4.rows.map(({ variant, ious }) => [variant, ious]));

/** Of rows that are in two tables, both have the same figure. */
function byVariant(
  ...tables: readonly PrintedTable[]
): Record<string, PaperFigure> {
  return Object.fromEntries(
    tables.flatMap(({ rows }) =>
      rows.flatMap(({ variant, meanIou, isQuoted }) =>
        variant === null
          ? []
          : [[variant, { meanIou: meanIou / 100, isQuoted }]]
      )
    ),
  );
}
