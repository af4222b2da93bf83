/**
 * One engine's share of largefov.ts, in a process of its own: what one engine
 * takes of memory, or dies of, is not the next one's.
 *
 *   deno run --allow-all largefov_case.ts '{"kind": "step", "engine": …}'
 *
 * Prints one line of JSON, a `CaseResult`.
 *
 * @module
 */
import type { Engine, Tensors } from "../../lib/engine/engine.ts";
import { startOnnxruntimeNode } from "../../lib/engine/onnxruntime_node.ts";
import { startOnnxruntimeWeb } from "../../lib/engine/onnxruntime_web.ts";
import { startTfjs } from "../../lib/engine/tfjs.ts";
import { findAdapter, isHardware } from "../../lib/engine/webgpu_adapter.ts";
import { Graph } from "../../lib/graph/graph.ts";
import { initialise } from "../../lib/net/initialise.ts";
import { NetBuilder } from "../../lib/net/net_builder.ts";
import {
  buildSegmenter,
  segmenterParameters,
} from "../../lib/net/segmenter.ts";
import { seededRandom } from "../../lib/random.ts";
import { openDeviceStep } from "../../lib/train/device_step.ts";
import { dropoutMask } from "../../lib/train/dropout_mask.ts";
import { openParallelStep } from "../../lib/train/parallel_step.ts";
import type { TrainingStep } from "../../lib/train/training_step.ts";
import { segmenterOf, type Sizes } from "./largefov_sizes.ts";
import { loaderPictures } from "./loader_pictures.ts";
import { timeLoader as timeBatches } from "./loader_time.ts";
import { median } from "./median.ts";

/** Engines in the order of the table. */
export const ENGINES = [
  "onnxruntime-node cuda",
  "onnxruntime-node webgpu",
  "onnxruntime-web webgpu",
  "tfjs webgpu",
  "onnxruntime-node cpu",
] as const;

/** A training step, forward passes with and without BCM, or the loader. */
export const KINDS = ["step", "forward", "loader"] as const;

/** What a process is to measure. */
export interface Case {
  readonly kind: typeof KINDS[number];
  readonly engine: typeof ENGINES[number];
  readonly sizes: Sizes;
  /** Threads on a CPU. */
  readonly workers: number;
  /** Crops of one run of the network on a CPU. */
  readonly shard: number;
  /** Measures until so much time has passed, but three times at least. */
  readonly seconds: number;
  /** Whether a program that stands in for a GPU may run. */
  readonly isSoftwareAllowed: boolean;
}

/** What it measured, or why it did not. */
export type CaseResult =
  | {
    /** What it ran on. */
    readonly detail: string;
    /** Medians, by name. */
    readonly ms: Readonly<Record<string, number>>;
    readonly runs: number;
    /** Most memory that the process had; null where that is not known. */
    readonly hostMib: number | null;
  }
  | { readonly skipped: string };

const SEED = 1;
const WARM = 2;

/** The engine, or an error that says why there is none. */
async function startEngine(
  { engine, isSoftwareAllowed }: Case,
): Promise<Engine> {
  if (engine === "onnxruntime-node cpu") return startOnnxruntimeNode("cpu");
  if (engine === "onnxruntime-node cuda") {
    return startOnnxruntimeNode("gpu", { providers: ["cuda"] });
  }
  const adapter = await findAdapter();
  if (adapter !== null && !isHardware(adapter.info) && !isSoftwareAllowed) {
    throw new Error(`${adapter.info.description} only stands in for a GPU`);
  }
  if (engine === "onnxruntime-web webgpu") return startOnnxruntimeWeb("gpu");
  if (engine === "tfjs webgpu") return startTfjs("gpu");
  return startOnnxruntimeNode("gpu", { providers: ["webgpu"] });
}

/** Runs by turns, warm ones first: the median of each, ms. */
async function timeByTurns(
  runs: Readonly<Record<string, () => Promise<unknown>>>,
  seconds: number,
): Promise<{ ms: Record<string, number>; runs: number }> {
  const times = new Map(Object.keys(runs).map((name) => [name, [0].slice(1)]));
  let end = Infinity;
  let turn = 0;
  for (; turn < WARM + 3 || performance.now() < end; turn++) {
    if (turn === WARM) end = performance.now() + 1000 * seconds;
    for (const [name, run] of Object.entries(runs)) {
      const begun = performance.now();
      await run();
      if (turn >= WARM) times.get(name)!.push(performance.now() - begun);
    }
  }
  const medians = [...times].map(([name, list]) => [name, median(list)]);
  return { ms: Object.fromEntries(medians), runs: turn - WARM };
}

/** Parts of larger arrays, which a step does not take away: they serve again. */
function lasting<A extends Float32Array | Uint8Array>(
  count: number,
  { make, one }: { make: (count: number) => A; one: (i: number) => number },
): A {
  const whole = make(count + 1);
  for (let i = 0; i < count; i++) whole[i] = one(i);
  return whole.subarray(0, count) as A;
}

const floats = (count: number) => new Float32Array(count);

function shardOf({ crop }: Sizes, count: number): Tensors {
  const random = seededRandom(SEED);
  const cells = count * ((crop - 1) / 8 + 1) ** 2;
  const draw = (count: number, one: () => number) =>
    lasting(count, { make: floats, one });
  return {
    images: draw(count * 3 * crop ** 2, () => 60 * random.normal()),
    labels: draw(cells, () => random.below(21)),
    counted: draw(cells, () => 1),
  };
}

/** As a loader brings them on a GPU; on a CPU the step draws its own. */
function masksOf(step: TrainingStep, count: number): Tensors {
  return Object.fromEntries(
    step.dropouts.map(({ name, shape, keepShare }) => {
      const mask = dropoutMask({
        ...{ seed: SEED, iteration: 0, firstSlot: 0, name, keepShare },
        shape: [count, ...shape],
      });
      const make = (count: number) => new Uint8Array(count);
      const one = (i: number) => mask[i]!;
      return [`${name}/kept`, lasting(mask.length, { make, one })];
    }),
  );
}

async function timeStep(engine: Engine, of: Case) {
  const { sizes, workers, seconds } = of;
  const onGpu = engine.device === "gpu";
  const shardSize = onGpu ? sizes.batch : Math.min(of.shard, sizes.batch);
  const segmenter = segmenterOf(sizes, "plain");
  const loss = { selection: null, mask: null };
  const options = {
    config: { segmenter, loss, shardSize, cropSize: sizes.crop },
    shards: sizes.batch / shardSize,
    weights: initialise(segmenterParameters(segmenter), SEED),
    sgd: { momentum: 0.9, weightDecay: 0.0005 },
    seed: SEED,
  };
  await using step = onGpu
    ? await openDeviceStep({ ...options, engine })
    : await openParallelStep({ ...options, engine: engine.name, workers });
  const shard = { ...shardOf(sizes, shardSize), ...masksOf(step, shardSize) };
  const shards = Array.from({ length: options.shards }, () => shard);
  let iteration = 0;
  const run = () =>
    step.run({ iteration: iteration++, learningRate: 1e-6, shards });
  return {
    detail: step.detail,
    ...await timeByTurns({ step: run }, seconds),
  };
}

async function timeForward(engine: Engine, of: Case) {
  const { sizes, workers: threads, seconds } = of;
  const data = floats(3 * sizes.input ** 2).map((_, i) => 60 * Math.sin(i));
  const runs: Record<string, () => Promise<unknown>> = {};
  for (const head of ["plain", "bcm"] as const) {
    const config = segmenterOf(sizes, head);
    const graph = new Graph(head);
    const shape = [1, 3, sizes.input, sizes.input];
    const images = graph.input("images", "float32", shape);
    const builder = new NetBuilder(graph, "predict");
    graph.output("scores", buildSegmenter(builder, images, config).scores);
    const constants = initialise(segmenterParameters(config), SEED);
    // One by one: onnxruntime-web refuses to start two sessions at once.
    const program = await engine.compile(graph, { constants, threads });
    runs[head] = () => program.run({ images: data });
  }
  const { name, detail } = engine;
  const on = engine.device === "gpu" ? detail : `${detail}, ${threads} threads`;
  return { detail: `${name} on ${on}`, ...await timeByTurns(runs, seconds) };
}

/** A mini-batch with the masks that a GPU is fed, by one loader. */
async function timeLoader({ sizes }: Case) {
  const segmenter = segmenterOf(sizes, "bcm");
  const { fcChannels } = sizes.network;
  const side = (sizes.crop - 1) / 8 + 1;
  const shape = [fcChannels, side, side];
  const dropouts = ["fc6", "fc7"]
    .map((name) => ({ name, shape, keepShare: 0.5 }));
  const { crop: cropSize, batch } = sizes;
  const shards = { cropSize, batchSize: batch, shardSize: batch };
  const training = { segmenter, ...shards, isMethod: true, dropouts };
  const pictures = await loaderPictures(null);
  const source = { pictures, isInMemory: false };
  const count = 4;
  const { ms } = await timeBatches(training, source, count);
  return { detail: pictures.source, ms: { batch: ms }, runs: count };
}

async function measure(of: Case): Promise<CaseResult> {
  const engine = of.kind === "loader" ? null : await startEngine(of).catch(
    (error) => String(error instanceof Error ? error.message : error),
  );
  if (typeof engine === "string") return { skipped: engine };
  const measured = engine === null
    ? await timeLoader(of)
    : of.kind === "step"
    ? await timeStep(engine, of)
    : await timeForward(engine, of);
  return { ...measured, hostMib: hostMib() };
}

/** The most that this process had in memory; Linux tells. */
function hostMib(): number | null {
  if (Deno.build.os !== "linux") return null;
  const status = Deno.readTextFileSync("/proc/self/status");
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return kib === undefined ? null : Math.round(Number(kib) / 1024);
}

if (import.meta.main) {
  const result = await measure(JSON.parse(Deno.args[0]!));
  console.log(JSON.stringify(result));
  Deno.exit(); // some libraries keep the process alive
}
