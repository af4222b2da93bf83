/**
 * Steps of SMALL on little pictures, in a process of its own: prints the
 * process's memory after each, in MiB.
 *
 *   deno run step_memory.ts STEPS
 *
 * @module
 */
import { noiseBatches, openSmallStep } from "./small_training.ts";

export const STEP_MEMORY = import.meta.url;

if (import.meta.main) {
  const cropSize = 25;
  const next = noiseBatches(cropSize);
  await using step = await openSmallStep(cropSize);
  for (let iteration = 0; iteration < Number(Deno.args[0]); iteration++) {
    await step.run({ iteration, learningRate: 0.001, shards: next() });
    console.log(Math.round(Deno.memoryUsage().rss / 2 ** 20));
  }
}
