/**
 * Speed of graphs on each engine that runs on a CPU, one thread unless told:
 * the shard of a training step that one worker takes (SMALL at 97 px, four
 * pictures: loss and all gradients), and the forward pass of the full VGG-16
 * LargeFOV at 321 px.
 *
 *   deno bench --allow-all tests/bench/tensor_bench.ts
 *   TENSOR_BENCH=heavy deno bench …          the slow engines' forward pass too
 *
 * `yardstick` is a fixed loop over memory: divide by its time to compare
 * machines, or one machine on two days. What the times are made of, and what
 * PyTorch takes, is in docs/performance.md.
 *
 * @module
 */
import type { Engine } from "../../lib/engine/engine.ts";
import { startOnnxruntimeNode } from "../../lib/engine/onnxruntime_node.ts";
import { startOnnxruntimeWeb } from "../../lib/engine/onnxruntime_web.ts";
import { startTfjs } from "../../lib/engine/tfjs.ts";
import { Graph } from "../../lib/graph/graph.ts";
import { initialise } from "../../lib/net/initialise.ts";
import { NetBuilder } from "../../lib/net/net_builder.ts";
import { SegmenterConfig } from "../../lib/net/network_config.ts";
import {
  buildSegmenter,
  segmenterParameters,
} from "../../lib/net/segmenter.ts";
import { missingMasks } from "../../lib/train/dropout_feeds.ts";
import { trainingGraph } from "../../lib/train/training_graph.ts";
import {
  noiseBatches,
  SHARD_SIZE,
  SMALL,
} from "../lib/train/small_training.ts";

const CROP_SIZE = 97;
const FULL_SIZE = 321;
const isHeavy = Deno.env.get("TENSOR_BENCH") === "heavy";

const FULL = SegmenterConfig.parse({
  network: { kind: "largefov" },
  head: { kind: "plain" },
  classCount: 21,
});

Deno.bench("yardstick", { group: "step", baseline: true }, () => {
  const values = new Float32Array(1 << 20).fill(1);
  let at = 0;
  for (let i = 0; i < 10_000_000; i++) {
    at = (at + 514_229) & 0xfffff;
    values[at] = 0.5 * values[at]! + 1;
  }
});

/** A shard's step on an engine. */
async function benchStep(engine: Engine, n: number): Promise<void> {
  const { graph, dropouts } = trainingGraph({
    segmenter: SMALL,
    loss: { selection: null, mask: null },
    shardSize: SHARD_SIZE,
    cropSize: CROP_SIZE,
  });
  const program = await engine.compile(graph);
  const weights = initialise(segmenterParameters(SMALL), 1);
  const place = { seed: 1, iteration: 0, firstSlot: 0 };
  const feeds = {
    ...noiseBatches(CROP_SIZE)()[0]!,
    ...missingMasks({}, dropouts, place),
    ...Object.fromEntries(weights),
  };
  const options = { group: "step", n, warmup: 2 };
  Deno.bench(`step of a shard of SMALL, ${engine.name}`, options, async () => {
    await program.run(feeds);
  });
}

/** The forward pass of the full network, its weights frozen. */
async function benchForward(
  engine: Engine,
  { threads, n }: { threads: number; n: number },
): Promise<void> {
  const graph = new Graph("full");
  const shape = [1, 3, FULL_SIZE, FULL_SIZE];
  const images = graph.input("images", "float32", shape);
  const builder = new NetBuilder(graph, "predict");
  const { scores } = buildSegmenter(builder, images, FULL);
  graph.output("scores", scores);
  const constants = initialise(segmenterParameters(FULL), 1);
  const program = await engine.compile(graph, { constants, threads });
  const data = Float32Array.from(
    { length: 3 * FULL_SIZE ** 2 },
    (_, i) => 60 * Math.sin(i),
  );
  const name = `forward of FULL, ${engine.name}, ${threads} threads`;
  Deno.bench(name, { group: "forward", n, warmup: 1 }, async () => {
    await program.run({ images: data });
  });
}

const native = await startOnnxruntimeNode("cpu");
const web = await startOnnxruntimeWeb("cpu");
const tfjs = await startTfjs("cpu");
await benchStep(native, 40);
await benchStep(web, 10);
await benchStep(tfjs, 10);
await benchForward(native, { threads: 1, n: 10 });
await benchForward(native, { threads: 2, n: 10 });
if (isHeavy) {
  await benchForward(web, { threads: 1, n: 3 });
  await benchForward(tfjs, { threads: 1, n: 3 });
}
