import { deepStrictEqual, ok, throws } from "node:assert/strict";
import type { LabelPlanes } from "../../../lib/crf/label_planes.ts";
import { assertUnary, unaryFromProbabilities } from "../../../lib/crf/unary.ts";

function twoLabels(...values: number[]): LabelPlanes {
  const data = Float32Array.from(values);
  return { labelCount: 2, width: data.length / 2, height: 1, data };
}

Deno.test("unaryFromProbabilities is −ln p in nats", () => {
  const unary = unaryFromProbabilities(twoLabels(0.25, 1, 0.75, 0));
  deepStrictEqual(
    unary.data,
    Float32Array.from([1.3862943611, 0, 0.2876820724, 27.6310211159]),
  );
});

Deno.test("unaryFromProbabilities rules no label out", () => {
  const unary = unaryFromProbabilities(twoLabels(0, 1e-30, 1, 1));
  ok(unary.data.every(Number.isFinite));
});

Deno.test("unaryFromProbabilities takes 1 with the rounding of a softmax", () => {
  const unary = unaryFromProbabilities(twoLabels(1.0000001, 0));
  ok(Math.abs(unary.data[0]!) < 1e-6);
});

Deno.test("unaryFromProbabilities names what is no probability", () => {
  for (const [wrong, shown] of [[-0.5, "-0.5"], [1.5, "1.5"], [NaN, "NaN"]]) {
    throws(
      () => unaryFromProbabilities(twoLabels(1, 1, 0, Number(wrong))),
      {
        name: "RangeError",
        message: "Cannot make a unary as a probability must be a number 0…1: " +
          `${shown} of label 1 at pixel (1, 0)`,
      },
    );
  }
});

Deno.test("assertUnary names the first label and pixel without a number", () => {
  for (const wrong of [NaN, -Infinity]) {
    throws(() => assertUnary(twoLabels(0, 0, 1, 1, wrong, NaN)), {
      name: "RangeError",
      message: "Cannot run the dense CRF as a unary must be −ln p, a number " +
        `above −∞: ${wrong} of label 1 at pixel (1, 0)`,
    });
  }
});

Deno.test("assertUnary lets a unary rule out labels, but not all of a pixel", () => {
  assertUnary(twoLabels(0, Infinity, Infinity, 0));
  throws(() => assertUnary(twoLabels(0, Infinity, 0, Infinity)), {
    name: "RangeError",
    message: "Cannot run the dense CRF as each pixel must have a label that " +
      "its unary does not rule out: all 2 are ∞ at pixel (1, 0)",
  });
});
