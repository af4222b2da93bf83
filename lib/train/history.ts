/**
 * What a training run tells of itself: the same for the same seed, so without
 * clocks.
 *
 * @module
 */
import * as z from "zod";

/** One iteration in numbers. */
export const HistoryEntry = z.strictObject({
  iteration: z.int().min(0).describe("from 0"),
  loss: z.number().describe(
    "cross-entropy of the kept pixels over the norm; nats",
  ),
  maskLoss: z.number().describe("mean of the shards', by their norms"),
  learningRate: z.number().min(0),
  keptShare: z.number().min(0).describe("of the labelled pixels, 0…1"),
});

/** See the schema of this name. */
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/**
 * Means over the last tenth of a history, at least one entry.
 *
 * @throws {RangeError} When the history is empty.
 *
 * @example
 * ```ts
 * import { finalMeans } from "./history.ts";
 * import { strictEqual } from "node:assert";
 *
 * const entry = (loss: number) => ({
 *   iteration: 0, loss, maskLoss: 0, learningRate: 0.1, keptShare: 1,
 * });
 * strictEqual(finalMeans([entry(5), entry(1)]).loss, 1);
 * ```
 */
export function finalMeans(
  history: readonly HistoryEntry[],
): Pick<HistoryEntry, "loss" | "maskLoss" | "keptShare"> {
  if (history.length === 0) {
    throw new RangeError(
      "Cannot average a history as it must have an entry: it is empty",
    );
  }
  const last = history.slice(-Math.ceil(history.length / 10));
  const mean = (of: (entry: HistoryEntry) => number) =>
    last.reduce((sum, entry) => sum + of(entry), 0) / last.length;
  return {
    loss: mean(({ loss }) => loss),
    maskLoss: mean(({ maskLoss }) => maskLoss),
    keptShare: mean(({ keptShare }) => keptShare),
  };
}
