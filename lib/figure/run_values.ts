/**
 * What stages give, as figures read it. Decoders have checked the files; here
 * only what a figure relies on is checked again, as a run may be of another
 * version of the project.
 *
 * @module
 */
import * as z from "zod";
import { HistoryEntry } from "../train/history.ts";

const Share = z.number().min(0).max(1);
const Count = z.int().min(0);
const Side = z.int().min(1);
const Bytes = z.instanceof(Uint8Array);

/** A picture: uint8 `[H, W, 3]`. */
export const PictureValue = z.object({
  width: Side,
  height: Side,
  data: Bytes,
}).refine(
  ({ width, height, data }) => data.length === 3 * width * height,
  "must have three samples a pixel",
);

/** A label map: uint8 `[H, W]`. */
export const LabelMapValue = z.object({
  width: Side,
  height: Side,
  data: Bytes,
}).refine(
  ({ width, height, data }) => data.length === width * height,
  "must have a label for each pixel",
);

/** Scores or attention: float32 `[C, Y, X]`. */
export const ScoreMapValue = z.object({
  classCount: Side,
  width: Side,
  height: Side,
  outputStride: Side,
  data: z.instanceof(Float32Array),
});

/** See the schema of this name. */
export type ScoreMapValue = z.output<typeof ScoreMapValue>;

/** The boxes of a picture and its size, px. */
export const BoxesValue = z.object({
  width: Side,
  height: Side,
  boxes: z.array(z.object({
    classId: z.int().min(1).max(254),
    x0: Count,
    y0: Count,
    x1: Count,
    y1: Count,
  })),
});

/** See the schema of this name. */
export type BoxesValue = z.output<typeof BoxesValue>;

/** Names of classes 1…K. */
export const ClassNamesValue = z.array(z.string());

/** Sub-class of each box, by image id. */
export const SubClassesValue = z.record(z.string(), z.array(Count));

/** See the schema of this name. */
export type SubClassesValue = z.output<typeof SubClassesValue>;

/** Filling rates of classes and sub-classes; null where there is no box. */
export const FillingRatesValue = z.array(z.object({
  className: z.string(),
  boxCount: Count,
  fillingRate: Share.nullable(),
  subClasses: z.array(z.object({
    boxCount: Count,
    fillingRate: Share.nullable(),
  })),
}));

/** See the schema of this name. */
export type FillingRatesValue = z.output<typeof FillingRatesValue>;

/** Scores of a set of label maps, 0…1. */
export const ScoresValue = z.object({
  imageCount: Count,
  meanIou: Share.nullable(),
  headlineMeanIou: Share.nullable(),
  headlineClasses: z.array(z.string()),
  /** Background first. */
  classes: z.array(z.object({
    className: z.string(),
    iou: Share.nullable(),
  })),
  trimap: z.array(z.object({ widthPx: Side, meanIou: Share.nullable() })),
  /** Rows truth, columns prediction, background first. */
  confusion: z.array(z.array(Count)),
}).refine(
  ({ classes, confusion }) =>
    confusion.length === classes.length &&
    confusion.every((row) => row.length === classes.length),
  "must have a confusion matrix of all classes",
);

/** See the schema of this name. */
export type ScoresValue = z.output<typeof ScoresValue>;

/** How a training went, iteration by iteration. */
export const HistoryValue = z.array(HistoryEntry);
