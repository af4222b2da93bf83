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
  loss: z.number().describe("mean cross-entropy of the kept pixels; nats"),
  maskLoss: z.number().describe("mean of the shards', by kept pixels"),
  learningRate: z.number().min(0),
  keptShare: z.number().min(0).describe("of the labelled pixels, 0…1"),
});

/** See the schema of this name. */
export type HistoryEntry = z.infer<typeof HistoryEntry>;
