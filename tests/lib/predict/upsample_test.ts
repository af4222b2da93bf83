import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { mapLabels } from "../../../lib/crf/label_planes.ts";
import {
  gridOf,
  type ScoredSize,
  type ScoreMap,
} from "../../../lib/predict/score_map.ts";
import {
  labelsOfScores,
  upsampledScores,
} from "../../../lib/predict/upsample.ts";
import { drawn } from "../../drawings.ts";
import { anyScoreMap } from "./any_score_map.ts";

const SIZE = { width: 3, height: 1, outputStride: 8 };

/** A map of one class with the value of f(x, y) at each cell's pixel (x, y). */
function sampled(
  size: ScoredSize,
  f: (x: number, y: number) => number,
): ScoreMap {
  const { columns, rows } = gridOf(size);
  const stride = size.outputStride;
  const data = Float32Array.from(
    { length: columns * rows },
    (_, i) => f(stride * (i % columns), stride * Math.floor(i / columns)),
  );
  return { classCount: 1, ...size, data };
}

Deno.test("upsampledScores of a linear ramp is exact", () => {
  const ramp = (x: number, y: number) => 3 * x - 5 * y + 7;
  const expected = Float32Array.from(
    { length: 41 * 20 },
    (_, p) => ramp(p % 41, Math.floor(p / 41)),
  );
  for (const outputStride of [8, 4]) {
    const size = { width: 41, height: 20, outputStride };
    deepStrictEqual(upsampledScores(sampled(size, ramp)).data, expected);
  }
});

Deno.test("upsampledScores keeps the scores of cells at their pixels", () => {
  const noise = (x: number, y: number) => (x * 7 + y * 13) % 11;
  const cellsAt = (outputStride: number, xs: number[], ys: number[]) => {
    const map = sampled({ width: 17, height: 9, outputStride }, noise);
    const { data } = upsampledScores(map);
    const cells = ys.flatMap((y) => xs.map((x) => data[17 * y + x]!));
    deepStrictEqual(cells, [...map.data]);
  };
  cellsAt(8, [0, 8, 16], [0, 8]);
  cellsAt(4, [0, 4, 8, 12, 16], [0, 4, 8]);
});

Deno.test("upsampledScores does not mix classes", () => {
  const data = Float32Array.of(0, 8, 100, 100);
  const planes = upsampledScores({ ...SIZE, classCount: 2, data });
  deepStrictEqual([...planes.data], [0, 1, 2, 100, 100, 100]);
});

/** Σ over the four cells around a pixel of weight times score, one at a time. */
function bilinear(map: ScoreMap, c: number, x: number, y: number): number {
  const { columns, rows } = gridOf(map);
  const stride = map.outputStride;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const weight = Math.max(0, 1 - Math.abs(x / stride - column)) *
        Math.max(0, 1 - Math.abs(y / stride - row));
      sum += weight * map.data[(c * rows + row) * columns + column]!;
    }
  }
  return sum;
}

Deno.test("upsampledScores is the bilinear sum over all cells, 8 and 4 px apart", () => {
  fc.assert(
    fc.property(anyScoreMap(), (map) => {
      const { labelCount, width, height, data } = upsampledScores(map);
      ok(data.length === labelCount * width * height);
      data.forEach((score, i) => {
        const pixel = i % (width * height);
        const expected = bilinear(
          map,
          Math.floor(i / (width * height)),
          pixel % width,
          Math.floor(pixel / width),
        );
        ok(Math.abs(score - expected) < 1e-5);
      });
    }),
    { seed: 1, numRuns: 50 },
  );
});

Deno.test("labelsOfScores are those of the scores scaled up, ties too", () => {
  // Few different scores, so that many are equal.
  fc.assert(
    fc.property(anyScoreMap({ most: 0.125 }), (map) => {
      deepStrictEqual(labelsOfScores(map), mapLabels(upsampledScores(map)));
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("labelsOfScores takes the smallest of equal classes", () => {
  const data = Float32Array.of(-1, -1, 5, 5, 5, 5);
  const map = { ...SIZE, classCount: 3, data };
  deepStrictEqual(drawn(labelsOfScores(map)), ["111"]);
});

Deno.test("labelsOfScores draws a diagonal where two ramps cross", () => {
  const size = { width: 9, height: 9, outputStride: 8 };
  const { data } = sampled(size, (x, y) => x + y);
  const map = {
    classCount: 2,
    width: 5,
    height: 4,
    outputStride: 8,
    data: Float32Array.of(4, 4, 4, 4, ...data),
  };
  deepStrictEqual(drawn(labelsOfScores(map)), [
    ".....",
    "....1",
    "...11",
    "..111",
  ]);
});

Deno.test("labelsOfScores refuses scores that are not finite", () => {
  const data = Float32Array.of(0, -Infinity);
  const map = { ...SIZE, width: 1, classCount: 2, data };
  throws(() => labelsOfScores(map), {
    name: "RangeError",
    message: "Cannot label a picture as its scores must be finite: -Infinity " +
      "of class 1 at cell (0, 0)",
  });
});

Deno.test("labelsOfScores refuses more classes than labels", () => {
  const data = new Float32Array(256);
  const map = { ...SIZE, width: 1, classCount: 256, data };
  throws(() => labelsOfScores(map), {
    name: "RangeError",
    message: "Cannot label a picture as it must have at most 255 classes: 256",
  });
});
