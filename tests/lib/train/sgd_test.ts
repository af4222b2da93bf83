import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { seededRandom } from "../../../lib/random.ts";
import { parameterLayout } from "../../../lib/train/parameter_layout.ts";
import { updateRange, workerRange } from "../../../lib/train/sgd.ts";

const layout = parameterLayout([
  { name: "weight", shape: [70, 100], rate: 1, decays: true },
  { name: "bias", shape: [70], rate: 2, decays: false },
  { name: "frozen", shape: [9], rate: 0, decays: true },
  { name: "top", shape: [33], rate: 10, decays: true },
]);
const settings = { learningRate: 0.01, momentum: 0.9, weightDecay: 0.0005 };

/** The same vectors at each call. */
function vectors(shards = 3) {
  const random = seededRandom(5);
  const draw = () =>
    Float32Array.from({ length: layout.count }, () => random.normal());
  return {
    weights: draw(),
    velocity: draw(),
    gradients: Array.from({ length: shards }, draw),
  };
}

Deno.test("updateRange is Caffe's update, with decay on weights only", () => {
  const before = vectors();
  const after = vectors();
  const range = { start: 0, end: layout.count };
  ok(updateRange(layout, after, { range, divisor: 7, settings }));
  for (const { name, offset, count } of layout.parameters) {
    const rate = { weight: 1, bias: 2, top: 10 }[name]!;
    const decay = name === "bias" ? 0 : 0.0005;
    for (let at = offset; at < offset + count; at++) {
      const mean = before.gradients.reduce((sum, g) => sum + g[at]!, 0) / 7;
      const weight = before.weights[at]!;
      const speed = 0.9 * before.velocity[at]! +
        rate * 0.01 * (mean + decay * weight);
      ok(Math.abs(after.velocity[at]! - speed) < 1e-6, `velocity ${name}`);
      ok(Math.abs(after.weights[at]! - (weight - speed)) < 1e-6, name);
    }
  }
});

Deno.test("updateRange keeps old speed when the learning rate drops", () => {
  // Where the rate is outside the velocity, the step would be 0 here.
  const { weights, velocity } = vectors();
  const gradients = [new Float32Array(layout.count)];
  const [weight, speed] = [weights[0]!, velocity[0]!];
  updateRange(layout, { weights, velocity, gradients }, {
    range: { start: 0, end: 1 },
    divisor: 1,
    settings: { learningRate: 0, momentum: 0.5, weightDecay: 0.1 },
  });
  strictEqual(weights[0], Math.fround(weight - 0.5 * speed));
});

Deno.test("updateRange gives the same bytes whatever the ranges", () => {
  const whole = vectors();
  const range = { start: 0, end: layout.count };
  updateRange(layout, whole, { range, divisor: 3, settings });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), (workers) => {
      const parts = vectors();
      for (let worker = 0; worker < workers; worker++) {
        const range = workerRange(layout.count, { worker, workers });
        updateRange(layout, parts, { range, divisor: 3, settings });
      }
      deepStrictEqual(parts.weights, whole.weights);
      deepStrictEqual(parts.velocity, whole.velocity);
    }),
    { numRuns: 20 },
  );
});

Deno.test("updateRange tells of weights that are not finite", () => {
  for (const bad of [NaN, Infinity, 3.5e38]) {
    const { weights, velocity, gradients } = vectors(1);
    gradients[0]![layout.count - 1] = bad;
    const range = { start: 0, end: layout.count };
    const fast = { ...settings, learningRate: 1000 };
    ok(
      !updateRange(layout, { weights, velocity, gradients }, {
        range,
        divisor: 1,
        settings: fast,
      }),
      String(bad),
    );
  }
});
