/**
 * What a training tells of itself while it goes on, in numbers.
 *
 * @module
 */
import type { HistoryEntry } from "./history.ts";

/** Told how far a training is; see a stage's `progress`. */
export type TellProgress = (
  done: number,
  total: number,
  unit: string,
  detail: {
    readonly numbers?: Readonly<Record<string, number>>;
    readonly each: { readonly count: number; readonly unit: string };
    /** Iterations that a checkpoint had done: they took no time now. */
    readonly before: number;
  },
) => void;

/**
 * Passes on where a training begins and each iteration: loss, learning rate,
 * the share of labelled pixels that the filling-rate loss ignored and the loss
 * of the attention maps, where there are such losses.
 *
 * @param training `selection` and `mask`: null without that loss.
 *
 * @example
 * ```ts
 * import { trainingTeller } from "./training_teller.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const told: unknown[] = [];
 * const training = {
 *   iterations: 9, batchSize: 8, selection: { rate: 0.6 }, mask: null,
 * };
 * const { onBegin, onProgress } = trainingTeller(
 *   training,
 *   (done, total, unit, { numbers }) =>
 *     told.push(`${done}/${total} ${unit}`, numbers),
 * );
 * onBegin(0);
 * onProgress({
 *   iteration: 0, loss: 2, maskLoss: 0, learningRate: 0.1, keptShare: 0.75,
 * });
 * deepStrictEqual(told, [
 *   "0/9 iterations",
 *   undefined,
 *   "1/9 iterations",
 *   { loss: 2, lr: 0.1, "ignored %": 25 },
 * ]);
 * ```
 */
export function trainingTeller(
  { iterations, batchSize, selection, mask }: {
    readonly iterations: number;
    readonly batchSize: number;
    readonly selection: unknown;
    readonly mask: unknown;
  },
  tell: TellProgress,
): {
  readonly onBegin: (iteration: number) => void;
  readonly onProgress: (entry: HistoryEntry) => void;
} {
  const each = { count: batchSize, unit: "images" };
  let before = 0;
  return {
    onBegin(iteration) {
      before = iteration;
      tell(iteration, iterations, "iterations", { each, before });
    },
    onProgress({ iteration, loss, maskLoss, learningRate, keptShare }) {
      const numbers = {
        loss,
        lr: learningRate,
        ...(selection !== null && { "ignored %": 100 * (1 - keptShare) }),
        ...(mask !== null && { "mask loss": maskLoss }),
      };
      const detail = { numbers, each, before };
      tell(iteration + 1, iterations, "iterations", detail);
    },
  };
}
