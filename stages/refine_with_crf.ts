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
import { chooseCrf } from "../lib/crf/choose_crf.ts";
import { LARGEFOV_CRF } from "../lib/crf/dense_crf.ts";
import { inOrder } from "../lib/crf/in_order.ts";
import { DeviceParam } from "../lib/engine/engine_params.ts";
import { ofImage } from "../lib/predict/of_image.ts";
import {
  LEAST_COMPETING_PROBABILITY,
  refineLabels,
} from "../lib/predict/refine_labels.ts";
import { defineStage } from "../pipeline/mod.ts";
import { IMAGES, LABEL_MAPS, SCORE_MAPS } from "./artifacts.ts";

const CRF = LARGEFOV_CRF;
const Weight = z.number().min(0).max(1e6);
const Sigma = z.number().positive();

const Params = z.strictObject({
  appearanceWeight: Weight.default(CRF.appearanceWeight)
    .describe("of the bilateral kernel"),
  appearanceSigmaPx: Sigma.default(CRF.appearanceSigmaPx).describe("px"),
  appearanceSigmaLevels: Sigma.default(CRF.appearanceSigmaLevels)
    .describe("RGB levels of 0…255"),
  smoothnessWeight: Weight.default(CRF.smoothnessWeight)
    .describe("of the spatial kernel"),
  smoothnessSigmaPx: Sigma.default(CRF.smoothnessSigmaPx).describe("px"),
  normalisation: z.enum(["after", "symmetric"]).default(CRF.normalisation)
    .describe(
      "after: by the filter of ones at the receiver; symmetric: ½ each",
    ),
  iterations: z.int().min(0).max(1000).default(CRF.iterations)
    .describe("of mean field"),
  leastProbability: z.number().min(0).max(1)
    .default(LEAST_COMPETING_PROBABILITY).describe(
      "classes less likely than this in the whole picture do not compete: at " +
        "the defaults of all params they could not win; at more they may",
    ),
  device: DeviceParam.describe("where the CRF runs"),
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
  async run({ params, inputs, outputs, progress, log, signal }) {
    const { leastProbability, device, ...crf } = params;
    const { ids } = inputs.scores;
    const chosen = await chooseCrf(device, { onFallback: log });
    const { run, why, overlap, dispose } = chosen;
    log(why);
    const refined = async (id: string) => {
      const image = await inputs.images.read(id);
      const scores = await inputs.scores.read(id);
      const options = { crf, leastProbability, run };
      const labels = await ofImage(
        id,
        () => refineLabels(image, scores, options),
      );
      return { id, labels };
    };
    try {
      let done = 0;
      const limit = overlap;
      for await (const it of inOrder(ids, refined, { limit, signal })) {
        await outputs.labels.write(it.id, it.labels);
        progress(++done, ids.length, "images");
      }
    } finally {
      dispose();
    }
    return {};
  },
});
