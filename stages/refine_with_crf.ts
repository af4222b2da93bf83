/**
 * Stage `refine_with_crf`: label maps from a network's scores and the colours
 * of the pictures.
 *
 *   in   images  pictures
 *   in   scores  score maps
 *   out  labels  uint8 [H, W]; 0 background, 1…K class; no void
 *
 * A dense CRF whose unary is −ln softmax of the scores at the picture's size
 * [Song2019, section 4.1]. The paper takes "the same parameters" as WSSL, which
 * notes several sets; the defaults are those of DeepLab-LargeFOV for pictures
 * of about 500 × 375 px; docs/method.md, Post-CRF.
 *
 * @module
 */
import * as z from "zod";
import { ofImage } from "../lib/predict/of_image.ts";
import { refineLabels } from "../lib/predict/refine_labels.ts";
import { defineStage } from "../pipeline/mod.ts";
import { IMAGES, LABEL_MAPS, SCORE_MAPS } from "./artifacts.ts";

const Weight = z.number().min(0).max(1e6);
const Sigma = z.number().positive();

const Params = z.strictObject({
  appearanceWeight: Weight.default(4).describe("of the bilateral kernel"),
  appearanceSigmaPx: Sigma.default(121).describe("px"),
  appearanceSigmaLevels: Sigma.default(5).describe("RGB levels of 0…255"),
  smoothnessWeight: Weight.default(3).describe("of the spatial kernel"),
  smoothnessSigmaPx: Sigma.default(3).describe("px"),
  normalisation: z.enum(["after", "symmetric"]).default("after")
    .describe(
      "after: by the filter of ones at the receiver; symmetric: ½ each",
    ),
  iterations: z.int().min(0).max(1000).default(10).describe("of mean field"),
  leastProbability: z.number().min(0).max(1).default(0.001).describe(
    "classes less likely than this in the whole picture do not compete; they " +
      "could not win",
  ),
});

/** Refines predictions by dense CRF. */
export const refineWithCrf = defineStage({
  name: "refine_with_crf",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: { images: IMAGES, scores: SCORE_MAPS },
  outputs: { labels: LABEL_MAPS },
  shards: { over: "scores", with: ["images"], size: 16 },
  async run({ params, inputs, outputs, progress, signal }) {
    const { leastProbability, ...crf } = params;
    const { ids } = inputs.scores;
    for (const [i, id] of ids.entries()) {
      signal.throwIfAborted();
      const image = await inputs.images.read(id);
      const scores = await inputs.scores.read(id);
      const labels = await ofImage(
        id,
        () => refineLabels(image, scores, { crf, leastProbability }),
      );
      await outputs.labels.write(id, labels);
      progress(i + 1, ids.length, "images");
    }
    return {};
  },
});
