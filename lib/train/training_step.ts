/**
 * What a training step is, on whatever device: `parallel_step.ts` and
 * `device_step.ts` make some.
 *
 * @module
 */
import type { Tensors } from "../engine/engine.ts";
import type { DropoutLayer } from "./dropout_feeds.ts";
import type { LearntState } from "./learnt_state.ts";
import type { SgdConstants } from "./sgd.ts";
import type { StepResult } from "./step_tally.ts";
import type { TrainingGraphConfig } from "./training_graph.ts";

/** What a training step is opened with, on any device. */
export interface TrainingStepOptions {
  /** Of one shard. */
  readonly config: TrainingGraphConfig;
  /** Shards of a mini-batch. */
  readonly shards: number;
  /** Values of all parameters, by name. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Of all that learn; left out: at rest. */
  readonly velocities?: ReadonlyMap<string, Float32Array>;
  readonly sgd: SgdConstants;
  /** Of dropout. */
  readonly seed: number;
}

/** One mini-batch and how to learn from it. */
export interface StepInput {
  /** From 0; decides the dropout masks. */
  readonly iteration: number;
  readonly learningRate: number;
  /**
   * What is fed, by input, for each shard. They are given away: their memory
   * is moved to another thread, or freed.
   */
  readonly shards: readonly Tensors[];
}

/** Something that learns from mini-batches, one after the other. */
export interface TrainingStep extends AsyncDisposable {
  /** What it runs on, for people. */
  readonly detail: string;
  /** Layers whose masks the shards should bring; others are drawn by the step. */
  readonly dropouts: readonly DropoutLayer[];
  /**
   * Learns from one mini-batch.
   *
   * @throws {Error} When the loss, a gradient or a weight is not finite; the
   *   state is then of no use.
   */
  run(input: StepInput): Promise<StepResult>;
  /** A copy of what has been learnt. */
  state(): Promise<LearntState>;
}
