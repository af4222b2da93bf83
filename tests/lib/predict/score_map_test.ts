import { deepStrictEqual, throws } from "node:assert/strict";
import {
  assertScoreMap,
  croppedScores,
  pixelsUnderCells,
} from "../../../lib/predict/score_map.ts";

/** Of a picture. */
const SIZE = { width: 10, height: 9, outputStride: 8 };

Deno.test("croppedScores keeps the cells between which the picture lies", () => {
  // Two classes on 3 × 3 cells, for a picture of 10 × 9 px: 3 × 2 cells.
  const output = Float32Array.from({ length: 18 }, (_, i) => i);
  const grid = { columns: 3, rows: 3 };
  deepStrictEqual(croppedScores(output, grid, SIZE), {
    classCount: 2,
    ...SIZE,
    data: Float32Array.of(0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14),
  });
});

Deno.test("croppedScores keeps more cells of a picture that are closer", () => {
  // One class on 5 × 5 cells, for a picture of 10 × 9 px: 4 × 3 cells.
  const output = Float32Array.from({ length: 25 }, (_, i) => i);
  const grid = { columns: 5, rows: 5 };
  const { data } = croppedScores(output, grid, { ...SIZE, outputStride: 4 });
  deepStrictEqual([...data], [0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13]);
});

Deno.test("croppedScores refuses an output of fewer cells than the picture's", () => {
  const output = new Float32Array(4);
  const grid = { columns: 2, rows: 2 };
  throws(() => croppedScores(output, grid, SIZE), {
    name: "RangeError",
    message: "Cannot crop scores to a picture of 10 × 9 px as they must be " +
      "at least 3 × 2 cells: 4 values for 2 × 2",
  });
});

Deno.test("croppedScores refuses an output that does not fill its cells", () => {
  const grid = { columns: 2, rows: 2 };
  const size = { ...SIZE, width: 9 };
  throws(() => croppedScores(new Float32Array(6), grid, size), {
    name: "RangeError",
    message: "Cannot crop scores to a picture of 9 × 9 px as they must be " +
      "at least 2 × 2 cells: 6 values for 2 × 2",
  });
});

Deno.test("croppedScores refuses scores that a broken network gives", () => {
  const output = Float32Array.of(0, 0, 0, 0, 0, 0, 0, NaN);
  const grid = { columns: 2, rows: 2 };
  throws(() => croppedScores(output, grid, { ...SIZE, width: 9 }), {
    name: "RangeError",
    message: "Cannot predict a picture as its scores must be finite: NaN of " +
      "class 1 at cell (1, 1)",
  });
});

Deno.test("assertScoreMap refuses a picture without pixels", () => {
  const data = new Float32Array(0);
  const map = { classCount: 1, width: 0, height: 1, outputStride: 8, data };
  throws(() => assertScoreMap(map, "label a picture"), {
    name: "RangeError",
    message: "Cannot label a picture as its score map must hold C × Y × X " +
      "values, all three at least 1: 0 values for 1 × 1 × 1",
  });
});

Deno.test("assertScoreMap refuses scores that are not whole pixels apart", () => {
  const map = { ...SIZE, classCount: 1, data: new Float32Array(6) };
  for (const outputStride of [0, -8, 0.5, NaN, Infinity]) {
    throws(() => assertScoreMap({ ...map, outputStride }, "write scores"), {
      name: "RangeError",
      message: "Cannot write scores as its scores must be a positive whole " +
        `number of px apart: ${outputStride}`,
    });
  }
});

Deno.test("pixelsUnderCells are as far apart as the scores", () => {
  const { columns, rows } = pixelsUnderCells({ ...SIZE, outputStride: 4 });
  deepStrictEqual([...columns], [0, 4, 8, -1]);
  deepStrictEqual([...rows], [0, 4, 8]);
});
