import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { type LabelMap, VOID } from "../../../lib/label/label_map.ts";
import {
  addBoundaryCounts,
  bandWidthPx,
  type BoundaryCounts,
  boundaryIous,
  countBoundaries,
  emptyBoundaryCounts,
} from "../../../lib/metric/boundary_iou.ts";
import type { LabelPair } from "../../../lib/metric/label_pair.ts";
import { labelMap } from "../../drawings.ts";
import { anyPair } from "./any_pair.ts";

type Mask = boolean[];

/** One erosion by a 3 × 3 element; outside the image is outside the mask. */
function erode(mask: Mask, { width, height }: LabelMap): Mask {
  const isIn = (x: number, y: number) =>
    x >= 0 && x < width && y >= 0 && y < height && mask[y * width + x] === true;
  return mask.map((_, p) => {
    const around = [-1, 0, 1].map((step) => step + p % width);
    const y = Math.floor(p / width);
    return [-1, 0, 1].every((step) => around.every((x) => isIn(x, y + step)));
  });
}

/** The band of one class, as boundary-iou-api's mask_to_boundary. */
function bandOf(labels: LabelMap, classId: number, widthPx: number): Mask {
  const mask = Array.from(labels.data, (label) => label === classId);
  let eroded = mask;
  for (let i = 0; i < widthPx; i++) eroded = erode(eroded, labels);
  return mask.map((isIn, p) => isIn && !eroded[p]);
}

function countByErosion(pair: LabelPair, classCount: number): BoundaryCounts {
  const { truth } = pair;
  const data = pair.prediction.data.map((label, p) =>
    truth.data[p] === VOID ? VOID : label
  );
  const widthPx = bandWidthPx(truth);
  const counts = emptyBoundaryCounts(classCount);
  for (let c = 0; c < classCount; c++) {
    const ofTruth = bandOf(truth, c, widthPx);
    const ofPrediction = bandOf({ ...truth, data }, c, widthPx);
    ofTruth.forEach((isTruth, p) => {
      counts.intersectionC[c]! += Number(isTruth && ofPrediction[p]);
      counts.unionC[c]! += Number(isTruth || ofPrediction[p]);
    });
  }
  return counts;
}

Deno.test("countBoundaries counts the outline of each class, frame included", () => {
  const truth = labelMap(
    ".......",
    ".11111.",
    ".11111.",
    ".11111.",
    ".......",
  );
  const prediction = labelMap(
    ".......",
    ".111111",
    ".111111",
    ".111111",
    ".......",
  );
  // d = 1. Class 1: 12 around 3 and 14 around 4, 11 of them in both.
  const counts = countBoundaries({ imageId: "a", truth, prediction }, 2);
  deepStrictEqual([...counts.unionC], [20, 15]);
  deepStrictEqual([...counts.intersectionC], [17, 11]);
});

Deno.test("countBoundaries equals erosion by brute force", () => {
  fc.assert(fc.property(anyPair(3), (pair) => {
    deepStrictEqual(countBoundaries(pair, 3), countByErosion(pair, 3));
  }));
});

Deno.test("countBoundaries equals erosion where the band is 2 and 3 px wide", () => {
  const size = { width: 110, height: 90 };
  for (const scale of [1, 1.3]) {
    const width = Math.round(size.width * scale / 10) * 10;
    const height = Math.round(size.height * scale / 10) * 10;
    const disc = (cx: number, cy: number, radius: number) => ({
      width,
      height,
      data: Uint8Array.from({ length: width * height }, (_, p) => {
        const dx = p % width - cx;
        const dy = Math.floor(p / width) - cy;
        return Number(dx * dx + dy * dy <= radius * radius);
      }),
    });
    const truth = disc(50, 40, 45);
    truth.data.fill(VOID, 4000, 4030);
    const pair = { imageId: "a", truth, prediction: disc(54, 45, 40) };
    strictEqual(bandWidthPx(truth), scale === 1 ? 3 : 4);
    deepStrictEqual(countBoundaries(pair, 2), countByErosion(pair, 2));
  }
});

Deno.test("countBoundaries scores 1 for what is right wherever there is a truth", () => {
  const truth = labelMap("11???..", "111??..", "11???..");
  const prediction = labelMap("1111...", "1111...", "1111...");
  const counts = countBoundaries({ imageId: "a", truth, prediction }, 2);
  deepStrictEqual(boundaryIous(counts), [1, 1]);
});

Deno.test("boundaryIous of an absent class is null, of a class missed 0", () => {
  const truth = labelMap("11");
  const prediction = labelMap("22");
  const counts = countBoundaries({ imageId: "a", truth, prediction }, 4);
  deepStrictEqual(boundaryIous(counts), [null, 0, 0, null]);
});

Deno.test("bandWidthPx is 2 % of the diagonal, halves to even, at least 1", () => {
  const widthOf = (width: number, height: number) =>
    bandWidthPx({ width, height });
  strictEqual(widthOf(3, 4), 1);
  strictEqual(widthOf(300, 400), 10);
  strictEqual(widthOf(500, 375), 12); // 12.5
  strictEqual(widthOf(345, 460), 12); // 11.5
  strictEqual(widthOf(500, 333), 12); // 12.01
  strictEqual(widthOf(500, 400), 13); // 12.81
});

Deno.test("addBoundaryCounts adds in place and refuses other classes", () => {
  const total = emptyBoundaryCounts(2);
  const part = {
    intersectionC: Float64Array.of(1, 2),
    unionC: Float64Array.of(3, 4),
  };
  addBoundaryCounts(total, part);
  addBoundaryCounts(total, part);
  deepStrictEqual([...total.intersectionC, ...total.unionC], [2, 4, 6, 8]);
  throws(() => addBoundaryCounts(total, emptyBoundaryCounts(3)), {
    name: "RangeError",
    message: "Cannot add boundary counts as they must have equally many " +
      "classes: 2 and 3",
  });
});
