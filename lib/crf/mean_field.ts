/**
 * Mean-field inference: the fully factorised distribution Q nearest to the CRF.
 *
 *   Q_i(l) ∝ exp(−U_i(l) + Σ_m w_m Σ_j k_m(i, j) Q_j(l))
 *                                           [Kraehenbuehl2011, Algorithm 1]
 *
 * for Potts labels, all pixels at once, from Q = softmax(−U). The sum over j
 * includes i itself, as in the authors' code.
 *
 * Inside, arrays are `[P, L]`, and the last label is never filtered: Q sums to
 * 1, so its messages are those of an all-ones picture less all others'. That
 * makes two labels, the commonest case, one channel.
 *
 * @module
 */
import type { LabelPlanes } from "./label_planes.ts";
import type { PairwiseKernel } from "./pairwise.ts";
import { addFiltered, latticeBuffers } from "./permutohedral_lattice.ts";

/**
 * Between iterations, Q below e^this (1e-13) becomes 0. Float32 cannot add so
 * little to 1, and sums with its products, which would be denormal, take ten
 * times as long.
 */
const LEAST_EXPONENT = -30;

/**
 * Marginals after a number of mean-field iterations.
 *
 * @param unary −ln p, nats; checked by `assertUnary`.
 * @param kernels All over the pixels of the unary.
 * @param iterations 0 or more; 0 gives softmax(−U).
 * @param onIteration Hears of each when it is done: 1, 2, …
 * @returns Q, 0…1, sums to 1 over the labels of each pixel.
 *
 * @example
 * ```ts
 * import { meanField } from "./mean_field.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const data = Float32Array.of(0, Math.log(3));
 * const unary = { labelCount: 2, width: 1, height: 1, data };
 * deepStrictEqual(
 *   meanField(unary, [], { iterations: 10 }).data,
 *   Float32Array.of(0.75, 0.25),
 * );
 * ```
 */
export function meanField(
  unary: LabelPlanes,
  kernels: readonly PairwiseKernel[],
  { iterations, onIteration }: {
    iterations: number;
    onIteration?: (iteration: number) => void;
  },
): LabelPlanes {
  const pixelCount = unary.width * unary.height;
  const channels = unary.labelCount - 1;
  const q = new Float32Array(pixelCount * channels);
  const scores = startScores(unary);
  const total = totalMessages(kernels, pixelCount);
  const buffers = latticeBuffers(kernels.map((k) => k.lattice), channels);
  for (let iteration = 0; iteration < iterations; iteration++) {
    updateQ(scores, q);
    scores.messages.fill(0);
    scores.total = total;
    for (const { lattice, sent, received } of kernels) {
      addFiltered(lattice, {
        channels,
        input: q,
        inputScale: sent,
        output: scores.messages,
        outputScale: received,
        buffers,
      });
    }
    onIteration?.(iteration + 1);
  }
  return { ...unary, data: marginals(scores) };
}

/** All that decides Q: −U + messages. */
interface Scores {
  readonly labelCount: number;
  readonly pixelCount: number;
  /** float32 `[P, L]`: U. */
  readonly energies: Float32Array;
  /** float32 `[P, L − 1]`: messages of all but the last label. */
  readonly messages: Float32Array;
  /** float32 `[P]`: sum of the messages of all labels. */
  total: Float32Array;
}

/** Before the first iteration: no messages yet. */
function startScores(unary: LabelPlanes): Scores {
  const { labelCount, data } = unary;
  const pixelCount = unary.width * unary.height;
  const energies = new Float32Array(data.length);
  let from = 0;
  for (let label = 0; label < labelCount; label++) {
    for (let to = label; to < data.length; to += labelCount) {
      energies[to] = data[from++]!;
    }
  }
  return {
    labelCount,
    pixelCount,
    energies,
    messages: new Float32Array(pixelCount * (labelCount - 1)),
    total: new Float32Array(pixelCount),
  };
}

/** float32 `[P]`: what each pixel would receive if all sent 1. */
function totalMessages(
  kernels: readonly PairwiseKernel[],
  pixelCount: number,
): Float32Array {
  const total = new Float32Array(pixelCount);
  const ones = new Float32Array(pixelCount).fill(1);
  const buffers = latticeBuffers(kernels.map((k) => k.lattice), 1);
  for (const { lattice, sent, received } of kernels) {
    addFiltered(lattice, {
      channels: 1,
      input: ones,
      inputScale: sent,
      output: total,
      outputScale: received,
      buffers,
    });
  }
  return total;
}

/** Q of all but the last label, `[P, L − 1]`. */
function updateQ(scores: Scores, q: Float32Array): void {
  const { labelCount, pixelCount } = scores;
  const channels = labelCount - 1;
  const odds = new Float64Array(labelCount);
  for (let p = 0; p < pixelCount; p++) {
    const sum = exponentiate(scores, p, { odds, least: LEAST_EXPONENT });
    for (let c = 0; c < channels; c++) q[p * channels + c] = odds[c]! / sum;
  }
}

/** Q of all labels, `[L, P]`. */
function marginals(scores: Scores): Float32Array {
  const { labelCount, pixelCount } = scores;
  const odds = new Float64Array(labelCount);
  const marginals = new Float32Array(labelCount * pixelCount);
  for (let p = 0; p < pixelCount; p++) {
    const sum = exponentiate(scores, p, { odds, least: -Infinity });
    for (let label = 0; label < labelCount; label++) {
      marginals[label * pixelCount + p] = odds[label]! / sum;
    }
  }
  return marginals;
}

/**
 * Odds of the labels of one pixel against its likeliest, 0…1; returns their
 * sum. Odds below e^least are 0.
 */
function exponentiate(
  { labelCount, energies, messages, total }: Scores,
  p: number,
  { odds, least }: { odds: Float64Array; least: number },
): number {
  const last = labelCount - 1;
  let rest = total[p]!;
  let best = -Infinity;
  for (let label = 0; label <= last; label++) {
    const message = label < last ? messages[p * last + label]! : rest;
    rest -= message;
    const score = message - energies[p * labelCount + label]!;
    odds[label] = score;
    if (score > best) best = score;
  }
  let sum = 0;
  for (let label = 0; label <= last; label++) {
    const exponent = odds[label]! - best;
    const odd = exponent < least ? 0 : Math.exp(exponent);
    odds[label] = odd;
    sum += odd;
  }
  return sum;
}
