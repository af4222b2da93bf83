/**
 * Training: from first weights and a stream of mini-batches to learnt weights.
 *
 * On one kind of CPU the result depends on the options alone, to the bit: not
 * on the number of workers, nor on where a killed run went on from a
 * checkpoint. Another kind may add in another order: onnxruntime takes channels
 * by 16 with AVX-512, by 8 with AVX.
 *
 * @module
 */
import { chooseEngine, type ChosenEngine } from "../engine/choose_engine.ts";
import type { Device, EngineName, Tensors } from "../engine/engine.ts";
import { engineText } from "../engine/engine_text.ts";
import type { NamedTensor } from "../net/safetensors.ts";
import {
  type Checkpoint,
  readCheckpoint,
  writeCheckpoint,
} from "./checkpoint.ts";
import { openDeviceStep } from "./device_step.ts";
import type { DropoutLayer } from "./dropout_feeds.ts";
import type { HistoryEntry } from "./history.ts";
import { openParallelStep } from "./parallel_step.ts";
import { learningRate, type LearningRateSchedule } from "./schedule.ts";
import type { StepResult } from "./step_tally.ts";
import type { TrainingStep, TrainingStepOptions } from "./training_step.ts";

/** A stream of mini-batches, as `openLoader` makes one. */
export interface BatchSource extends AsyncDisposable {
  /** The shards of the next mini-batch; they are given away. */
  next(): Promise<readonly Tensors[]>;
  /** How well it keeps up; for the log. */
  report(): {
    readonly batches: number;
    readonly late: number;
    readonly waitedSeconds: number;
  };
}

/** See {@link train}. */
export interface TrainOptions extends Omit<TrainingStepOptions, "velocities"> {
  /**
   * The mini-batches from an iteration, counted from 0; best with the masks of
   * these layers of dropout.
   */
  readonly openBatches: (
    firstIteration: number,
    dropouts: readonly DropoutLayer[],
  ) => BatchSource;
  readonly iterations: number;
  readonly schedule: LearningRateSchedule;
  readonly engine: EngineName | "auto";
  readonly device: Device | "auto";
  /** Threads that run shards, on a CPU. */
  readonly workers: number;
  /** Null: a killed run begins anew. */
  readonly checkpoints: {
    readonly folder: string;
    /** Iterations from one to the next. */
    readonly every: number;
    /** The resolved configuration, as JSON: a checkpoint of another is refused. */
    readonly config: string;
  } | null;
  /** Told how many iterations a checkpoint has done, or 0, before the first. */
  readonly onBegin?: (iteration: number) => void;
  /** Told of each iteration. */
  readonly onProgress?: (entry: HistoryEntry) => void;
  /** Told for people: what runs where, and how well the loader kept up. */
  readonly log?: (line: string) => void;
  /** Stops after the iteration under way, with a checkpoint. */
  readonly signal?: AbortSignal;
}

/** What training gives. */
export interface TrainResult {
  /** Of all parameters, learnt and frozen, by name. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly history: readonly HistoryEntry[];
  /** What it was trained on, as `engineText` says it. */
  readonly engine: string;
}

/**
 * Trains, from the last checkpoint where there is one.
 *
 * @throws {Error} When a number is no longer finite; checkpoints stay as they
 *   are, and the error says where the last is. When a sample cannot be read. When the signal aborts, with its reason.
 *   When the checkpoint is of another engine or device.
 *
 * @example
 * ```ts
 * import { initialise } from "../net/initialise.ts";
 * import { SegmenterConfig } from "../net/network_config.ts";
 * import { segmenterParameters } from "../net/segmenter.ts";
 * import { train } from "./trainer.ts";
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
 * const shard = () => ({
 *   images: new Float32Array(3 * 17 * 17),
 *   labels: new Float32Array(9), // 3 × 3 cells
 *   counted: new Float32Array(9).fill(1),
 * });
 * const openBatches = () => ({
 *   next: () => Promise.resolve([shard(), shard()]),
 *   report: () => ({ batches: 3, late: 0, waitedSeconds: 0 }),
 *   [Symbol.asyncDispose]: () => Promise.resolve(),
 * });
 * const { history } = await train({
 *   config,
 *   shards: 2,
 *   weights,
 *   sgd,
 *   seed: 1,
 *   openBatches,
 *   iterations: 3,
 *   schedule: { kind: "step", rate: 0.01, every: 3000 },
 *   engine: "onnxruntime-node",
 *   device: "cpu",
 *   workers: 2,
 *   checkpoints: null,
 * });
 * strictEqual(history.length, 3);
 * ```
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { iterations, checkpoints, signal } = options;
  const log = options.log ?? (() => {});

  const chosen = await chooseEngine(options);
  const engine = engineText(chosen.engine);
  const begun = await readBegun(options, engine, log);
  const history = [...begun.history];
  await using step = await openStep(options, { chosen, begun, log });
  await using batches = options.openBatches(begun.iteration, step.dropouts);
  options.onBegin?.(begun.iteration);
  let kept = begun.iteration;
  const fail = (error: unknown): never => {
    throw checkpoints === null
      ? error
      : withCheckpoint(error, { folder: checkpoints.folder, kept });
  };

  for (let iteration = begun.iteration; iteration < iterations; iteration++) {
    signal?.throwIfAborted();

    const rate = learningRate(options.schedule, iteration);
    const shards = await batches.next();
    const result = await step.run({ iteration, learningRate: rate, shards })
      .catch(fail);

    const entry = entryOf(result, { iteration, learningRate: rate });
    history.push(entry);
    options.onProgress?.(entry);

    const done = iteration + 1;
    if (checkpoints === null || done === iterations) continue;
    if (done % checkpoints.every === 0 || signal?.aborted) {
      const { folder, config } = checkpoints;
      const state = await step.state().catch(fail);
      const at = { iteration: done, config, engine, history };
      await writeCheckpoint(folder, { ...state, ...at });
      kept = done;
    }
  }

  const { late, waitedSeconds, batches: taken } = batches.report();
  log(
    `waited ${waitedSeconds.toFixed(1)} s for mini-batches; ${late} of ` +
      `${taken} were late`,
  );
  const { weights } = await step.state();
  const learnt = [...weights].map(([name, { data }]) => [name, data] as const);
  return { weights: new Map([...options.weights, ...learnt]), history, engine };
}

/** What a step throws, and what is left of the training. */
function withCheckpoint(
  error: unknown,
  { folder, kept }: { readonly folder: string; readonly kept: number },
): Error {
  const message = error instanceof Error ? error.message : String(error);
  const left = kept === 0
    ? "there is no checkpoint yet"
    : `the last checkpoint, after ${kept} iterations, is in "${folder}"`;
  return new Error(`${message}; ${left}`, { cause: error });
}

/** Where training begins. */
interface Begun {
  readonly iteration: number;
  readonly history: readonly HistoryEntry[];
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly velocities?: ReadonlyMap<string, Float32Array>;
}

async function readBegun(
  { checkpoints, weights }: TrainOptions,
  engine: string,
  log: (line: string) => void,
): Promise<Begun> {
  const anew = { iteration: 0, history: [], weights };
  if (checkpoints === null) return anew;
  const { folder, config } = checkpoints;
  const { checkpoint, damaged } = await readCheckpoint(folder, config);
  for (const reason of damaged) log(`passed over a checkpoint: ${reason}`);
  if (checkpoint === null) return anew;
  assertSameEngine(checkpoint, { folder, engine });
  log(`went on from iteration ${checkpoint.iteration}`);
  return { ...checkpoint, ...valuesOf(checkpoint, weights) };
}

/** A training that changes what it runs on is like no other, and tells nobody. */
function assertSameEngine(
  { iteration, engine: before }: Checkpoint,
  { folder, engine }: { readonly folder: string; readonly engine: string },
): void {
  if (before === engine) return;
  throw new Error(
    `Cannot go on from iteration ${iteration} as it must be on what the ` +
      `training began on, ${before}: this is ${engine}; choose that engine ` +
      `and device, or remove "${folder}" to begin anew`,
  );
}

/** A checkpoint's values; those of frozen parameters are the first ones. */
function valuesOf(
  { weights, velocities }: Checkpoint,
  first: ReadonlyMap<string, Float32Array>,
): Required<Pick<Begun, "weights" | "velocities">> {
  const dataOf = (tensors: ReadonlyMap<string, NamedTensor>) =>
    [...tensors].map(([name, { data }]) => [name, data] as const);
  return {
    weights: new Map([...first, ...dataOf(weights)]),
    velocities: new Map(dataOf(velocities)),
  };
}

async function openStep(
  options: TrainOptions,
  { chosen: { engine, reason }, begun: { weights, velocities }, log }: {
    readonly chosen: ChosenEngine;
    readonly begun: Begun;
    readonly log: (line: string) => void;
  },
): Promise<TrainingStep> {
  const given = { ...options, weights, ...(velocities && { velocities }) };
  const step = engine.device === "gpu"
    ? await openDeviceStep({ ...given, engine })
    : await openParallelStep({ ...given, engine: engine.name });
  log(`trains with ${step.detail}: ${reason}`);
  return step;
}

function entryOf(
  { loss, maskLoss, kept, counted }: StepResult,
  { iteration, learningRate }: { iteration: number; learningRate: number },
): HistoryEntry {
  const keptShare = counted > 0 ? kept / counted : 0;
  // In the order in which checkpoints are read back.
  return { iteration, loss, maskLoss, learningRate, keptShare };
}
