/**
 * Stage `propose_segments`: label maps that follow the objects in the boxes.
 *
 *   in   images  pictures
 *   in   boxes   by image id
 *   in   classes names in the order of their ids; needed for labels: all
 *   out  labels  uint8 [H, W]; 0 background, 1…K class; no void
 *
 * A dense CRF on a unary made from the boxes: the "CRF-Box" proposals of
 * [Song2019, section 3.1], by the recipe of [Papandreou2015];
 * docs/method.md, Proposals.
 * Defaults are those noted by its authors for pictures of about 500 × 375 px.
 *
 * @module
 */
import * as z from "zod";
import { chooseCrf } from "../lib/crf/choose_crf.ts";
import { CrfDeviceParam, crfParams } from "../lib/crf/crf_params.ts";
import { WSSL_BOX_CRF } from "../lib/crf/dense_crf.ts";
import { inOrder } from "../lib/crf/in_order.ts";
import { proposeSegments as propose } from "../lib/weak/propose_segments.ts";
import { defineStage, optional } from "../pipeline/mod.ts";
import { BOXES, CLASS_NAMES, IMAGES, LABEL_MAPS } from "./artifacts.ts";

const Params = z.strictObject({
  ...crfParams(WSSL_BOX_CRF),
  coreShare: z.number().min(0).max(1).default(0.25)
    .describe("the core of a box holds less than this share of its area"),
  coreProbability: z.number().min(0).max(1).default(0.75)
    .describe("of the box's class in the core"),
  ringProbability: z.number().min(0).max(1).default(0.5)
    .describe("of the box's class in the rest of the box"),
  labels: z.enum(["present", "all"]).default("present")
    .describe("labels that compete: those of the boxes, or of all classes"),
  resetOutsideBoxes: z.boolean().default(false)
    .describe("whether pixels outside the boxes of their class are background"),
  device: CrfDeviceParam,
});

/** Proposes segments by dense CRF. */
export const proposeSegments = defineStage({
  name: "propose_segments",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: { images: IMAGES, boxes: BOXES, classes: optional(CLASS_NAMES) },
  outputs: { labels: LABEL_MAPS },
  shards: { over: "boxes", with: ["images"], size: 16 },
  async run({ params, inputs, outputs, progress, log, signal }) {
    const { ids } = inputs.boxes;
    const options = optionsOf(params, inputs.classes);
    using crf = await chooseCrf(params.device, { onFallback: log });
    log(crf.why);
    const proposed = async (id: string) => {
      const image = await inputs.images.read(id);
      const { boxes } = await inputs.boxes.read(id);
      return {
        id,
        labels: await propose(image, boxes, { ...options, run: crf.run }),
      };
    };
    const limit = crf.overlap;
    let done = 0;
    for await (const it of inOrder(ids, proposed, { limit, signal })) {
      await outputs.labels.write(it.id, it.labels);
      progress(++done, ids.length, "images");
    }
    return {};
  },
});

function optionsOf(
  params: z.output<typeof Params>,
  classes: readonly string[] | null,
) {
  const { labels, resetOutsideBoxes, device: _, ...rest } = params;
  const { coreShare, coreProbability, ringProbability, ...crf } = rest;
  if (labels === "all" && classes === null) {
    throw new RangeError(
      'Cannot let all labels compete as the step must have input "classes": ' +
        "it has none",
    );
  }
  const all = [0, ...(classes ?? []).map((_, k) => k + 1)];
  return {
    crf,
    coreShare,
    coreProbability,
    ringProbability,
    resetOutsideBoxes,
    ...(labels === "all" && { labels: all }),
  };
}
