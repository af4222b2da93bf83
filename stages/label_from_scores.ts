/**
 * Stage `label_from_scores`: label maps from a network's scores alone.
 *
 *   in   scores  score maps
 *   out  labels  uint8 [H, W]; 0 background, 1…K class; no void
 *
 * Scores are scaled up bilinearly with aligned corners and cut to the picture;
 * each pixel gets the class that scores highest, of equals the smallest
 * [Song2019, section 4.1]; docs/method.md, Prediction.
 *
 * @module
 */
import * as z from "zod";
import { labelsOfScores } from "../lib/predict/upsample.ts";
import { defineStage } from "../pipeline/mod.ts";
import { LABEL_MAPS, SCORE_MAPS } from "./artifacts.ts";

/** Labels pictures by their scores. */
export const labelFromScores = defineStage({
  name: "label_from_scores",
  version: 1,
  module: import.meta.url,
  params: z.strictObject({}),
  inputs: { scores: SCORE_MAPS },
  outputs: { labels: LABEL_MAPS },
  shards: { over: "scores", size: 100 },
  async run({ inputs, outputs, progress, signal }) {
    const { ids } = inputs.scores;
    for (const [i, id] of ids.entries()) {
      signal.throwIfAborted();
      const scores = await inputs.scores.read(id);
      await outputs.labels.write(id, labelsOfScores(scores));
      progress(i + 1, ids.length, "images");
    }
    return {};
  },
});
