import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Graph } from "../../../lib/graph/graph.ts";
import { mul } from "../../../lib/graph/operators/arithmetic.ts";
import {
  outputTrainingStep,
  trainingLoss,
  type TrainingLossOptions,
} from "../../../lib/loss/training_loss.ts";
import { evaluate } from "../graph/reference.ts";

const MAPS = [1, 2, 1, 2]; // one picture, two classes, two pixels
const FEEDS = {
  scores: [0, 1, 0, -1],
  raw: [0.5, 0.25, 0.5, 1],
  labels: [0, 1],
  counted: [1, 1],
  "mask_target": [1, 1, 0, 1],
  "mask_counted": [1, 1],
};

/** A step whose attention is a parameter and does not touch the scores. */
function step(
  options: TrainingLossOptions,
  extra = 0,
): Record<string, Float64Array> {
  const graph = new Graph("step");
  const scores = graph.parameter("scores", MAPS);
  const attention = graph.parameter("raw", MAPS);
  const extraScores = Array.from({ length: extra }, () => scores);
  const isTaught = options.mask !== null && options.mask.lambda > 0;
  const outputs = { scores, extraScores, attention };
  const loss = trainingLoss(graph, outputs, options);
  outputTrainingStep(graph, loss, isTaught ? [scores, attention] : [scores]);
  return evaluate(graph, FEEDS);
}

const ENTROPY = Math.log(2) + Math.log(1 + Math.exp(2));
const DISTANCE = (0.25 + 0.25 + 0.5625 + 0) / 2;

function assertClose(found: number | undefined, expected: number): void {
  ok(Math.abs(found! - expected) < 1e-12, `${found}, ${expected}`);
}

Deno.test("trainingLoss gives sums, for a mean over the whole mini-batch", () => {
  const found = step({ selection: null, mask: { lambda: 0.01 } });
  assertClose(found.loss_sum![0], ENTROPY);
  strictEqual(found.kept![0], 2);
  assertClose(found.mask_loss![0], DISTANCE);
});

Deno.test("trainingLoss weighs the mask loss by λ and the kept pixels", () => {
  const { "gradient:raw": gradient } = step({
    selection: null,
    mask: { lambda: 0.25 },
  });
  // kept · λ · 2 (α − M) / 2 pixels
  const expected = [-0.5, -0.75, 0.5, 0].map((away) => 2 * 0.25 * away);
  expected.forEach((slope, i) => assertClose(gradient![i], slope));
});

Deno.test("trainingLoss with λ = 0 tells the mask loss and does not teach it", () => {
  const found = step({ selection: null, mask: { lambda: 0 } });
  assertClose(found.mask_loss![0], DISTANCE);
  throws(() => {
    const graph = new Graph("step");
    const scores = graph.parameter("scores", MAPS);
    const attention = graph.parameter("raw", MAPS);
    const options = { selection: null, mask: { lambda: 0 } };
    const loss = trainingLoss(graph, { scores, attention }, options);
    outputTrainingStep(graph, loss, [attention]);
  }, /must depend on "raw"/);
});

Deno.test("trainingLoss without a mask loss asks for no target and tells 0", () => {
  const found = step({ selection: null, mask: null });
  strictEqual(found.mask_loss![0], 0);
  assertClose(found.loss_sum![0], ENTROPY);
});

Deno.test("trainingLoss adds the losses of extra scores, not their pixels", () => {
  const found = step({ selection: null, mask: null }, 3);
  assertClose(found.loss_sum![0], 4 * ENTROPY);
  strictEqual(found.kept![0], 2);
});

Deno.test("trainingLoss names its inputs as shards name their arrays", () => {
  const graph = new Graph("step");
  const scores = mul(graph.parameter("scores", MAPS), graph.scalar(1));
  trainingLoss(graph, { scores, attention: scores }, {
    selection: { rank: "prob", norm: "kept" },
    mask: { lambda: 0.01 },
  });
  deepStrictEqual(graph.inputs.map(({ name }) => name).toSorted(), [
    "counted",
    "group",
    "labels",
    "mask_counted",
    "mask_target",
    "quota",
    "rank_class",
    "selectable",
  ]);
});

Deno.test("trainingLoss refuses a mask loss without attention", () => {
  const graph = new Graph("step");
  const scores = graph.parameter("scores", MAPS);
  throws(
    () =>
      trainingLoss(graph, { scores, attention: null }, {
        selection: null,
        mask: { lambda: 0.01 },
      }),
    {
      name: "RangeError",
      message: "Cannot add a mask loss as the network must have attention " +
        "maps: it has a plain head",
    },
  );
});
