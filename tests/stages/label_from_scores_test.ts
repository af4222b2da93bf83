import { deepStrictEqual, rejects } from "node:assert/strict";
import fc from "fast-check";
import { labelFromScores } from "../../stages/label_from_scores.ts";
import { drawn } from "../drawings.ts";
import { anyScoreMap } from "../lib/predict/any_score_map.ts";
import { anyParts, joined } from "./parts.ts";
import { runStage } from "./run_stage.ts";

// Class 1 rises from −4 to 4 along a row of 9 px; background stays at 0.
const RAMP = {
  classCount: 2,
  width: 9,
  height: 2,
  outputStride: 8,
  data: Float32Array.of(0, 0, 0, 0, -4, 4, -4, 4),
};

Deno.test("label_from_scores gives each pixel the class that scores highest", async () => {
  const { outputs } = await runStage(labelFromScores, {
    inputs: { scores: { a: RAMP } },
  });
  // At pixel 4 both are 0, and background is the smaller.
  deepStrictEqual(drawn(outputs.labels.a!), [".....1111", ".....1111"]);
});

Deno.test("label_from_scores gives the same however images are split", async () => {
  const anySplit = fc.dictionary(
    fc.stringMatching(/^[a-z0-9]{1,3}$/),
    anyScoreMap(),
    { minKeys: 1, maxKeys: 5, noNullPrototype: true },
  ).chain((items) =>
    fc.record({ scores: fc.constant(items), parts: anyParts(items) })
  );
  await fc.assert(
    fc.asyncProperty(anySplit, async ({ scores, parts }) => {
      const inputs = { scores };
      const whole = await runStage(labelFromScores, { inputs });
      const split = await Promise.all(
        parts.map((shard) => runStage(labelFromScores, { inputs, shard })),
      );
      deepStrictEqual(joined(split), joined([whole]));
    }),
    { seed: 1, numRuns: 20 },
  );
});

Deno.test("label_from_scores stops before the next image when it is to stop", async () => {
  const signal = AbortSignal.abort(new Error("The run was stopped"));
  const inputs = { scores: { a: RAMP } };
  await rejects(runStage(labelFromScores, { inputs, signal }), {
    message: "The run was stopped",
  });
});
