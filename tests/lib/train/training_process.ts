/**
 * Trains in a process of its own and prints the hash of what was learnt; given
 * an iteration, kills itself within the step after it or the next.
 *
 *   deno run training_process.ts FOLDER [ITERATION]
 *
 * @module
 */
import { train } from "../../../lib/train/trainer.ts";
import {
  BATCH_SIZE,
  firstWeights,
  hashOf,
  tinyBatches,
  tinyConfig,
} from "./tiny_training.ts";

export const TRAINING_PROCESS = import.meta.url;

if (import.meta.main) {
  const config = tinyConfig();
  const { weights, history } = await train({
    config,
    shards: BATCH_SIZE,
    weights: firstWeights(config),
    sgd: { momentum: 0.9, weightDecay: 0.0005 },
    seed: 1,
    openBatches: (first) => tinyBatches(first),
    iterations: 60,
    schedule: { kind: "step", rate: 0.01, every: 20 },
    engine: "onnxruntime-node",
    device: "cpu",
    workers: 2,
    checkpoints: { folder: Deno.args[0]!, every: 7, config: "{}" },
    onProgress({ iteration }) {
      if (String(iteration) !== Deno.args[1]) return;
      // Not at once, to strike workers at work.
      setTimeout(() => Deno.kill(Deno.pid, "SIGKILL"), 5);
    },
    log: (line) => console.log(line),
  });
  const text = new TextEncoder().encode(JSON.stringify(history));
  const digest = await crypto.subtle.digest("SHA-256", text);
  const bytes = new Uint8Array(digest);
  console.log(`learnt ${hashOf(weights)} ${bytes.toHex()}`);
}
