import { deepStrictEqual, throws } from "node:assert/strict";
import {
  readingCells,
  type ScoredPicture,
} from "../../../lib/metric/reading_cells.ts";
import { box, labelMap } from "../../drawings.ts";

// 10 × 9 px: 3 × 2 cells, of which the third column lies beyond the picture.
const ROW = "..........";
const PICTURE: ScoredPicture = {
  imageId: "a",
  scores: {
    classCount: 2,
    width: 10,
    height: 9,
    outputStride: 8,
    data: Float32Array.of(0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0),
  },
  proposal: labelMap("1.......1.", ...Array(7).fill(ROW), ".1........"),
  truth: labelMap("1.......?.", ...Array(7).fill(ROW), "1........."),
  boxes: [box(1, 0, 0, 10, 9), box(1, 8, 0, 10, 2)],
  subClassSets: { mask: [0, 2] },
};

Deno.test("readingCells takes every eighth pixel, and void beyond the picture", () => {
  const { cells, truth } = readingCells(PICTURE, 2);
  deepStrictEqual([...cells.labels], [1, 1, 255, 0, 0, 255]);
  deepStrictEqual([...truth], [1, 255, 255, 1, 0, 255]);
  deepStrictEqual([...cells.boxIndices], [0, 1, -1, 0, 0, -1]);
});

Deno.test("readingCells gives the softmax of each cell", () => {
  const { cells } = readingCells(PICTURE, 2);
  const sure = Math.fround(1 / (1 + Math.exp(-2)));
  deepStrictEqual(
    [...cells.probabilities.subarray(6)],
    [0.5, sure, 0.5, 0.5, 0.5, 0.5],
  );
});

Deno.test("readingCells refuses what does not belong together", () => {
  const refused = (more: Partial<ScoredPicture>, reason: string) =>
    throws(() => readingCells({ ...PICTURE, ...more }, 2), {
      name: "RangeError",
      message: `Cannot compare labels of image "a" as ${reason}`,
    });
  refused(
    { truth: labelMap("1") },
    "its truth must be as large as its scores say: truth is 1 × 1 px, " +
      "scores are of 10 × 9 px",
  );
  refused(
    { scores: { ...PICTURE.scores, classCount: 1, data: new Float32Array(6) } },
    "its scores must be of 2 classes, background included: they are of 1",
  );
  refused(
    { subClassSets: { mask: [1] } },
    "each of its boxes must have a sub-class by mask: 2 boxes, 1 sub-classes",
  );
  refused(
    { proposal: labelMap("4.........", ...Array(8).fill(ROW)) },
    "each must be 0…1 or 255: 4",
  );
  refused(
    { boxes: [box(2, 0, 0, 1, 1), box(1, 0, 0, 1, 1)] },
    "each must be 0…1 or 255: 2",
  );
});

Deno.test("readingCells refuses a box outside its picture", () => {
  const boxes = [box(1, 0, 0, 11, 2), box(1, 0, 0, 1, 1)];
  throws(() => readingCells({ ...PICTURE, boxes }, 2), {
    name: "RangeError",
    message:
      'Cannot compare labels in box 0 of image "a" as it must be whole ' +
      "pixels of the image: box is [0, 11) × [0, 2), image is 10 × 9",
  });
});

Deno.test("readingCells takes pixels as far apart as the scores are", () => {
  const { cells, truth } = readingCells({
    ...PICTURE,
    scores: {
      ...{ classCount: 2, width: 10, height: 1, outputStride: 4 },
      data: new Float32Array(2 * 4),
    },
    proposal: labelMap("1...1....1"),
    truth: labelMap(".1111111?."),
    boxes: [box(1, 4, 0, 10, 1)],
    subClassSets: {},
  }, 2);
  deepStrictEqual([...cells.labels], [1, 1, 0, 255]);
  deepStrictEqual([...truth], [0, 1, 255, 255]);
  deepStrictEqual([...cells.boxIndices], [-1, 0, 0, -1]);
});
