/**
 * Stage `predict_attention`: where a trained network looks for each class.
 *
 *   in   images   pictures
 *   in   boxes    of the pictures to predict: only their ids and sizes are read
 *   in   weights  a model of `train_segmenter`
 *   out  maps     attention maps, one for each class or one for all; none of a
 *                 model whose head has no attention
 *
 * So it may stand beside `predict_scores` for every model of a table. Padding
 * and threads are as there.
 *
 * @module
 */
import { chooseEngine } from "../lib/engine/choose_engine.ts";
import { modelOf } from "../lib/net/model_file.ts";
import { PredictParams } from "../lib/predict/predict_params.ts";
import { predictPictures } from "../lib/predict/predict_pictures.ts";
import { defineStage } from "../pipeline/mod.ts";
import { ATTENTION_MAPS, BOXES, IMAGES, WEIGHTS } from "./artifacts.ts";

/** Predicts attention maps. */
export const predictAttention = defineStage({
  name: "predict_attention",
  version: 1,
  module: import.meta.url,
  params: PredictParams,
  inputs: { images: IMAGES, boxes: BOXES, weights: WEIGHTS },
  outputs: { maps: ATTENTION_MAPS },
  shards: { over: "boxes", with: ["images"], size: 100 },
  async run({ params, inputs, outputs, progress, log, signal }) {
    const model = modelOf(inputs.weights);
    if (model.config.head.kind === "plain") {
      log("predicts nothing, as the model's head has no attention");
      return {};
    }
    const { engine, why } = await chooseEngine(params);
    log(`predicts with ${why}`);
    await predictPictures(engine, model, {
      images: inputs.images,
      sizes: inputs.boxes,
      inputSizePx: params.inputSizePx,
      map: "attention",
      write: (id, map) => outputs.maps.write(id, map),
      onDone: (count) => progress(count, inputs.boxes.ids.length, "images"),
      signal,
    });
    return {};
  },
});
