import { deepStrictEqual, ok } from "node:assert/strict";
import { meanField } from "../../../lib/crf/mean_field.ts";
import { pairwiseKernels } from "../../../lib/crf/pairwise.ts";

const LONE_PIXEL = { width: 1, height: 1, data: new Uint8Array(3) };

Deno.test("meanField of one pixel sends its own Q to itself", () => {
  // Normalised by itself, the lone pixel's message for label l is w · Q(l):
  // Q ← softmax(−U + 2 Q), from Q = softmax(−U) = (0.5, 0.3, 0.2).
  const unary = {
    labelCount: 3,
    width: 1,
    height: 1,
    data: Float32Array.of(0.5, 0.3, 0.2).map((p) => -Math.log(p)),
  };
  const kernels = pairwiseKernels(LONE_PIXEL, {
    appearanceWeight: 0.5,
    appearanceSigmaPx: 1,
    appearanceSigmaLevels: 1,
    smoothnessWeight: 1.5,
    smoothnessSigmaPx: 1,
    normalisation: "after",
  });
  let q = [0.5, 0.3, 0.2];
  for (let iterations = 0; iterations < 4; iterations++) {
    const marginals = meanField(unary, kernels, { iterations });
    q.forEach((value, l) => ok(Math.abs(marginals.data[l]! - value) < 1e-6));
    const odds = [0.5, 0.3, 0.2].map((p, l) => p * Math.exp(2 * q[l]!));
    const sum = odds.reduce((a, b) => a + b);
    q = odds.map((odd) => odd / sum);
  }
});

Deno.test("meanField keeps apart energies that overflow an exponential", () => {
  const unary = {
    labelCount: 2,
    width: 2,
    height: 1,
    data: Float32Array.of(-900, 1e30, 900, 1e30),
  };
  deepStrictEqual(
    meanField(unary, [], { iterations: 3 }).data,
    Float32Array.of(1, 0.5, 0, 0.5),
  );
});
