/**
 * A training step on a CPU, data parallel: workers share the weights and run
 * the shards of each mini-batch.
 *
 * Shards are fixed by the mini-batch, not by the workers, and their gradients
 * are added in their order: the same seed gives the same bytes whatever the
 * number of workers.
 *
 * @module
 */
import type { EngineName } from "../engine/engine.ts";
import { divergence } from "./divergence.ts";
import { stateOf } from "./learnt_state.ts";
import { fillFlat, type ParameterLayout } from "./parameter_layout.ts";
import type { SharedState, StepJob, WorkerStart } from "./step_protocol.ts";
import { batchMeans, newTallies, type StepResult } from "./step_tally.ts";
import { assertDone, openStepThread, type StepThread } from "./step_thread.ts";
import { frozenWeights, trainingGraph } from "./training_graph.ts";
import type {
  StepInput,
  TrainingStep,
  TrainingStepOptions,
} from "./training_step.ts";
import { newBarrier } from "./worker_barrier.ts";

/** See {@link openParallelStep}. */
export interface ParallelStepOptions extends TrainingStepOptions {
  /** At least 1; more than there are shards are not started. */
  readonly workers: number;
  /** Run on the CPU. */
  readonly engine: EngineName;
}

/**
 * Starts the workers.
 *
 * @throws {RangeError} When a value of a parameter is missing or does not fill
 *   it.
 * @throws {Error} When the engine does not start in a worker, or refuses the
 *   graph.
 *
 * @example
 * ```ts
 * import { initialise } from "../net/initialise.ts";
 * import { SegmenterConfig } from "../net/network_config.ts";
 * import { segmenterParameters } from "../net/segmenter.ts";
 * import { openParallelStep } from "./parallel_step.ts";
 * import { strictEqual } from "node:assert";
 *
 * const segmenter = SegmenterConfig.parse({
 *   network: { kind: "largefov", width: 0.125, fcChannels: 8 },
 *   head: { kind: "plain" },
 *   classCount: 3,
 * });
 * const weights = initialise(segmenterParameters(segmenter), 1);
 * const loss = { selection: null, mask: null };
 * const config = { segmenter, loss, shardSize: 1, cropSize: 17 };
 * const sgd = { momentum: 0.9, weightDecay: 0.0005 };
 * await using step = await openParallelStep({
 *   config,
 *   shards: 2,
 *   weights,
 *   sgd,
 *   seed: 1,
 *   workers: 2,
 *   engine: "onnxruntime-node",
 * });
 *
 * const shard = {
 *   images: new Float32Array(3 * 17 * 17),
 *   labels: new Float32Array(9), // 3 × 3 cells
 *   counted: new Float32Array(9).fill(1),
 * };
 * const shards = [shard, structuredClone(shard)];
 * const { kept } = await step.run({ iteration: 0, learningRate: 0.1, shards });
 * strictEqual(kept, 18);
 * ```
 */
export async function openParallelStep(
  options: ParallelStepOptions,
): Promise<TrainingStep> {
  const { config, weights, velocities, shards } = options;
  const { engine, seed, sgd } = options;
  const workers = Math.min(options.workers, shards);
  const { layout, parameters } = trainingGraph(config);
  const frozen = frozenWeights(parameters, weights);
  const shared = newSharedState(layout, shards);
  fillFlat(layout, shared.weights, weights);
  if (velocities) fillFlat(layout, shared.velocity, velocities);
  const starts = Array.from({ length: workers }, (_, worker): WorkerStart => ({
    config,
    engine,
    worker,
    workers,
    seed,
    sgd,
    frozen,
    shared,
  }));
  const opened = await openAll(starts);
  return {
    detail: `${opened[0]!.detail}, ${workers} workers`,
    // Drawn by the workers, which costs less than to send them.
    dropouts: [],
    run: (input) => runStep(input, { layout, shared, opened }),
    state: () => Promise.resolve(stateOf(layout, shared)),
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((worker) => worker.close()));
    },
  };
}

/** All workers, or none. */
async function openAll(starts: readonly WorkerStart[]): Promise<StepThread[]> {
  const settled = await Promise.allSettled(
    starts.map((start) => openStepThread(start)),
  );
  const opened = settled.flatMap((each) =>
    each.status === "fulfilled" ? [each.value] : []
  );
  const failed = settled.find(({ status }) => status === "rejected");
  if (failed?.status !== "rejected") return opened;
  await Promise.all(opened.map((worker) => worker.close()));
  throw failed.reason;
}

function newSharedState(layout: ParameterLayout, shards: number): SharedState {
  const vector = () =>
    new Float32Array(new SharedArrayBuffer(4 * layout.count));
  return {
    weights: vector(),
    velocity: vector(),
    gradients: Array.from({ length: shards }, vector),
    tallies: newTallies(shards),
    barrier: newBarrier(),
  };
}

async function runStep(
  { iteration, learningRate, shards }: StepInput,
  { layout, shared, opened }: {
    layout: ParameterLayout;
    shared: SharedState;
    opened: readonly StepThread[];
  },
): Promise<StepResult> {
  if (shards.length !== shared.gradients.length) {
    throw new RangeError(
      `Cannot run a step as the mini-batch must have ` +
        `${shared.gradients.length} shards: ${shards.length}`,
    );
  }
  const indexed = shards.map((feeds, index) => ({ index, feeds }));
  const jobs = opened.map((_, worker): StepJob => ({
    iteration,
    learningRate,
    shards: indexed.filter(({ index }) => index % opened.length === worker),
  }));
  const answers = await Promise.all(
    opened.map((worker, w) => worker.run(jobs[w]!)),
  );
  const isGood = assertDone(answers);
  const result = batchMeans(shared.tallies);
  if (isGood) return result;
  const { weights, gradients } = shared;
  throw divergence({
    iteration,
    learningRate,
    loss: result.loss,
    maskLoss: result.maskLoss,
    layout,
    weights,
    gradients,
  });
}
