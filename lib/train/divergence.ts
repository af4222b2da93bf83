/**
 * Training that has left the numbers from which it could go on.
 *
 * @module
 */
import {
  firstNotFinite,
  type LearntParameter,
  type ParameterLayout,
} from "./parameter_layout.ts";
import { LARGEST_LOSS } from "./step_tally.ts";

/** Where and when training diverged. */
export interface DivergenceFacts {
  /** From 0. */
  readonly iteration: number;
  readonly learningRate: number;
  /** Mean cross-entropy of the mini-batch, nats. */
  readonly loss: number;
  readonly maskLoss: number;
  readonly layout: ParameterLayout;
  /** Flat. */
  readonly weights: Float32Array;
  /** Flat, of each shard; none where they stay in the engine. */
  readonly gradients: readonly Float32Array[];
}

/**
 * The error that stops a training run whose loss, a gradient or a weight is not
 * finite, or its loss beyond all reason; it names the iteration, the first
 * parameter that is affected, the learning rate, and where the largest weight
 * is: the layer to look at.
 *
 * @example
 * ```ts
 * import { divergence } from "./divergence.ts";
 * import { parameterLayout } from "./parameter_layout.ts";
 * import { strictEqual } from "node:assert";
 *
 * const layout = parameterLayout([
 *   { name: "fc8/bias", shape: [1], rate: 20, decays: false },
 * ]);
 * const weights = Float32Array.of(1);
 * const gradients = [Float32Array.of(NaN)];
 * const at = {
 *   iteration: 7, learningRate: 0.1, loss: 2, maskLoss: 0, layout,
 * };
 * strictEqual(
 *   divergence({ ...at, weights, gradients }).message,
 *   "Cannot go on training as all numbers must stay finite: the gradient of " +
 *     '"fc8/bias" is not, at iteration 7 with learning rate 0.1 and loss 2; ' +
 *     'the largest weight, 1, is in "fc8/bias"',
 * );
 * ```
 */
export function divergence(facts: DivergenceFacts): Error {
  const { iteration, learningRate, loss } = facts;
  return new Error(
    `Cannot go on training as ${brokenRule(facts)}, ` +
      `at iteration ${iteration} with learning rate ${learningRate} and ` +
      `loss ${loss}; ${largestWeight(facts)}`,
  );
}

/** What must hold, and what does not. */
function brokenRule(
  { loss, maskLoss, layout, weights, gradients }: DivergenceFacts,
): string {
  const numbers = "all numbers must stay finite";
  const gradient = firstOf(gradients, layout);
  if (gradient !== undefined) {
    return `${numbers}: the gradient of "${gradient.name}" is not`;
  }
  const weight = firstNotFinite(layout, weights);
  if (weight !== undefined) return `${numbers}: "${weight.name}" is not`;
  if (!(loss <= LARGEST_LOSS)) {
    return `the loss must stay finite, and at most ${LARGEST_LOSS}: it is not`;
  }
  return Number.isFinite(maskLoss)
    ? `${numbers}: a sum of gradients is not`
    : `${numbers}: the mask loss, ${maskLoss}, is not`;
}

/** Where the largest weight lies: a layer whose rate may be too high. */
function largestWeight(
  { layout: { parameters }, weights }: DivergenceFacts,
): string {
  let largest = 0;
  for (let at = 1; at < weights.length; at++) {
    if (!(Math.abs(weights[at]!) <= Math.abs(weights[largest]!))) largest = at;
  }
  const { name } = parameters.findLast(({ offset }) => offset <= largest)!;
  return `the largest weight, ${weights[largest]}, is in "${name}"`;
}

/** The first parameter, in order, for which any vector is not finite. */
function firstOf(
  vectors: readonly Float32Array[],
  layout: ParameterLayout,
): LearntParameter | undefined {
  return vectors.map((vector) => firstNotFinite(layout, vector))
    .filter((parameter) => parameter !== undefined)
    .sort((a, b) => a.offset - b.offset)[0];
}
