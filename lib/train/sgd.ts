/**
 * Stochastic gradient descent with momentum, as Caffe does it:
 *
 *   v ← m v + r λ (g + d w)        w ← w − v
 *
 * m momentum, λ learning rate, r the parameter's rate, d weight decay (0 for
 * parameters that do not decay). The learning rate is inside the velocity, so
 * a drop of it does not slow what already moves. docs/method.md, Schedule.
 *
 * @module
 */
import type { LearntParameter, ParameterLayout } from "./parameter_layout.ts";

/** What is the same in all updates of a run. */
export interface SgdConstants {
  /** 0…1; 0.9 in the paper. */
  readonly momentum: number;
  /** 5e-4 in the paper. */
  readonly weightDecay: number;
}

/** What one update takes beside the vectors. */
export interface SgdSettings extends SgdConstants {
  readonly learningRate: number;
}

/** Flat vectors of one layout. */
export interface SgdVectors {
  /** Updated in place. */
  readonly weights: Float32Array;
  /** Updated in place. */
  readonly velocity: Float32Array;
  /** Of each shard; added in their order, which fixes the bytes of the sum. */
  readonly gradients: readonly Float32Array[];
}

/** A half-open part of the flat vector. */
export interface FlatRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The part of the flat vector that one of several workers updates.
 *
 * @example
 * ```ts
 * import { workerRange } from "./sgd.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const ranges = [0, 1].map((worker) => workerRange(20, { worker, workers: 2 }));
 * deepStrictEqual(ranges, [{ start: 0, end: 16 }, { start: 16, end: 20 }]);
 * ```
 */
export function workerRange(
  count: number,
  { worker, workers }: { readonly worker: number; readonly workers: number },
): FlatRange {
  // Whole cache lines, so that no two workers write to one.
  const share = Math.ceil(count / workers / 16) * 16;
  const start = Math.min(count, worker * share);
  return { start, end: Math.min(count, start + share) };
}

/**
 * Updates a range of the flat vectors. All is element by element: the bytes do
 * not depend on how ranges cut the vector.
 *
 * @param divisor By what the sum of the gradients is divided: the kept pixels
 *   of the mini-batch.
 * @returns Whether all updated weights are finite.
 *
 * @example
 * ```ts
 * import { parameterLayout } from "./parameter_layout.ts";
 * import { updateRange } from "./sgd.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const layout = parameterLayout([
 *   { name: "x", shape: [1], rate: 2, decays: false },
 * ]);
 * const weights = Float32Array.of(1);
 * const velocity = Float32Array.of(0.5);
 * const gradients = [Float32Array.of(3), Float32Array.of(5)];
 * updateRange(layout, { weights, velocity, gradients }, {
 *   range: { start: 0, end: 1 },
 *   divisor: 4,
 *   settings: { learningRate: 0.125, momentum: 0.5, weightDecay: 0 },
 * });
 * deepStrictEqual(velocity, Float32Array.of(0.75)); // 0.5·0.5 + 2·0.125·8/4
 * deepStrictEqual(weights, Float32Array.of(0.25));
 * ```
 */
export function updateRange(
  layout: ParameterLayout,
  vectors: SgdVectors,
  { range, divisor, settings }: {
    readonly range: FlatRange;
    readonly divisor: number;
    readonly settings: SgdSettings;
  },
): boolean {
  let isFinite = true;
  const scratch = new Float32Array(BLOCK);
  for (const parameter of layout.parameters) {
    const end = Math.min(range.end, parameter.offset + parameter.count);
    let start = Math.max(range.start, parameter.offset);
    for (; start < end; start += BLOCK) {
      const block = { start, end: Math.min(end, start + BLOCK) };
      const sum = sumGradients(vectors.gradients, block, scratch);
      const factors = factorsOf(parameter, divisor, settings);
      isFinite = updateBlock(vectors, sum, block.start, factors) && isFinite;
    }
  }
  return isFinite;
}

/** Floats whose sum stays in the first-level cache. */
const BLOCK = 4096;

/** Numbers of the update that are the same for all of a parameter. */
interface Factors {
  readonly momentum: number;
  /** r λ / divisor, of the gradients' sum. */
  readonly ofGradient: number;
  /** r λ d, of the weight. */
  readonly ofWeight: number;
}

function factorsOf(
  { rate, decays }: LearntParameter,
  divisor: number,
  { learningRate, momentum, weightDecay }: SgdSettings,
): Factors {
  const step = rate * learningRate;
  return {
    momentum,
    ofGradient: step / divisor,
    ofWeight: decays ? step * weightDecay : 0,
  };
}

/**
 * The gradients of a range, added in the order of the shards, into `sum`; a
 * view of it.
 */
function sumGradients(
  gradients: readonly Float32Array[],
  { start, end }: FlatRange,
  sum: Float32Array,
): Float32Array {
  const [first, ...rest] = gradients;
  const view = sum.subarray(0, end - start);
  view.set(first!.subarray(start, end));
  for (const gradient of rest) addTo(view, gradient.subarray(start, end));
  return view;
}

// Kept apart, and free of closures, so that the compiler sees a bare loop.
function addTo(sum: Float32Array, part: Float32Array): void {
  for (let i = 0; i < part.length; i++) sum[i]! += part[i]!;
}

function updateBlock(
  { weights, velocity }: SgdVectors,
  sum: Float32Array,
  start: number,
  { momentum, ofGradient, ofWeight }: Factors,
): boolean {
  // A sum in float64 of float32 cannot overflow: it is finite while they are.
  let probe = 0;
  for (let i = 0; i < sum.length; i++) {
    const at = start + i;
    const weight = weights[at]!;
    // Float64 until it is stored: rounding at each step takes twice the time.
    const speed = momentum * velocity[at]! + ofGradient * sum[i]! +
      ofWeight * weight;
    velocity[at] = speed;
    weights[at] = weight - speed;
    probe += weights[at]!;
  }
  return Number.isFinite(probe);
}
