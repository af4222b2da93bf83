import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { modelWeights } from "../../lib/net/model_file.ts";
import { predictScores } from "../../stages/predict_scores.ts";
import { smallModel } from "../lib/predict/small_models.ts";
import { joined } from "./parts.ts";
import { noisePictures, type PictureSizes } from "./noise_pictures.ts";
import { runStage } from "./run_stage.ts";

const WEIGHTS = modelWeights(smallModel("largefov", { classCount: 4 }));
const CPU = { device: "cpu" } as const;

const pictures = (sizes: PictureSizes) => ({
  ...noisePictures(sizes),
  weights: WEIGHTS,
});

const SIZES: PictureSizes = {
  a: [33, 20],
  b: [9, 33],
  c: [30, 24],
  d: [1, 1],
};

Deno.test("predict_scores gives each picture a map of its own size", async () => {
  const inputs = pictures(SIZES);
  const { outputs, log } = await runStage(predictScores, {
    params: CPU,
    inputs,
  });
  const shapes = Object.entries(outputs.scores)
    .map(([id, { classCount, width, height, data }]) =>
      [id, classCount, width, height, data.length] as const
    );
  deepStrictEqual(shapes.sort(), [
    ["a", 4, 33, 20, 4 * 5 * 4],
    ["b", 4, 9, 33, 4 * 2 * 5],
    ["c", 4, 30, 24, 4 * 5 * 4],
    ["d", 4, 1, 1, 4 * 1 * 1],
  ]);
  strictEqual(log.length, 1);
  match(log[0]!, /^predicts with onnxruntime-node on cpu/);
});

Deno.test("predict_scores keeps scores in two bytes each", async () => {
  const inputs = pictures({ a: [128, 96] });
  const { files } = await runStage(predictScores, { params: CPU, inputs });
  const cells = 4 * 17 * 13;
  ok(files.get("scores/a")!.length < 2 * cells + 200);
});

Deno.test("predict_scores pads to the square that is asked for", async () => {
  const inputs = pictures({ a: [20, 12] });
  const scoresAt = async (inputSizePx: number | null) => {
    const params = { ...CPU, inputSizePx };
    const { outputs } = await runStage(predictScores, { params, inputs });
    return outputs.scores.a!;
  };
  const [tight, square] = [await scoresAt(null), await scoresAt(65)];
  strictEqual(tight.data.length, square.data.length);
  // More padding around is seen by fc6, whose taps are far apart.
  ok(tight.data.some((score, i) => score !== square.data[i]));
});

Deno.test("predict_scores gives the same however images are split, and on two cores", async () => {
  const inputs = pictures(SIZES);
  const whole = await runStage(predictScores, { params: CPU, inputs });
  const split = await Promise.all(
    [["a", "d"], ["b", "c"], []].map((shard) =>
      runStage(predictScores, { params: CPU, inputs, shard, cpus: 2 })
    ),
  );
  deepStrictEqual(joined(split), joined([whole]));
});

Deno.test("predict_scores refuses a side that is not 8k + 1", async () => {
  const inputs = pictures({ a: [20, 12] });
  const call = { params: { ...CPU, inputSizePx: 64 }, inputs };
  await rejects(runStage(predictScores, call), {
    name: "RangeError",
    message: "Cannot pad pictures to a square as its side must be 8k + 1 px, " +
      "as 321 and 513 are: 64",
  });
});

Deno.test("predict_scores refuses a picture that is not as it was indexed", async () => {
  const { images, weights } = pictures({ a: [20, 12] });
  const { boxes } = pictures({ a: [12, 20] });
  const call = { params: CPU, inputs: { images, boxes, weights } };
  await rejects(runStage(predictScores, call), {
    name: "RangeError",
    message: 'Cannot predict image "a" as it must be as large as it was when ' +
      "its boxes were read: it is 20 × 12 px, was 12 × 20 px",
  });
});

Deno.test("predict_scores refuses weights that are no model", async () => {
  const inputs = {
    ...pictures({ a: [20, 12] }),
    weights: { ...WEIGHTS, metadata: {} },
  };
  await rejects(runStage(predictScores, { params: CPU, inputs }), {
    name: "RangeError",
    message: "Cannot read a model as its metadata must say what it is under " +
      '"segmenter": there is no such entry',
  });
});

Deno.test("predict_scores names the picture whose scores are too large to keep", async () => {
  const { images, boxes } = pictures({ a: [20, 12] });
  const bias = { shape: [4], data: new Float32Array(4).fill(1e5) };
  const tensors = new Map([...WEIGHTS.tensors, ["fc8/bias", bias]]);
  const inputs = { images, boxes, weights: { ...WEIGHTS, tensors } };
  await rejects(runStage(predictScores, { params: CPU, inputs }), {
    name: "RangeError",
    message: /^Cannot write .* at most 65504: .*; image "a"$/,
  });
});

Deno.test("predict_scores stops before the next image when it is to stop", async () => {
  const signal = AbortSignal.abort(new Error("The run was stopped"));
  const inputs = pictures({ a: [20, 12] });
  await rejects(runStage(predictScores, { params: CPU, inputs, signal }), {
    message: "The run was stopped",
  });
});
