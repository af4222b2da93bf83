/**
 * Stage `predict_scores`: what a trained network says of pictures.
 *
 *   in   images   pictures
 *   in   boxes    of the pictures to predict: only their ids and sizes are read
 *   in   weights  a model of `train_segmenter`
 *   out  scores   score maps, as far apart as the network strides; metadata:
 *                 what the network ran on
 *
 * Single scale, no mirroring, padded at the bottom and right with the mean
 * colour [Song2019, section 4.1]; docs/method.md, Prediction. A network runs on
 * one thread, and shards of pictures side by side: on one kind of CPU the same
 * bytes come out whatever the number of cores.
 *
 * @module
 */
import { chooseEngine } from "../lib/engine/choose_engine.ts";
import { modelOf } from "../lib/net/model_file.ts";
import { PredictParams } from "../lib/predict/predict_params.ts";
import { predictPictures } from "../lib/predict/predict_pictures.ts";
import { defineStage } from "../pipeline/mod.ts";
import { BOXES, IMAGES, SCORE_MAPS, WEIGHTS } from "./artifacts.ts";

/** Predicts score maps. */
export const predictScores = defineStage({
  name: "predict_scores",
  version: 1,
  module: import.meta.url,
  params: PredictParams,
  inputs: { images: IMAGES, boxes: BOXES, weights: WEIGHTS },
  outputs: { scores: SCORE_MAPS },
  shards: { over: "boxes", with: ["images"], size: 100 },
  async run({ params, inputs, outputs, progress, log, signal }) {
    const model = modelOf(inputs.weights);
    const { engine, why } = await chooseEngine(params);
    log(`predicts with ${why}`);
    await predictPictures(engine, model, {
      images: inputs.images,
      sizes: inputs.boxes,
      inputSizePx: params.inputSizePx,
      write: (id, scores) => outputs.scores.write(id, scores),
      onDone: (count) => progress(count, inputs.boxes.ids.length, "images"),
      signal,
    });
    return {};
  },
});
