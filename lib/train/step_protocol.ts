/**
 * What the main thread and the workers of a parallel step tell each other.
 *
 * @module
 */
import type { EngineName, Tensors } from "../engine/engine.ts";
import type { SgdConstants } from "./sgd.ts";
import type { TrainingGraphConfig } from "./training_graph.ts";
import type { BarrierState } from "./worker_barrier.ts";

/** Memory that all workers and the main thread see. */
export interface SharedState {
  /** Flat, of one `ParameterLayout`, as is all here. */
  readonly weights: Float32Array<SharedArrayBuffer>;
  readonly velocity: Float32Array<SharedArrayBuffer>;
  /** Of each shard of the mini-batch, not divided yet. */
  readonly gradients: readonly Float32Array<SharedArrayBuffer>[];
  /** See `step_tally.ts`. */
  readonly tallies: Float64Array<SharedArrayBuffer>;
  readonly barrier: BarrierState;
}

/** What a worker must know before the first step. */
export interface WorkerStart {
  readonly config: TrainingGraphConfig;
  readonly engine: EngineName | "auto";
  readonly worker: number;
  readonly workers: number;
  /** Of dropout. */
  readonly seed: number;
  readonly sgd: SgdConstants;
  /** Values of parameters that do not learn. */
  readonly frozen: ReadonlyMap<string, Float32Array>;
  readonly shared: SharedState;
}

/** One step of a worker: its shards, and the update of its range. */
export interface StepJob {
  /** From 0. */
  readonly iteration: number;
  readonly learningRate: number;
  readonly shards: readonly {
    readonly index: number;
    readonly feeds: Tensors;
  }[];
}

/** What a worker answers to its start and to each job. */
export type WorkerAnswer =
  | { readonly kind: "ready"; readonly detail: string }
  | { readonly kind: "done"; readonly isGood: boolean }
  /** Has freed what its engine held. */
  | { readonly kind: "closed" }
  /** Left the step undone, as another worker failed. */
  | { readonly kind: "left" }
  | { readonly kind: "failed"; readonly message: string };
