import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Graph } from "../../../lib/graph/graph.ts";
import { gradients } from "../../../lib/graph/gradients.ts";
import { maskLoss, type MaskLossOptions } from "../../../lib/loss/mask_loss.ts";
import { evaluate } from "../graph/reference.ts";
import { slope } from "./loss_run.ts";

/** Two pictures of two pixels, two maps. */
const SHAPE = [2, 2, 1, 2];
const ATTENTION = Float64Array.of(0.5, 1, 0, 0.25, 0.5, 0.5, 1, 1);
const TARGET = [1, 1, 0, 1, 1, 1, 0, 1];
/** Squared distances: .25 0 | 0 .5625 and .25 .25 | 1 0. */
const COUNTED = [1, 1, 1, 0];

function run(
  attention: Float64Array,
  counted: readonly number[],
  options: MaskLossOptions = {},
): { loss: number; gradient: Float64Array } {
  const graph = new Graph("mask loss");
  const input = graph.input("attention", "float32", SHAPE);
  const target = graph.input("target", "float32", SHAPE);
  const weights = graph.input("counted", "float32", [2, 1, 1, 2]);
  const loss = maskLoss(input, { target, counted: weights }, options);
  graph.output("loss", loss);
  graph.output("gradient", gradients(loss, [input])[0]!);
  const found = evaluate(graph, { attention, target: TARGET, counted });
  return { loss: found.loss![0]!, gradient: found.gradient! };
}

Deno.test("maskLoss is the sum over maps, averaged over pixels that count", () => {
  strictEqual(run(ATTENTION, COUNTED).loss, (0.25 + 0.5625 + 0.25 + 1) / 3);
});

Deno.test("maskLoss by sum is averaged over pictures only", () => {
  const { loss } = run(ATTENTION, COUNTED, { norm: "sum" });
  strictEqual(loss, (0.25 + 0.5625 + 0.25 + 1) / 2);
});

Deno.test("maskLoss can leave the background's map untaught", () => {
  const { loss, gradient } = run(ATTENTION, COUNTED, {
    teachesBackground: false,
  });
  strictEqual(loss, (0.5625 + 1) / 3);
  deepStrictEqual([gradient[0], gradient[4]], [0, 0]);
});

Deno.test("maskLoss of no pixel that counts is 0, not NaN", () => {
  const { loss, gradient } = run(ATTENTION, [0, 0, 0, 0]);
  strictEqual(loss, 0);
  ok(gradient.every((slope) => slope === 0));
});

Deno.test("maskLoss weighs pixels of less than one alike", () => {
  const { loss } = run(ATTENTION, COUNTED.map((weight) => weight / 4));
  strictEqual(loss, run(ATTENTION, COUNTED).loss);
});

Deno.test("maskLoss has the slope of finite differences, 0 in the padding", () => {
  const { gradient } = run(ATTENTION, COUNTED);
  ATTENTION.forEach((_, i) => {
    const expected = slope(ATTENTION, i, (x) => run(x, COUNTED).loss);
    ok(Math.abs(gradient[i]! - expected) < 1e-9);
  });
  ok(gradient[5] === 0 && gradient[7] === 0);
});
