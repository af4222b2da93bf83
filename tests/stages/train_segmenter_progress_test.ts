/** What a training tells of itself while it goes on. */
import { deepStrictEqual, rejects } from "node:assert/strict";
import { temporaryFolder, trained } from "./tiny_training.ts";

const EACH = { count: 4, unit: "images" };

Deno.test("train_segmenter tells where it begins, then each iteration in numbers", async () => {
  const told: unknown[][] = [];
  const progress = (...args: unknown[]) => void told.push(args);
  const params = { selection: { rate: 0.6 } };
  const { outputs: { history } } = await trained(params, {}, { progress });
  const rows = history.map(({ iteration, loss, learningRate, keptShare }) => [
    iteration + 1,
    3,
    "iterations",
    {
      numbers: {
        loss,
        lr: learningRate,
        "ignored %": 100 * (1 - keptShare),
      },
      each: EACH,
      before: 0,
    },
  ]);
  const begin = [0, 3, "iterations", { each: EACH, before: 0 }];
  deepStrictEqual(told, [begin, ...rows]);
});

Deno.test("train_segmenter that goes on says how much a checkpoint had done", async () => {
  using folder = temporaryFolder();
  const scratch = folder.path;
  const controller = new AbortController();
  const stop = (done: number) => {
    if (done === 2) controller.abort(new Error("The run was stopped"));
  };
  const first = { scratch, signal: controller.signal, progress: stop };
  await rejects(trained({}, {}, first), { message: "The run was stopped" });

  const told: unknown[][] = [];
  const progress = (...args: unknown[]) => void told.push(args);
  const { outputs } = await trained({}, {}, { scratch, progress });
  const { loss, learningRate } = outputs.history[2]!;
  // Neither loss ignores pixels here, nor are there attention maps.
  const numbers = { loss, lr: learningRate };
  deepStrictEqual(told, [
    [2, 3, "iterations", { each: EACH, before: 2 }],
    [3, 3, "iterations", { numbers, each: EACH, before: 2 }],
  ]);
});
