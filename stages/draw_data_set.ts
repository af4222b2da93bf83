/**
 * Stage `draw_data_set`: the embedded data set, drawn from a seed.
 *
 *   out  data_set  pictures about 128 × 96 px, annotations, masks with void
 *                  borders (to score by) and without (to learn from, as on VOC
 *                  most are), and the lists train, val, train_semi: a folder in
 *                  the layout of PASCAL VOC, read like any other
 *
 * @module
 */
import * as z from "zod";
import type { VocAnnotation } from "../lib/dataset/voc_annotation.ts";
import { vocCorners } from "../lib/dataset/voc_boxes.ts";
import { drawPlannedImage, planDataSet } from "../lib/synthetic/data_set.ts";
import { EMBEDDED_CLASSES } from "../lib/synthetic/embedded_classes.ts";
import type { Scene, SceneObject } from "../lib/synthetic/scene.ts";
import { defineStage } from "../pipeline/mod.ts";
import { VOC_DATA_SET } from "./artifacts.ts";

const Params = z.strictObject({
  train: z.int().min(1).max(100_000).default(240).describe("pictures"),
  val: z.int().min(1).max(100_000).default(80).describe("pictures"),
  semi: z.int().min(0).max(100_000).default(36)
    .describe("of the train pictures, those listed as having a mask"),
});

/** Draws the embedded data set. */
export const drawDataSet = defineStage({
  name: "draw_data_set",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: {},
  outputs: { data_set: VOC_DATA_SET },
  seeded: true,
  async run({ params, seed, outputs: { data_set: out }, progress }) {
    const plan = planDataSet(seed, params);
    const images = [...plan.train, ...plan.val];
    for (const [i, planned] of images.entries()) {
      const scene = drawPlannedImage(seed, planned);
      await out.JPEGImages.write(planned.id, scene.image);
      await out.SegmentationClass.write(planned.id, scene.labels);
      await out.SegmentationClassAug.write(planned.id, scene.wholeLabels);
      await out.Annotations.write(planned.id, annotationOf(planned.id, scene));
      progress(i + 1, images.length, "images");
    }
    const lists = out["ImageSets/Segmentation"];
    await lists.write("train", plan.train.map(({ id }) => id));
    // A list must name an image: without any there is no such split.
    if (plan.semi.length > 0) await lists.write("train_semi", [...plan.semi]);
    await lists.write("val", plan.val.map(({ id }) => id));
    return {};
  },
});

function annotationOf(imageId: string, scene: Scene): VocAnnotation {
  const { width, height } = scene.image;
  const objects = scene.objects.map(objectOf);
  return { imageId, width, height, objects };
}

function objectOf({ box, pose, truncated, occluded }: SceneObject) {
  return {
    name: EMBEDDED_CLASSES[box.classId - 1]!.name,
    pose,
    truncated,
    occluded,
    difficult: false,
    corners: vocCorners(box),
  };
}
