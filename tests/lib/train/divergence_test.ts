import { match } from "node:assert/strict";
import {
  divergence,
  type DivergenceFacts,
} from "../../../lib/train/divergence.ts";
import { parameterLayout } from "../../../lib/train/parameter_layout.ts";

const SPEC = { name: "fc8/bias", shape: [1], rate: 20, decays: false };

function message(facts: Partial<DivergenceFacts>): string {
  return divergence({
    iteration: 7,
    learningRate: 0.1,
    loss: 2,
    maskLoss: 0,
    layout: parameterLayout([SPEC]),
    weights: Float32Array.of(1),
    gradients: [],
    ...facts,
  }).message;
}

Deno.test("divergence says of a finite loss that it is too large, not that it is not finite", () => {
  for (const loss of [12202, NaN, Infinity]) {
    const rule = "the loss must stay finite, and at most 10000: it is not";
    match(
      message({ loss }),
      new RegExp(`^Cannot go on training as ${rule}, .* and loss ${loss}; `),
    );
  }
});

Deno.test("divergence names what is not finite", () => {
  const start = "^Cannot go on training as all numbers must stay finite: ";
  const cases: [Partial<DivergenceFacts>, string][] = [
    [{ weights: Float32Array.of(NaN), loss: NaN }, '"fc8/bias" is not,'],
    [{ maskLoss: Infinity }, "the mask loss, Infinity, is not,"],
    [{}, "a sum of gradients is not,"],
    [
      { gradients: [Float32Array.of(NaN)], loss: NaN },
      'the gradient of "fc8/bias" is not,',
    ],
  ];
  for (const [facts, found] of cases) {
    match(message(facts), new RegExp(start + found));
  }
});
