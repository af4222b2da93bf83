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
import { CrfDeviceParam, crfParams } from "../lib/crf/crf_params.ts";
import { LARGEFOV_CRF } from "../lib/crf/dense_crf.ts";
import { inOrder } from "../lib/crf/in_order.ts";
import { ofImage } from "../lib/predict/of_image.ts";
import {
  LEAST_COMPETING_PROBABILITY,
  refineLabels,
} from "../lib/predict/refine_labels.ts";
import { defineStage } from "../pipeline/mod.ts";
import { IMAGES, LABEL_MAPS, SCORE_MAPS } from "./artifacts.ts";

const Params = z.strictObject({
  ...crfParams(LARGEFOV_CRF),
  leastProbability: z.number().min(0).max(1)
    .default(LEAST_COMPETING_PROBABILITY).describe(
      "classes less likely than this in the whole picture do not compete: at " +
        "the defaults of all params they could not win; at more they may",
    ),
  device: CrfDeviceParam,
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
    const { leastProbability, device, ...options } = params;
    const { ids } = inputs.scores;
    using crf = await chooseCrf(device, { onFallback: log });
    log(crf.why);
    const refined = async (id: string) => {
      const image = await inputs.images.read(id);
      const scores = await inputs.scores.read(id);
      const refine = () =>
        refineLabels(image, scores, {
          crf: options,
          leastProbability,
          run: crf.run,
        });
      return { id, labels: await ofImage(id, refine) };
    };
    const limit = crf.overlap;
    let done = 0;
    for await (const it of inOrder(ids, refined, { limit, signal })) {
      await outputs.labels.write(it.id, it.labels);
      progress(++done, ids.length, "images");
    }
    return {};
  },
});
