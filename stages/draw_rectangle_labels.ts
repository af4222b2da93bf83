/**
 * Stage `draw_rectangle_labels`: label maps made by painting the boxes.
 *
 *   in   boxes   by image id
 *   out  labels  uint8 [H, W]; 0 background, 1…K class; no void by default
 *
 * Boxes are painted by decreasing area, so that the smaller is in front
 * [Song2019, section 3.1]; docs/method.md, Rectangle labels.
 *
 * @module
 */
import * as z from "zod";
import { rectangleLabels } from "../lib/weak/rectangle_labels.ts";
import { defineStage } from "../pipeline/mod.ts";
import { BOXES, LABEL_MAPS } from "./artifacts.ts";

const Params = z.strictObject({
  overlap: z.enum(["smaller", "larger", "void"]).default("smaller")
    .describe("which box owns the pixels that several cover"),
});

/** Paints boxes. */
export const drawRectangleLabels = defineStage({
  name: "draw_rectangle_labels",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: { boxes: BOXES },
  outputs: { labels: LABEL_MAPS },
  shards: { over: "boxes", size: 256 },
  async run({ params, inputs, outputs, progress }) {
    const { ids } = inputs.boxes;
    for (const [i, id] of ids.entries()) {
      const { boxes, ...size } = await inputs.boxes.read(id);
      const { labels } = rectangleLabels(boxes, size, params);
      await outputs.labels.write(id, labels);
      progress(i + 1, ids.length, "images");
    }
    return {};
  },
});
