import { ok } from "node:assert/strict";
import fc from "fast-check";
import { probabilitiesOfScores } from "../../../lib/predict/probabilities.ts";
import { upsampledScores } from "../../../lib/predict/upsample.ts";
import { anyScoreMap } from "./any_score_map.ts";

Deno.test("probabilitiesOfScores is the softmax of the scores scaled up", () => {
  fc.assert(
    fc.property(anyScoreMap(), (map) => {
      const scores = upsampledScores(map);
      const { labelCount, width, height, data } = probabilitiesOfScores(map);
      const area = width * height;
      for (let p = 0; p < area; p++) {
        const odds = Array.from(
          { length: labelCount },
          (_, c) => Math.exp(scores.data[c * area + p]!),
        );
        const sum = odds.reduce((total, odd) => total + odd, 0);
        odds.forEach((odd, c) =>
          ok(Math.abs(data[c * area + p]! - odd / sum) < 1e-6)
        );
      }
    }),
    { seed: 1, numRuns: 50 },
  );
});

Deno.test("probabilitiesOfScores takes scores whose exponentials overflow", () => {
  const data = Float32Array.of(1000, 999, -1000);
  const map = { classCount: 3, width: 1, height: 1, outputStride: 8, data };
  const [first, second, third] = probabilitiesOfScores(map).data;
  ok(Math.abs(first! - 1 / (1 + Math.exp(-1))) < 1e-7);
  ok(Math.abs(second! - 1 / (1 + Math.E)) < 1e-7);
  ok(third === 0);
});
