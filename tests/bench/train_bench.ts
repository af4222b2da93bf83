/**
 * Speed of a training step of SMALL at 97 px, batch 8, on two cores: two
 * workers with a shard of 4 each, dropout, exchange of gradients and update
 * included.
 *
 *   deno bench --allow-all tests/bench/train_bench.ts
 *
 * `yardstick` is a fixed loop over memory: divide by its time to compare
 * machines, or one machine on two days. `program alone` is what the engine
 * takes for one shard on one thread with nobody beside it.
 *
 * @module
 */
import { startOnnxruntimeNode } from "../../lib/engine/onnxruntime_node.ts";
import { initialise } from "../../lib/net/initialise.ts";
import { segmenterParameters } from "../../lib/net/segmenter.ts";
import { missingMasks } from "../../lib/train/dropout_feeds.ts";
import { parameterLayout } from "../../lib/train/parameter_layout.ts";
import { updateRange } from "../../lib/train/sgd.ts";
import { trainingGraph } from "../../lib/train/training_graph.ts";
import {
  noiseBatches,
  openSmallStep,
  SHARD_SIZE,
  SMALL,
} from "../lib/train/small_training.ts";

const CROP_SIZE = 97;
const next = noiseBatches(CROP_SIZE);
const specs = segmenterParameters(SMALL);

Deno.bench("yardstick", { group: "step", baseline: true }, () => {
  const values = new Float32Array(1 << 20).fill(1);
  let at = 0;
  for (let i = 0; i < 10_000_000; i++) {
    at = (at + 514_229) & 0xfffff;
    values[at] = 0.5 * values[at]! + 1;
  }
});

const step = await openSmallStep(CROP_SIZE);
let iteration = 0;

Deno.bench("step of SMALL", { group: "step", n: 40, warmup: 5 }, async (b) => {
  const shards = next();
  b.start();
  await step.run({ iteration: iteration++, learningRate: 1e-4, shards });
  b.end();
});

const { graph, dropouts } = trainingGraph({
  segmenter: SMALL,
  loss: { selection: null, mask: null },
  shardSize: SHARD_SIZE,
  cropSize: CROP_SIZE,
});
const program = await (await startOnnxruntimeNode("cpu")).compile(graph);
const weights = Object.fromEntries(initialise(specs, 1));
const place = { seed: 1, iteration: 0, firstSlot: 0 };
const masks = missingMasks({}, dropouts, place);
const feeds = { ...next()[0]!, ...masks, ...weights };

Deno.bench("program alone", { group: "step", n: 40, warmup: 5 }, async () => {
  await program.run(feeds);
});

const layout = parameterLayout(specs);
const flat = () => new Float32Array(new SharedArrayBuffer(4 * layout.count));
const vectors = {
  weights: flat(),
  velocity: flat(),
  gradients: [flat(), flat()],
};

Deno.bench("update on one core", { group: "step" }, () => {
  updateRange(layout, vectors, {
    range: { start: 0, end: layout.count },
    divisor: 1000,
    settings: { learningRate: 0.001, momentum: 0.9, weightDecay: 0.0005 },
  });
});
