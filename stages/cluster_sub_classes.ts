/**
 * Stage `cluster_sub_classes`: the sub-class of every box.
 *
 *   in   boxes        by image id
 *   in   proposals    uint8 [H, W] by image id
 *   out  sub_classes  by image id, for each box 0…subClassCount − 1;
 *                     0 is the cluster that fills its boxes most
 *
 * k-means within each class, over the shapes of its proposals [Song2019,
 * section 3.3]; features and the rest: docs/method.md, Sub-classes.
 *
 * @module
 */
import * as z from "zod";
import type { Box } from "../lib/geometry/box.ts";
import { seededRandom } from "../lib/random.ts";
import { boxShares } from "../lib/weak/filling_rate.ts";
import {
  type BoxShape,
  boxShape,
  subClasses,
} from "../lib/weak/sub_classes.ts";
import { defineStage } from "../pipeline/mod.ts";
import { BOXES, LABEL_MAPS, SUB_CLASSES } from "./artifacts.ts";

const Params = z.strictObject({
  subClassCount: z.int().min(1).max(255).default(3).describe("per class"),
  features: z.enum(["mask", "aspect", "fr1d"]).default("mask")
    .describe("what boxes are compared by"),
  restarts: z.int().min(1).max(1000).default(10).describe("of k-means"),
  aspectWeight: z.number().min(0).default(4)
    .describe("of ln(w / h) beside the 256 mask cells"),
  minBoxAreaPx: z.int().min(0).default(100)
    .describe("px²; smaller boxes go to the nearest centre"),
  frOwnership: z.enum(["class", "box"]).default("class")
    .describe("whether pixels of another box of the class count"),
});

/** Groups the boxes of each class by shape. */
export const clusterSubClasses = defineStage({
  name: "cluster_sub_classes",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: { boxes: BOXES, proposals: LABEL_MAPS },
  outputs: { sub_classes: SUB_CLASSES },
  seeded: true,
  async run({ params, inputs, seed, progress }) {
    const placed: { id: string; index: number; box: Box; shape: BoxShape }[] =
      [];
    const result: Record<string, number[]> = {};
    const { ids } = inputs.boxes;
    for (const [i, id] of ids.entries()) {
      const { boxes } = await inputs.boxes.read(id);
      const proposal = await inputs.proposals.read(id);
      const shares = boxShares(proposal, boxes, params);
      for (const [index, box] of boxes.entries()) {
        const shape = boxShape(proposal, box, shares[index]!);
        placed.push({ id, index, box, shape });
      }
      result[id] = boxes.map(() => 0);
      progress(i + 1, ids.length, "images");
    }
    const byClass = Map.groupBy(placed, ({ box }) => box.classId);
    for (const [classId, ofClass] of byClass) {
      const random = seededRandom(seed).split(`class ${classId}`);
      const shapes = ofClass.map(({ shape }) => shape);
      const groups = subClasses(shapes, { ...params, random });
      ofClass.forEach(({ id, index }, i) => result[id]![index] = groups[i]!);
    }
    return { sub_classes: result };
  },
});
