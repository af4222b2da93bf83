import { deepStrictEqual, match, rejects } from "node:assert/strict";
import fc from "fast-check";
import { encodeRgbPng } from "../../lib/image/rgb_png.ts";
import { refineWithCrf } from "../../stages/refine_with_crf.ts";
import { drawn, picture } from "../drawings.ts";
import { testOnGpu } from "../lib/crf/gpu/on_gpu.ts";
import { anyScoreMap } from "../lib/predict/any_score_map.ts";
import { anyParts, joined } from "./parts.ts";
import { runStage } from "./run_stage.ts";

const COLOURS = {
  ".": [220, 220, 220],
  "1": [120, 40, 40],
} as const;

// An L, of which the scores only know that something is in the middle.
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
const IMAGES = { a: encodeRgbPng(picture(COLOURS, ...SHAPES)) };
const SCORES = {
  a: {
    classCount: 3,
    width: 17,
    height: 9,
    outputStride: 8,
    data: Float32Array.of(
      ...[2, 2, 2, 2, 2, 2],
      ...[0, 5, 0, 0, 2, 0],
      ...[-9, -9, -9, -9, -9, -9],
    ),
  },
};
const PARAMS = { appearanceSigmaPx: 8, smoothnessSigmaPx: 0.5 };

Deno.test("refine_with_crf follows the colours of the picture", async () => {
  const { outputs } = await runStage(refineWithCrf, {
    params: PARAMS,
    inputs: { images: IMAGES, scores: SCORES },
  });
  deepStrictEqual(drawn(outputs.labels.a!), SHAPES);
});

Deno.test("refine_with_crf says where the CRF runs, if asked to on the CPU", async () => {
  const { outputs, log } = await runStage(refineWithCrf, {
    params: { ...PARAMS, device: "cpu" },
    inputs: { images: IMAGES, scores: SCORES },
  });
  deepStrictEqual(log, ["CRF on cpu, as it was asked for"]);
  deepStrictEqual(drawn(outputs.labels.a!), SHAPES);
});

testOnGpu("refine_with_crf follows the colours on a GPU too", async () => {
  const { outputs, log } = await runStage(refineWithCrf, {
    params: { ...PARAMS, device: "gpu" },
    inputs: { images: IMAGES, scores: SCORES },
  });
  match(log.join(), /^CRF on gpu \(.+\), as it was asked for$/);
  deepStrictEqual(drawn(outputs.labels.a!), SHAPES);
});

Deno.test("refine_with_crf gives the same when no class is left out", async () => {
  const { outputs } = await runStage(refineWithCrf, {
    params: { ...PARAMS, leastProbability: 0 },
    inputs: { images: IMAGES, scores: SCORES },
  });
  deepStrictEqual(drawn(outputs.labels.a!), SHAPES);
});

Deno.test("refine_with_crf without iterations leaves the labels of the scores", async () => {
  const { outputs } = await runStage(refineWithCrf, {
    params: { iterations: 0 },
    inputs: { images: IMAGES, scores: SCORES },
  });
  // Tents above background's 2: 5 high at the top, 2 at the bottom, 0 at the
  // cells beside; at the top they are above 2 for 4.8 px to either side.
  deepStrictEqual(drawn(outputs.labels.a!), [
    "....111111111....",
    "....111111111....",
    "....111111111....",
    ".....1111111.....",
    ".....1111111.....",
    "......11111......",
    "......11111......",
    ".......111.......",
    ".................",
  ]);
});

Deno.test("refine_with_crf refuses scores of another picture", async () => {
  const image = encodeRgbPng({
    width: 9,
    height: 9,
    data: new Uint8Array(243),
  });
  const inputs = { images: { a: image }, scores: SCORES };
  await rejects(runStage(refineWithCrf, { inputs }), {
    name: "RangeError",
    message: "Cannot run the dense CRF as image and unary must be of one " +
      'size: image is 9 × 9, unary is 17 × 9; image "a"',
  });
});

Deno.test("refine_with_crf gives the same however images are split", async () => {
  const anySplit = fc.dictionary(
    fc.stringMatching(/^[a-z0-9]{1,3}$/),
    anyScoreMap(),
    { minKeys: 1, maxKeys: 4, noNullPrototype: true },
  ).chain((items) =>
    fc.record({ scores: fc.constant(items), parts: anyParts(items) })
  );
  await fc.assert(
    fc.asyncProperty(anySplit, async ({ scores, parts }) => {
      const images = Object.fromEntries(
        Object.entries(scores).map(([id, { width, height }]) => {
          const data = new Uint8Array(3 * width * height).map((_, i) => 7 * i);
          return [id, encodeRgbPng({ width, height, data })];
        }),
      );
      const inputs = { images, scores };
      const whole = await runStage(refineWithCrf, { inputs });
      const split = await Promise.all(
        parts.map((shard) => runStage(refineWithCrf, { inputs, shard })),
      );
      deepStrictEqual(joined(split), joined([whole]));
    }),
    { seed: 1, numRuns: 10 },
  );
});
