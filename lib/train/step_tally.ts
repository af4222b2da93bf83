/**
 * What a training step counts: sums of each shard, and the mini-batch's means
 * made of them.
 *
 * @module
 */
import type { Tensors } from "../engine/engine.ts";
import type { TensorData } from "../graph/tensor_type.ts";

/** Sums over a shard's pixels. */
export interface ShardTally {
  /** Of the cross-entropy of kept pixels, nats. */
  readonly lossSum: number;
  /** Pixels that the loss keeps, by their weight. */
  readonly kept: number;
  /** What `lossSum` is divided by: `kept`, or by norm `all` all that count. */
  readonly divisor: number;
  /** Mean of the shard. */
  readonly maskLoss: number;
  /** Labelled pixels, kept or not. */
  readonly counted: number;
}

/**
 * The tally of a run of the training graph.
 *
 * @param feeds What it was fed: `counted` has the weight of each labelled pixel.
 *
 * @example
 * ```ts
 * import { tallyOf } from "./step_tally.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const [one, two] = [Float32Array.of(1), Float32Array.of(2)];
 * const outputs = { loss_sum: two, kept: one, divisor: two, mask_loss: one };
 * const counted = Float32Array.of(1, 0, 1);
 * deepStrictEqual(
 *   tallyOf(outputs, { counted }),
 *   { lossSum: 2, kept: 1, divisor: 2, maskLoss: 1, counted: 2 },
 * );
 * ```
 */
export function tallyOf(
  outputs: Readonly<Record<string, TensorData>>,
  feeds: Tensors,
): ShardTally {
  const numberOf = (name: string) => Number(outputs[name]![0]);
  return {
    lossSum: numberOf("loss_sum"),
    kept: numberOf("kept"),
    divisor: numberOf("divisor"),
    maskLoss: numberOf("mask_loss"),
    counted: (feeds.counted as Float32Array).reduce((sum, w) => sum + w, 0),
  };
}

/** Tallies of all shards, in memory that workers share. */
export type Tallies = Float64Array<SharedArrayBuffer>;

const NUMBERS = 5;

/**
 * Memory for the tallies of a mini-batch's shards.
 *
 * @example
 * ```ts
 * import { batchMeans, newTallies } from "./step_tally.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(batchMeans(newTallies(3)).kept, 0);
 * ```
 */
export function newTallies(shards: number): Tallies {
  return new Float64Array(new SharedArrayBuffer(8 * NUMBERS * shards));
}

/**
 * Sets the tally of a shard.
 *
 * @example
 * ```ts
 * import { batchMeans, newTallies, writeTally } from "./step_tally.ts";
 * import { strictEqual } from "node:assert";
 *
 * const tallies = newTallies(2);
 * const tally = { lossSum: 6, kept: 2, divisor: 2, maskLoss: 0, counted: 3 };
 * writeTally(tallies, 1, tally);
 * strictEqual(batchMeans(tallies).loss, 3);
 * ```
 */
export function writeTally(
  tallies: Tallies,
  shard: number,
  { lossSum, kept, divisor, maskLoss, counted }: ShardTally,
): void {
  tallies.set([lossSum, kept, divisor, maskLoss, counted], NUMBERS * shard);
}

/** A step of training in numbers. */
export interface StepResult {
  /** Cross-entropy of the mini-batch's kept pixels over `divisor`, nats. */
  readonly loss: number;
  /** Mean of the shards' mask losses, by their divisors. */
  readonly maskLoss: number;
  /** Pixels that the loss keeps. */
  readonly kept: number;
  /** What the loss is divided by; see {@link ShardTally}. */
  readonly divisor: number;
  /** Pixels that are labelled. */
  readonly counted: number;
}

/** Nats; no network that can still learn is so sure of so many wrong labels. */
export const LARGEST_LOSS = 10_000;

/**
 * Whether losses are numbers to go on from: finite, and not beyond all reason.
 *
 * @example
 * ```ts
 * import { isDiverged } from "./step_tally.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const losses = [3, 20_000, NaN].map((loss) => ({ loss, maskLoss: 0 }));
 * deepStrictEqual(losses.map(isDiverged), [false, true, true]);
 * ```
 */
export function isDiverged(
  { loss, maskLoss }: Pick<StepResult, "loss" | "maskLoss">,
): boolean {
  return !(loss <= LARGEST_LOSS && Number.isFinite(maskLoss));
}

/**
 * The means over a mini-batch, its shards added in their order.
 *
 * @example
 * ```ts
 * import { batchMeans, newTallies, writeTally } from "./step_tally.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const tallies = newTallies(2);
 * const [one, three] = [{ kept: 1, divisor: 1 }, { kept: 3, divisor: 3 }];
 * writeTally(tallies, 0, { ...one, lossSum: 3, maskLoss: 0.5, counted: 2 });
 * writeTally(tallies, 1, { ...three, lossSum: 9, maskLoss: 0.25, counted: 3 });
 * deepStrictEqual(
 *   batchMeans(tallies),
 *   { loss: 3, maskLoss: 0.3125, kept: 4, divisor: 4, counted: 5 },
 * );
 * ```
 */
export function batchMeans(tallies: Tallies): StepResult {
  let [loss, maskLoss, kept, divisor, counted] = [0, 0, 0, 0, 0];
  for (let at = 0; at < tallies.length; at += NUMBERS) {
    loss += tallies[at]!;
    kept += tallies[at + 1]!;
    divisor += tallies[at + 2]!;
    maskLoss += tallies[at + 3]! * tallies[at + 2]!;
    counted += tallies[at + 4]!;
  }
  // A mini-batch may have no pixel that counts: its loss is 0.
  const whole = Math.max(1, divisor);
  const means = { loss: loss / whole, maskLoss: maskLoss / whole };
  return { ...means, kept, divisor, counted };
}
