import { deepStrictEqual, throws } from "node:assert/strict";
import {
  addConfusion,
  countConfusion,
  emptyConfusion,
} from "../../../lib/metric/confusion_matrix.ts";
import { labelMap } from "../../drawings.ts";

/** Counts of one image of three classes, row by row. */
function countsOf(truth: string[], prediction: string[]): number[][] {
  const pair = {
    imageId: "2007_000063",
    truth: labelMap(...truth),
    prediction: labelMap(...prediction),
  };
  const { counts } = countConfusion(pair, 3);
  return [0, 3, 6].map((from) => [...counts.subarray(from, from + 3)]);
}

function refuses(truth: string[], prediction: string[], message: string): void {
  throws(() => countsOf(truth, prediction), {
    name: "RangeError",
    message: `Cannot score image "2007_000063" as its ${message}`,
  });
}

Deno.test("countConfusion has truth in rows and leaves void out", () => {
  const counts = countsOf(
    ["112?", ".1?."],
    ["1222", "..11"],
  );
  deepStrictEqual(counts, [
    [1, 1, 0],
    [1, 1, 1],
    [0, 0, 1],
  ]);
});

Deno.test("countConfusion refuses predictions of another size", () => {
  refuses(
    ["..", ".."],
    ["...."],
    "prediction must be as large as its ground truth: " +
      "prediction is 4 × 1 px, ground truth is 2 × 2 px",
  );
});

Deno.test("countConfusion refuses void and unknown labels in predictions", () => {
  const rule = "prediction must hold labels 0…2 only: ";
  refuses(["..", ".."], ["..", ".?"], `${rule}label 255 at (1, 1)`);
  refuses(["..", ".."], [".3", ".."], `${rule}label 3 at (1, 0)`);
  refuses(["?"], ["?"], `${rule}label 255 at (0, 0)`);
});

Deno.test("countConfusion refuses unknown labels in the truth", () => {
  refuses(
    ["?.", "3."],
    ["..", ".."],
    "ground truth must hold labels 0…2 and 255 only: label 3 at (0, 1)",
  );
});

Deno.test("addConfusion adds in place, past what float32 can count", () => {
  const total = emptyConfusion(2);
  const part = { classCount: 2, counts: Float64Array.of(2 ** 24, 0, 0, 1) };
  for (let i = 0; i < 3; i++) addConfusion(total, part);
  addConfusion(total, { classCount: 2, counts: Float64Array.of(1, 2, 0, 0) });
  deepStrictEqual([...total.counts], [3 * 2 ** 24 + 1, 2, 0, 3]);
});

Deno.test("addConfusion and emptyConfusion refuse wrong numbers of classes", () => {
  throws(() => addConfusion(emptyConfusion(2), emptyConfusion(3)), {
    name: "RangeError",
    message: "Cannot add confusion matrices as they must have equally many " +
      "classes: 2 and 3",
  });
  for (const count of [0, 256, 1.5]) {
    throws(() => emptyConfusion(count), {
      name: "RangeError",
      message: "Cannot count classes as their number must be 1…255: " + count,
    });
  }
});
