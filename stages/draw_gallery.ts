/**
 * Stage `draw_gallery`: some images with their labels, side by side.
 *
 * A row for each image: the picture with its boxes, rectangle labels, CRF
 * proposals, ground truth. Images are taken at even distances over the split.
 *
 *   in   images, boxes, rectangles, proposals, truth   by image id
 *   out  gallery                                       PNG
 *
 * @module
 */
import * as z from "zod";
import {
  drawBoxes,
  enlarge,
  montage,
  overlayLabels,
} from "../lib/image/montage.ts";
import type { RgbImage } from "../lib/image/image.ts";
import { VOC_PALETTE } from "../lib/label/palette.ts";
import { defineStage, optional } from "../pipeline/mod.ts";
import { BOXES, IMAGES, LABEL_MAPS, PICTURE } from "./artifacts.ts";

const GAP_PX = 4;

const Params = z.strictObject({
  rows: z.int().min(1).max(100).default(6).describe("images shown"),
  enlarge: z.int().min(1).max(8).default(1).describe("whole factor"),
  opacity: z.number().min(0).max(1).default(0.65).describe("of labels"),
});

/** Draws labels over pictures. */
export const drawGallery = defineStage({
  name: "draw_gallery",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: {
    images: IMAGES,
    boxes: BOXES,
    rectangles: LABEL_MAPS,
    proposals: LABEL_MAPS,
    truth: optional(LABEL_MAPS),
  },
  outputs: { gallery: PICTURE },
  async run({ params, inputs }) {
    const look = { palette: VOC_PALETTE, opacity: params.opacity };
    const rows: RgbImage[][] = [];
    for (const id of spread(inputs.boxes.ids, params.rows)) {
      const image = await inputs.images.read(id);
      const { boxes } = await inputs.boxes.read(id);
      const maps = [inputs.rectangles, inputs.proposals, inputs.truth]
        .filter((one) => one !== null);
      const labelled = maps
        .map(async (labels) =>
          overlayLabels(image, await labels.read(id), look)
        );
      rows.push([
        drawBoxes(image, boxes, VOC_PALETTE),
        ...await Promise.all(labelled),
      ]);
    }
    const gallery = montage(rows, {
      gapPx: GAP_PX,
      background: [255, 255, 255],
    });
    return { gallery: enlarge(gallery, params.enlarge) };
  },
});

/** `count` ids at even distances; all when there are fewer. */
function spread(ids: readonly string[], count: number): string[] {
  const wanted = Math.min(count, ids.length);
  return Array.from(
    { length: wanted },
    (_, i) => ids[Math.floor((i + 0.5) * ids.length / wanted)]!,
  );
}
