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

/** Where and when training diverged. */
export interface DivergenceFacts {
  /** From 0. */
  readonly iteration: number;
  readonly learningRate: number;
  /** Mean cross-entropy of the mini-batch, nats. */
  readonly loss: number;
  readonly layout: ParameterLayout;
  /** Flat. */
  readonly weights: Float32Array;
  /** Flat, of each shard; none where they stay in the engine. */
  readonly gradients: readonly Float32Array[];
}

/**
 * The error that stops a training run whose loss, a gradient or a weight is not
 * finite, or its loss beyond all reason; it names the iteration, the first parameter that is affected, the
 * learning rate, and where the largest weight is: the layer to look at.
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
 * const at = { iteration: 7, learningRate: 0.1, loss: 2, layout };
 * strictEqual(
 *   divergence({ ...at, weights, gradients }).message,
 *   "Cannot go on training as all numbers must stay finite: the gradient of " +
 *     '"fc8/bias" is not, at iteration 7 with learning rate 0.1 and loss 2; ' +
 *     'the largest weight, 1, is in "fc8/bias"',
 * );
 * ```
 */
export function divergence(facts: DivergenceFacts): Error {
  const { iteration, learningRate, loss, layout } = facts;
  const gradient = firstOf(facts.gradients, layout);
  const weight = firstNotFinite(layout, facts.weights);
  const what = gradient !== undefined
    ? `the gradient of "${gradient.name}" is not,`
    : weight !== undefined
    ? `"${weight.name}" is not,`
    : `the loss is too large,`;
  return new Error(
    `Cannot go on training as all numbers must stay finite: ${what} ` +
      `at iteration ${iteration} with learning rate ${learningRate} and ` +
      `loss ${loss}; ${largestWeight(facts)}`,
  );
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
