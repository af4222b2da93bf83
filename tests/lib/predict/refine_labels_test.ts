import { deepStrictEqual, ok, rejects } from "node:assert/strict";
import fc from "fast-check";
import { LARGEFOV_CRF } from "../../../lib/crf/dense_crf.ts";
import { refineLabels } from "../../../lib/predict/refine_labels.ts";
import { gridOf, type ScoreMap } from "../../../lib/predict/score_map.ts";
import { labelsOfScores } from "../../../lib/predict/upsample.ts";
import { drawn, picture } from "../../drawings.ts";
import { anyScoreMap } from "./any_score_map.ts";

const COLOURS = {
  ".": [220, 220, 220],
  "1": [120, 40, 40],
} as const;

const SHAPES = [
  ".................",
  ".................",
  "....111111111....",
  "....111111111....",
  "....111111111....",
  "....111..........",
  "....111..........",
  ".................",
  ".................",
];
const IMAGE = picture(COLOURS, ...SHAPES);

/** Cells of a 17 × 9 picture that see a blob of class 2 in its middle. */
const BLOB: ScoreMap = {
  classCount: 3,
  width: 17,
  height: 9,
  outputStride: 8,
  data: Float32Array.of(
    ...[2, 2, 2, 2, 2, 2],
    ...[-9, -9, -9, -9, -9, -9],
    ...[0, 5, 0, 0, 2, 0],
  ),
};
const CRF = { ...LARGEFOV_CRF, appearanceSigmaPx: 8, smoothnessSigmaPx: 0.5 };

Deno.test("refineLabels follows the colours where scores are coarse", async () => {
  ok(drawn(labelsOfScores(BLOB)).join() !== SHAPES.join());
  const refined = await refineLabels(IMAGE, BLOB, { crf: CRF });
  deepStrictEqual(
    drawn(refined),
    SHAPES.map((row) => row.replaceAll("1", "2")),
  );
});

Deno.test("refineLabels without iterations gives the labels of the scores", async () => {
  await fc.assert(
    fc.asyncProperty(anyScoreMap(), async ({ width, height, ...map }) => {
      const image = { width, height, data: new Uint8Array(width * height * 3) };
      const scores = { ...map, width, height };
      const crf = { ...CRF, iterations: 0 };
      const refined = await refineLabels(image, scores, {
        crf,
        leastProbability: 0,
      });
      const plain = labelsOfScores(scores).data;
      // Softmax may make equal what differs in the last digit.
      const differing = refined.data.filter((label, p) => label !== plain[p]);
      ok(differing.length <= 0.01 * plain.length);
    }),
    { seed: 1, numRuns: 50 },
  );
});

Deno.test("refineLabels of one sure class asks no CRF", async () => {
  const map = {
    classCount: 2,
    width: 3,
    height: 2,
    outputStride: 8,
    data: Float32Array.of(-20, -20, -20, -20, 20, 20, 20, 20),
  };
  const image = { width: 3, height: 2, data: new Uint8Array(18) };
  deepStrictEqual(drawn(await refineLabels(image, map)), ["111", "111"]);
});

Deno.test("refineLabels gives the same when all classes compete", async () => {
  const anyScene = anyScoreMap({ mostClasses: 6, most: 12 }).chain((map) => {
    const length = 3 * map.width * map.height;
    return fc.record({
      map: fc.constant(map),
      data: fc.uint8Array({ minLength: length, maxLength: length }),
    });
  });
  let left = 0;
  const anyNormalisation = fc.constantFrom("after", "symmetric");
  await fc.assert(
    fc.asyncProperty(
      anyScene,
      anyNormalisation,
      async ({ map, data }, normalisation) => {
        const { columns, rows } = gridOf(map);
        // All but the first two classes far below, at a level of their own.
        const low = map.data.map((score, i) =>
          score - 6 * Math.max(0, Math.floor(i / (columns * rows)) - 1)
        );
        const scores = { ...map, data: low };
        const image = { width: map.width, height: map.height, data };
        const crf = { ...CRF, normalisation };
        const few = await refineLabels(image, scores, { crf });
        const all = await refineLabels(image, scores, {
          crf,
          leastProbability: 0,
        });
        if (map.classCount > 2) left++;
        deepStrictEqual(drawn(few), drawn(all));
      },
    ),
    { seed: 1, numRuns: 60 },
  );
  ok(left > 10);
});

Deno.test("refineLabels may leave out a class that would win where more is asked of it", async () => {
  // At the left class 0 is sure; at the right, of 30 classes about as likely,
  // class 3 is the likeliest: 0.037.
  const cells = Array.from({ length: 30 }, (_, c) => {
    if (c === 0) return [20, 0];
    return c === 3 ? [0, 0.1] : [0, 0];
  });
  const map = {
    classCount: 30,
    width: 9,
    height: 1,
    outputStride: 8,
    data: Float32Array.from(cells.flat()),
  };
  const image = { width: 9, height: 1, data: new Uint8Array(27) };
  const crf = { ...CRF, iterations: 0 };
  const last = async (leastProbability?: number) =>
    (await refineLabels(image, map, { crf, leastProbability })).data[8];
  deepStrictEqual([await last(0), await last(), await last(0.05)], [3, 3, 0]);
});

Deno.test("refineLabels refuses a picture of another size", async () => {
  const image = { width: 4, height: 9, data: new Uint8Array(108) };
  await rejects(refineLabels(image, BLOB), {
    name: "RangeError",
    message: "Cannot run the dense CRF as image and unary must be of one " +
      "size: image is 4 × 9, unary is 17 × 9",
  });
});

Deno.test("refineLabels refuses a least probability above 1", async () => {
  await rejects(refineLabels(IMAGE, BLOB, { leastProbability: 1.5 }), {
    name: "RangeError",
    message: "Cannot choose the labels of the CRF as the least probability " +
      "must be 0…1: 1.5",
  });
});
