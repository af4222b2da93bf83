import { deepStrictEqual, throws } from "node:assert/strict";
import {
  assertScoreMap,
  croppedScores,
} from "../../../lib/predict/score_map.ts";

Deno.test("croppedScores keeps the cells between which the picture lies", () => {
  // Two classes on 3 × 3 cells, for a picture of 10 × 9 px: 3 × 2 cells.
  const output = Float32Array.from({ length: 18 }, (_, i) => i);
  const grid = { columns: 3, rows: 3 };
  deepStrictEqual(croppedScores(output, grid, { width: 10, height: 9 }), {
    classCount: 2,
    width: 10,
    height: 9,
    data: Float32Array.of(0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14),
  });
});

Deno.test("croppedScores refuses an output of fewer cells than the picture's", () => {
  const output = new Float32Array(4);
  const grid = { columns: 2, rows: 2 };
  throws(() => croppedScores(output, grid, { width: 10, height: 9 }), {
    name: "RangeError",
    message: "Cannot crop scores to a picture of 10 × 9 px as they must be " +
      "at least 3 × 2 cells: 4 values for 2 × 2",
  });
});

Deno.test("croppedScores refuses an output that does not fill its cells", () => {
  const grid = { columns: 2, rows: 2 };
  const size = { width: 9, height: 9 };
  throws(() => croppedScores(new Float32Array(6), grid, size), {
    name: "RangeError",
    message: "Cannot crop scores to a picture of 9 × 9 px as they must be " +
      "at least 2 × 2 cells: 6 values for 2 × 2",
  });
});

Deno.test("croppedScores refuses scores that a broken network gives", () => {
  const output = Float32Array.of(0, 0, 0, 0, 0, 0, 0, NaN);
  const grid = { columns: 2, rows: 2 };
  throws(() => croppedScores(output, grid, { width: 9, height: 9 }), {
    name: "RangeError",
    message: "Cannot predict a picture as its scores must be finite: NaN of " +
      "class 1 at cell (1, 1)",
  });
});

Deno.test("assertScoreMap refuses a picture without pixels", () => {
  const data = new Float32Array(0);
  const map = { classCount: 1, width: 0, height: 1, data };
  throws(() => assertScoreMap(map, "label a picture"), {
    name: "RangeError",
    message: "Cannot label a picture as its score map must hold C × Y × X " +
      "values, all three at least 1: 0 values for 1 × 1 × 1",
  });
});
