/**
 * A labelled picture at the cells that a loss sees, with a network's scores.
 *
 * @module
 */
import type { Box } from "../geometry/box.ts";
import { assertBoxes } from "../geometry/box_pixels.ts";
import { type LabelMap, VOID } from "../label/label_map.ts";
import { cellLogProbabilities } from "../predict/probabilities.ts";
import { pixelsUnderCells, type ScoreMap } from "../predict/score_map.ts";
import { cellBoxes, cellLabels } from "../train/cell_grid.ts";
import type { ReadingCells } from "./filling_rate_readings.ts";

/** A picture; all maps are of its size. */
export interface ScoredPicture {
  readonly imageId: string;
  readonly scores: ScoreMap;
  /** The labels learnt from. */
  readonly proposal: LabelMap;
  readonly truth: LabelMap;
  readonly boxes: readonly Box[];
  /** `[B]` by way to cluster. */
  readonly subClassSets: Readonly<Record<string, readonly number[]>>;
}

/**
 * The cells of a picture and their ground truth.
 *
 * @param classCount C, background included.
 * @throws {RangeError} Naming the picture, when sizes or counts disagree.
 *
 * @example
 * ```ts
 * import { readingCells } from "./reading_cells.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * // Cells are at pixels 0 and 8.
 * const size = { width: 9, height: 1 };
 * const map = { ...size, data: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0) };
 * const scores = {
 *   ...size,
 *   outputStride: 8,
 *   classCount: 2,
 *   data: new Float32Array(4),
 * };
 * const { cells } = readingCells({
 *   imageId: "a",
 *   scores,
 *   proposal: map,
 *   truth: map,
 *   boxes: [],
 *   subClassSets: {},
 * }, 2);
 * deepStrictEqual([...cells.labels], [1, 0]);
 * ```
 */
export function readingCells(
  picture: ScoredPicture,
  classCount: number,
): { readonly cells: ReadingCells; readonly truth: Int32Array } {
  assertPicture(picture, classCount);
  const { scores, proposal, boxes, subClassSets } = picture;
  const grid = pixelsUnderCells(scores);
  const cells = {
    labels: cellLabels(grid, proposal),
    boxIndices: cellBoxes(grid, boxes),
    boxes,
    subClassSets,
    scores: scores.data,
    logProbabilities: cellLogProbabilities(scores),
  };
  return { cells, truth: cellLabels(grid, picture.truth) };
}

function assertPicture(picture: ScoredPicture, classCount: number): void {
  const { imageId, scores, proposal, truth, boxes, subClassSets } = picture;
  const refused = `Cannot compare labels of image "${imageId}" as`;
  for (const [name, map] of Object.entries({ proposal, truth })) {
    if (map.width === scores.width && map.height === scores.height) continue;
    throw new RangeError(
      `${refused} its ${name} must be as large as its scores say: ` +
        `${name} is ${map.width} × ${map.height} px, ` +
        `scores are of ${scores.width} × ${scores.height} px`,
    );
  }
  if (scores.classCount !== classCount) {
    throw new RangeError(
      `${refused} its scores must be of ${classCount} classes, background ` +
        `included: they are of ${scores.classCount}`,
    );
  }
  assertBoxes(boxes, scores, `compare labels in box % of image "${imageId}"`);
  for (const [name, subClasses] of Object.entries(subClassSets)) {
    if (subClasses.length === boxes.length) continue;
    throw new RangeError(
      `${refused} each of its boxes must have a sub-class by ${name}: ` +
        `${boxes.length} boxes, ${subClasses.length} sub-classes`,
    );
  }
  assertLabels(picture, classCount);
}

/** Labels and boxes of classes that there are no scores for. */
function assertLabels(
  { imageId, proposal, truth, boxes }: ScoredPicture,
  classCount: number,
): void {
  const isUnknown = (label: number) => label >= classCount && label !== VOID;
  const unknown = [
    proposal.data.find(isUnknown),
    truth.data.find(isUnknown),
    boxes.find(({ classId }) => isUnknown(classId))?.classId,
  ].find((label) => label !== undefined);
  if (unknown === undefined) return;
  throw new RangeError(
    `Cannot compare labels of image "${imageId}" as each must be ` +
      `0…${classCount - 1} or ${VOID}: ${unknown}`,
  );
}
