/**
 * Steps of SMALL on little pictures, in a process of its own: prints the
 * process's memory after each, in MiB.
 *
 *   deno run step_memory.ts STEPS           of one training
 *   deno run step_memory.ts 1 TRAININGS     of many, one after the other
 *
 * @module
 */
import { noiseBatches, openSmallStep } from "./small_training.ts";

export const STEP_MEMORY = import.meta.url;

if (import.meta.main) {
  const cropSize = 25;
  const next = noiseBatches(cropSize);
  const [steps, trainings] = [Deno.args[0], Deno.args[1] ?? 1].map(Number);
  for (let training = 0; training < trainings!; training++) {
    await using step = await openSmallStep(cropSize);
    for (let iteration = 0; iteration < steps!; iteration++) {
      await step.run({ iteration, learningRate: 0.001, shards: next() });
      console.log(Math.round(Deno.memoryUsage().rss / 2 ** 20));
    }
  }
}
