import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { startOnnxruntimeNode } from "../../../lib/engine/onnxruntime_node.ts";
import { initialise } from "../../../lib/net/initialise.ts";
import { SegmenterConfig } from "../../../lib/net/network_config.ts";
import { segmenterParameters } from "../../../lib/net/segmenter.ts";
import { openDeviceStep } from "../../../lib/train/device_step.ts";
import type { LearntState } from "../../../lib/train/learnt_state.ts";
import { openParallelStep } from "../../../lib/train/parallel_step.ts";
import type { TrainingStep } from "../../../lib/train/training_step.ts";
import { candidates, testEach } from "../engine/engines.ts";
import {
  BATCH_SIZE,
  CLASS_COUNT,
  firstWeights,
  hashOf,
  shardsOf,
  tinyConfig,
} from "./tiny_training.ts";

const sgd = { momentum: 0.9, weightDecay: 0.0005 };

function options({ shardSize = 1, dropoutShare = 0.5, frozenBlocks = 0 } = {}) {
  const config = tinyConfig({ shardSize, dropoutShare, frozenBlocks });
  const weights = firstWeights(config);
  const shards = BATCH_SIZE / shardSize;
  return { config, weights, shards, sgd, seed: 9 };
}

function openParallel(
  { workers = 2, ...rest }: Parameters<typeof options>[0] & {
    workers?: number;
  } = {},
): Promise<TrainingStep> {
  const engine = "onnxruntime-node";
  return openParallelStep({ ...options(rest), workers, engine });
}

/** What some steps learn. */
async function learn(
  step: TrainingStep,
  { iterations = 4, shardSize = 1, learningRate = 0.01 } = {},
): Promise<LearntState> {
  for (let iteration = 0; iteration < iterations; iteration++) {
    const shards = shardsOf(iteration, shardSize);
    await step.run({ iteration, learningRate, shards });
  }
  return step.state();
}

/** The largest difference of weights, against the largest weight of each. */
function distance(a: LearntState, b: LearntState): number {
  deepStrictEqual([...a.weights.keys()], [...b.weights.keys()]);
  let worst = 0;
  for (const [name, { data }] of a.weights) {
    const other = b.weights.get(name)!.data;
    const scale = Math.max(...data.map(Math.abs));
    data.forEach((x, i) => {
      worst = Math.max(worst, Math.abs(x - other[i]!) / scale);
    });
  }
  return worst;
}

Deno.test("the same seed gives the same bytes with 1, 2 and 3 workers", async () => {
  const hashes = new Set<string>();
  for (const workers of [1, 2, 3]) {
    await using step = await openParallel({ workers });
    const { weights, velocities } = await learn(step);
    hashes.add(hashOf(weights) + hashOf(velocities));
  }
  strictEqual(hashes.size, 1);
});

Deno.test("a mini-batch learns the same cut into shards and whole", async () => {
  await using cut = await openParallel({ shardSize: 1 });
  await using whole = await openParallel({ shardSize: 4, workers: 1 });
  const learnt = await learn(cut);
  // The masks go by slots too, and voids differ from shard to shard.
  ok(distance(learnt, await learn(whole, { shardSize: 4 })) < 1e-5);
  ok(distance(learnt, await learn(cut, { iterations: 1 })) > 1e-3);
});

Deno.test("a program with the update in it learns the same", async () => {
  const engine = await startOnnxruntimeNode("cpu");
  const given = options({ frozenBlocks: 2 });
  await using device = await openDeviceStep({ ...given, engine });
  await using parallel = await openParallel({ frozenBlocks: 2 });
  const learnt = await learn(device);
  ok(distance(learnt, await learn(parallel)) < 1e-5);
  deepStrictEqual(device.dropouts, [
    { name: "fc6", shape: [16, 3, 3], keepShare: 0.5 },
    { name: "fc7", shape: [16, 3, 3], keepShare: 0.5 },
  ]);
  ok(!learnt.weights.has("conv1_1/weight"), "frozen");
  ok(learnt.weights.has("conv3_1/weight"));
});

testEach(
  (await candidates()).filter(({ device }) => device === "gpu"),
  "keeps weights and velocities and learns what a CPU learns",
  async (engine) => {
    // A program that stands in for a GPU takes long to compile each kernel.
    const given = options({ frozenBlocks: 5 });
    await using onGpu = await openDeviceStep({ ...given, engine });
    await using onCpu = await openParallel({ frozenBlocks: 5, workers: 1 });
    const steps = { iterations: 2 };
    ok(distance(await learn(onGpu, steps), await learn(onCpu, steps)) < 1e-5);
  },
);

Deno.test("every engine that runs on a CPU learns the same in workers", async () => {
  const [native, ...others] = await Promise.all(
    (["onnxruntime-node", "onnxruntime-web", "tfjs"] as const).map(
      async (engine) => {
        const open = { ...options(), workers: 2, engine };
        await using step = await openParallelStep(open);
        return await learn(step, { iterations: 2 });
      },
    ),
  );
  for (const other of others) ok(distance(native!, other) < 1e-4);
});

Deno.test("a step goes on from weights and velocities", async () => {
  await using step = await openParallel();
  const half = await learn(step, { iterations: 2 });
  for (const iteration of [2, 3]) {
    const shards = shardsOf(iteration);
    await step.run({ iteration, learningRate: 0.01, shards });
  }
  const dataOf = (tensors: LearntState["weights"]) =>
    new Map([...tensors].map(([name, { data }]) => [name, data]));
  await using next = await openParallelStep({
    ...options(),
    weights: dataOf(half.weights),
    velocities: dataOf(half.velocities),
    workers: 1,
    engine: "onnxruntime-node",
  });
  for (const iteration of [2, 3]) {
    const shards = shardsOf(iteration);
    await next.run({ iteration, learningRate: 0.01, shards });
  }
  const [a, b] = [await step.state(), await next.state()];
  strictEqual(hashOf(a.weights), hashOf(b.weights));
  strictEqual(hashOf(a.velocities), hashOf(b.velocities));
});

Deno.test("a step counts labelled and kept pixels, and their mean loss", async () => {
  await using step = await openParallel();
  const shards = shardsOf(0);
  const counted = shards.flatMap(({ counted }) => [...counted])
    .reduce((sum, weight) => sum + weight, 0);
  const result = await step.run({ iteration: 0, learningRate: 0, shards });
  strictEqual(result.counted, counted);
  strictEqual(result.kept, counted);
  ok(result.loss > 0.5 && result.loss < 3, String(result.loss));
});

Deno.test("a step selects pixels and teaches masks", async () => {
  const { config, ...rest } = options();
  const segmenter = SegmenterConfig.parse({
    network: { ...config.segmenter.network, fc7Channels: 15 },
    head: { kind: "bcm" },
    classCount: CLASS_COUNT,
  });
  const weights = initialise(segmenterParameters(segmenter), 1);
  const loss = {
    selection: { rank: "prob", norm: "kept" },
    mask: { lambda: 0.01 },
  } as const;
  const given = { ...rest, config: { ...config, segmenter, loss }, weights };
  const engine = await startOnnxruntimeNode("cpu");
  await using device = await openDeviceStep({ ...given, engine });
  await using parallel = await openParallelStep({
    ...given,
    workers: 2,
    engine: "onnxruntime-node",
  });
  // Two of each image's nine cells are kept; a map that is 0.5 at first is
  // taught 1 by each of three classes.
  const shards = () =>
    shardsOf(0).map(({ images, labels }) => ({
      images,
      labels,
      rank_class: labels.slice(),
      group: new Float32Array(9),
      quota: new Float32Array(9).fill(2),
      counted: ones(9),
      selectable: ones(9),
      mask_counted: ones(9),
      mask_target: ones(9 * CLASS_COUNT),
    }));
  for (const step of [parallel, device]) {
    const input = { iteration: 0, learningRate: 0.01, shards: shards() };
    const { kept, counted, maskLoss } = await step.run(input);
    deepStrictEqual([kept, counted], [2 * BATCH_SIZE, 9 * BATCH_SIZE]);
    ok(Math.abs(maskLoss - 3 * 0.25) < 0.1, String(maskLoss));
  }
  ok(distance(await parallel.state(), await device.state()) < 1e-5);
});

function ones(count: number): Float32Array<ArrayBuffer> {
  return new Float32Array(count).fill(1);
}

Deno.test("a mini-batch of nothing but void changes nothing but by decay", async () => {
  await using step = await openParallel();
  const shards = shardsOf(0);
  for (const { counted } of shards) counted.fill(0);
  const before = await step.state();
  const result = await step.run({ iteration: 0, learningRate: 0.1, shards });
  const { weights } = await step.state();
  const nothing = { loss: 0, maskLoss: 0, kept: 0, divisor: 0, counted: 0 };
  deepStrictEqual(result, nothing);
  deepStrictEqual(weights.get("fc6/bias"), before.weights.get("fc6/bias"));
  const shrunk = 1 - 0.1 * 10 * 0.0005; // fc8 learns ten times as fast
  const first = before.weights.get("fc8/weight")!.data[0]!;
  const decayed = weights.get("fc8/weight")!.data[0]!;
  ok(Math.abs(decayed / first - shrunk) < 1e-6);
});

const DIVERGED = /^Cannot go on training as all numbers must stay finite: .*"/;

Deno.test("a step that diverges names iteration, layer and rate", async () => {
  await using step = await openParallel();
  const learning = learn(step, { learningRate: 1e30 });
  await rejects(learning, {
    message:
      /"[a-z0-9_]+\/weight".*, at iteration \d with learning rate 1e\+30 and loss .*; the largest weight, .*, is in "/,
  });
  await rejects(learning, { message: DIVERGED });
});

Deno.test("so does one with the update in its program", async () => {
  const engine = await startOnnxruntimeNode("cpu");
  const given = options({ shardSize: 4 });
  await using step = await openDeviceStep({ ...given, engine });
  const learning = learn(step, { shardSize: 4, learningRate: 1e30 });
  await rejects(learning, { message: DIVERGED });
});

Deno.test("and one whose last step took the weights away", async () => {
  const engine = await startOnnxruntimeNode("cpu");
  await using step = await openDeviceStep({ ...options(), engine });
  const learning = learn(step, { learningRate: 3e38, iterations: 1 });
  await rejects(learning, { message: DIVERGED });
});

Deno.test("a worker that fails fails the step, not waiting for the others", async () => {
  await using step = await openParallel({ workers: 2 });
  const shards = shardsOf(0);
  const { images } = shards[3]!;
  const broken = [...shards.slice(0, 3), { images }];
  await rejects(
    step.run({ iteration: 0, learningRate: 0.1, shards: broken }),
    { message: /^Cannot run a step as its workers must not fail: .*"labels"/ },
  );
});

Deno.test("a step refuses another number of shards", async () => {
  await using step = await openParallel({ workers: 1 });
  await rejects(
    step.run({ iteration: 0, learningRate: 0.1, shards: shardsOf(0).slice(1) }),
    {
      message: "Cannot run a step as the mini-batch must have 4 shards: 3",
    },
  );
});
