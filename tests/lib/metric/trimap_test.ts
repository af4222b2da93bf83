import { deepStrictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { type LabelMap, VOID } from "../../../lib/label/label_map.ts";
import {
  type ConfusionMatrix,
  countConfusion,
} from "../../../lib/metric/confusion_matrix.ts";
import type { LabelPair } from "../../../lib/metric/label_pair.ts";
import { countTrimapConfusions } from "../../../lib/metric/trimap.ts";
import { labelMap } from "../../drawings.ts";
import { anyPair } from "./any_pair.ts";

/** As MyVOCevalsegBoundary.m: void dilated by a square, minus the void. */
function countByDilation(pair: LabelPair, widthPx: number): ConfusionMatrix {
  const { width, height, data } = pair.truth;
  const isNear = (truth: LabelMap, p: number) =>
    truth.data.some((label, q) =>
      label === VOID &&
      Math.abs(p % width - q % width) <= widthPx &&
      Math.abs(Math.floor(p / width) - Math.floor(q / width)) <= widthPx
    );
  const near = data.map((label, p) => isNear(pair.truth, p) ? label : VOID);
  const truth = { width, height, data: near };
  return countConfusion({ ...pair, truth }, 3);
}

Deno.test("countTrimapConfusions counts the square around void, without it", () => {
  const pair = {
    imageId: "a",
    truth: labelMap(
      ".......",
      ".......",
      "..?....",
      ".......",
      "1......",
    ),
    prediction: labelMap(
      "1......",
      "...1...",
      "..1....",
      "......1",
      "1......",
    ),
  };
  const [near, wide] = countTrimapConfusions(pair, {
    classCount: 2,
    widthsPx: [1, 2],
  });
  deepStrictEqual([...near!.counts], [7, 1, 0, 0]);
  deepStrictEqual([...wide!.counts], [21, 2, 0, 1]);
});

Deno.test("countTrimapConfusions equals dilation by brute force", () => {
  const widths = fc.array(fc.integer({ min: 1, max: 13 }), { maxLength: 4 });
  fc.assert(fc.property(anyPair(3), widths, (pair, widthsPx) => {
    deepStrictEqual(
      countTrimapConfusions(pair, { classCount: 3, widthsPx }),
      widthsPx.map((widthPx) => countByDilation(pair, widthPx)),
    );
  }));
});

Deno.test("countTrimapConfusions counts nothing without void pixels", () => {
  const truth = labelMap("11..", "11..");
  const [counted] = countTrimapConfusions(
    { imageId: "a", truth, prediction: truth },
    { classCount: 2, widthsPx: [40] },
  );
  deepStrictEqual([...counted!.counts], [0, 0, 0, 0]);
});

Deno.test("countTrimapConfusions with a large width counts the whole image", () => {
  const pair = {
    imageId: "a",
    truth: labelMap("?11..", "111.."),
    prediction: labelMap("11...", "111.1"),
  };
  const options = { classCount: 2, widthsPx: [40] };
  deepStrictEqual(countTrimapConfusions(pair, options), [
    countConfusion(pair, 2),
  ]);
});

Deno.test("countTrimapConfusions refuses widths that are none", () => {
  const truth = labelMap("?1");
  const pair = { imageId: "a", truth, prediction: labelMap("11") };
  for (const width of [0, 1.5, -1, 65536]) {
    throws(
      () =>
        countTrimapConfusions(pair, { classCount: 2, widthsPx: [1, width] }),
      {
        name: "RangeError",
        message:
          "Cannot count near borders as a width must be a whole number " +
          `of pixels, 1…65535: ${width}`,
      },
    );
  }
});
