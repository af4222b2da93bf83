/**
 * Stage `predict_scores`: what a trained network says of pictures.
 *
 *   in   images   pictures
 *   in   boxes    of the pictures to predict: only their ids and sizes are read
 *   in   weights  a model of `train_segmenter`
 *   out  scores   score maps, as far apart as the network strides; metadata:
 *                 what the network ran on. Or its attention maps, 0…1, in the
 *                 same form: one for each class, or one for all
 *
 * Single scale, no mirroring, padded at the bottom and right with the mean
 * colour [Song2019, section 4.1]; docs/method.md, Prediction. A network runs on
 * one thread, and shards of pictures side by side: on one kind of CPU the same
 * bytes come out whatever the number of cores.
 *
 * @module
 */
import * as z from "zod";
import { chooseEngine } from "../lib/engine/choose_engine.ts";
import { DeviceParam, EngineParam } from "../lib/engine/engine_params.ts";
import { engineText } from "../lib/engine/engine_text.ts";
import type { Size } from "../lib/geometry/size.ts";
import type { RgbImage } from "../lib/image/image.ts";
import { modelOf } from "../lib/net/model_file.ts";
import { ofImage } from "../lib/predict/of_image.ts";
import { paddedSize } from "../lib/predict/padded_size.ts";
import { compilePredictor } from "../lib/predict/predictor.ts";
import { type CollectionReader, defineStage } from "../pipeline/mod.ts";
import { BOXES, IMAGES, SCORE_MAPS, WEIGHTS } from "./artifacts.ts";

const Params = z.strictObject({
  inputSizePx: z.int().min(9).nullable().default(null).describe(
    "8k + 1; pictures that fit in such a square are padded to it, as the " +
      "paper pads to 513; null: each side to the next 8k + 1",
  ),
  map: z.enum(["scores", "attention"]).default("scores")
    .describe("what is predicted; attention: of a head that has it"),
  engine: EngineParam,
  device: DeviceParam,
});

/** Predicts score maps. */
export const predictScores = defineStage({
  name: "predict_scores",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: { images: IMAGES, boxes: BOXES, weights: WEIGHTS },
  outputs: { scores: SCORE_MAPS },
  shards: { over: "boxes", with: ["images"], size: 100 },
  async run({ params, inputs, outputs, progress, log, signal }) {
    const model = modelOf(inputs.weights);
    const groups = await bySize(inputs.boxes, params.inputSizePx);
    const { engine, why } = await chooseEngine(params);
    log(`predicts with ${why}`);
    let done = 0;
    for (const { size, pictures } of groups) {
      const options = { size, map: params.map };
      const predictor = await compilePredictor(engine, model, options);
      try {
        for (const picture of pictures) {
          signal.throwIfAborted();
          const image = await inputs.images.read(picture.id);
          refuseOtherSize(picture, image);
          await ofImage(picture.id, async () => {
            const scores = await predictor.predict(image);
            const told = { ...scores, engine: engineText(engine) };
            await outputs.scores.write(picture.id, told);
          });
          progress(++done, inputs.boxes.ids.length, "images");
        }
      } finally {
        await predictor.dispose();
      }
    }
    return {};
  },
});

type Picture = Size & { readonly id: string };

/** Pictures of one padded size together, as each size is compiled once. */
async function bySize(
  boxes: CollectionReader<Size>,
  inputSizePx: number | null,
): Promise<{ size: Size; pictures: Picture[] }[]> {
  const groups = new Map<string, { size: Size; pictures: Picture[] }>();
  for (const id of boxes.ids) {
    const { width, height } = await boxes.read(id);
    const size = paddedSize({ width, height }, inputSizePx);
    const key = `${size.width} ${size.height}`;
    const group = groups.get(key) ?? { size, pictures: [] };
    groups.set(key, group);
    group.pictures.push({ id, width, height });
  }
  return [...groups.values()];
}

function refuseOtherSize(picture: Picture, image: RgbImage): void {
  const { id, width, height } = picture;
  if (image.width === width && image.height === height) return;
  throw new RangeError(
    `Cannot predict image "${id}" as it must be as large as it was when its ` +
      `boxes were read: it is ${image.width} × ${image.height} px, was ` +
      `${width} × ${height} px`,
  );
}
