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
import { openStepWorker, type StepWorker } from "./step_worker_port.ts";
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
    ...{ config, engine, worker, workers, seed, sgd, frozen, shared },
  }));
  const opened = await openAll(starts);
  return {
    detail: `${opened[0]!.detail}, ${workers} workers`,
    run: (input) => runStep(input, { layout, shared, opened }),
    state: () => Promise.resolve(stateOf(layout, shared)),
    [Symbol.asyncDispose]() {
      for (const worker of opened) worker.close();
      return Promise.resolve();
    },
  };
}

/** All workers, or none. */
async function openAll(starts: readonly WorkerStart[]): Promise<StepWorker[]> {
  const settled = await Promise.allSettled(starts.map(openStepWorker));
  const opened = settled.flatMap((each) =>
    each.status === "fulfilled" ? [each.value] : []
  );
  const failed = settled.find(({ status }) => status === "rejected");
  if (failed?.status !== "rejected") return opened;
  for (const worker of opened) worker.close();
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
    opened: readonly StepWorker[];
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
  const failed = answers.find(({ kind }) => kind === "failed");
  if (failed?.kind === "failed") {
    throw new Error(
      `Cannot run a step as its workers must not fail: ${failed.message}`,
    );
  }
  const result = batchMeans(shared.tallies);
  const isGood = answers.every((each) => each.kind === "done" && each.isGood);
  if (isGood) return result;
  const { weights, gradients } = shared;
  throw divergence({
    ...{ iteration, learningRate, loss: result.loss },
    ...{ layout, weights, gradients },
  });
}
