import { deepStrictEqual, ok, rejects } from "node:assert/strict";
import { startOnnxruntimeNode } from "../../../lib/engine/onnxruntime_node.ts";
import type { RgbImage } from "../../../lib/image/image.ts";
import type { Model } from "../../../lib/net/model_file.ts";
import {
  compilePredictor,
  type PredictorOptions,
} from "../../../lib/predict/predictor.ts";
import { seededRandom } from "../../../lib/random.ts";
import { smallModel } from "./small_models.ts";

const ENGINE = await startOnnxruntimeNode("cpu");

/** Scores of pictures by one predictor. */
async function predicted(
  model: Model,
  options: PredictorOptions,
  ...images: RgbImage[]
) {
  const predictor = await compilePredictor(ENGINE, model, options);
  try {
    const maps = [];
    for (const image of images) maps.push(await predictor.predict(image));
    return maps;
  } finally {
    await predictor.dispose();
  }
}

function noise(width: number, height: number, seed = 1): RgbImage {
  const random = seededRandom(seed);
  const data = new Uint8Array(3 * width * height).map(() => random.below(256));
  return { width, height, data };
}

/** A picture on a larger one of one level. */
function onGround(image: RgbImage, side: number, level: number): RgbImage {
  const data = new Uint8Array(3 * side * side).fill(level);
  for (let y = 0; y < image.height; y++) {
    const row = 3 * image.width;
    data.set(image.data.subarray(y * row, (y + 1) * row), 3 * y * side);
  }
  return { width: side, height: side, data };
}

Deno.test("a predictor pads with the mean colour and leaves the padding out", async () => {
  // The mean of this network is a level of pictures: 128.
  const model = smallModel("mobilenet");
  const image = noise(20, 12);
  const size = { width: 33, height: 33 };
  const [map, whole] = await predicted(
    model,
    { size },
    image,
    onGround(image, 33, 128),
  );
  deepStrictEqual([map!.width, map!.height, map!.classCount], [20, 12, 3]);
  // Of 5 × 5 cells the picture's pixels lie between 4 × 3.
  const cells = [0, 1, 2].flatMap((c) =>
    [0, 1, 2].flatMap((row) => {
      const from = (5 * c + row) * 5;
      return [...whole!.data.subarray(from, from + 4)];
    })
  );
  deepStrictEqual([...map!.data], cells);
});

Deno.test("a predictor remembers nothing of the pictures before", async () => {
  const model = smallModel("largefov");
  const size = { width: 33, height: 33 };
  const [large, small] = [noise(33, 30), noise(9, 10, 2)];
  const [, second] = await predicted(model, { size }, large, small);
  const [alone] = await predicted(model, { size }, small);
  deepStrictEqual(second, alone);
});

Deno.test("a predictor takes every network and head", async () => {
  const models = [
    smallModel("largefov", { head: { kind: "bcm" } }),
    smallModel("largefov", { head: { kind: "bcm", combine: "grouped" } }),
    smallModel("mobilenet", { head: { kind: "bgm" } }),
    smallModel("resnet", { head: { kind: "bcm", combine: "logit" } }),
  ];
  for (const model of models) {
    const size = { width: 33, height: 17 };
    const [map] = await predicted(model, { size }, noise(28, 17));
    ok(map!.data.length === 3 * 3 * 5);
    ok(new Set(map!.data).size > 5);
  }
});

Deno.test("a predictor gives attention maps of heads that have them", async () => {
  const options = {
    size: { width: 33, height: 17 },
    map: "attention",
  } as const;
  const maps = async (head: Parameters<typeof smallModel>[1]) =>
    (await predicted(smallModel("largefov", head), options, noise(28, 17)))[0]!;
  const ofClasses = await maps({ head: { kind: "bcm" } });
  const ofAll = await maps({ head: { kind: "bgm" } });
  deepStrictEqual([ofClasses.classCount, ofAll.classCount], [3, 1]);
  for (const { data } of [ofClasses, ofAll]) {
    ok(data.every((level) => level > 0 && level < 1));
    ok(new Set(data).size > 5);
  }
  await rejects(maps({ head: { kind: "plain" } }), {
    name: "RangeError",
    message: "Cannot predict attention maps as the model's head must be bcm " +
      "or bgm: it is plain",
  });
});

Deno.test("a predictor refuses a picture that does not fit", async () => {
  const model = smallModel("largefov");
  const size = { width: 17, height: 17 };
  await rejects(predicted(model, { size }, noise(18, 9)), {
    name: "RangeError",
    message: "Cannot pad a picture as it must fit in 17 × 17 px: it is 18 × 9",
  });
});

Deno.test("a predictor refuses a model whose scores are not finite", async () => {
  const model = smallModel("largefov");
  model.values.get("fc8/bias")![1] = Infinity;
  const size = { width: 17, height: 17 };
  await rejects(predicted(model, { size }, noise(9, 9)), {
    name: "RangeError",
    message:
      "Cannot predict a picture as its scores must be finite: Infinity " +
      "of class 1 at cell (0, 0)",
  });
});
