import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import type { StepJob, WorkerStart } from "../../../lib/train/step_protocol.ts";
import { assertDone, openStepThread } from "../../../lib/train/step_thread.ts";
import { newTallies } from "../../../lib/train/step_tally.ts";
import { newBarrier } from "../../../lib/train/worker_barrier.ts";
import { DYING_WORKER } from "./dying_worker.ts";
import { tinyConfig } from "./tiny_training.ts";

const JOB: StepJob = { iteration: 0, learningRate: 0.1, shards: [] };

function startOf(): Omit<WorkerStart, "worker"> {
  const none = () => new Float32Array(new SharedArrayBuffer(0));
  return {
    config: tinyConfig(),
    engine: "onnxruntime-node",
    workers: 2,
    seed: 1,
    sgd: { momentum: 0.9, weightDecay: 0 },
    frozen: new Map(),
    shared: {
      weights: none(),
      velocity: none(),
      gradients: [],
      tallies: newTallies(1),
      barrier: newBarrier(),
    },
  };
}

Deno.test("a thread that dies lets go those that wait for it, and says so ever after", async () => {
  const start = startOf();
  const threads = await Promise.all(
    [0, 1].map((worker) => openStepThread({ ...start, worker }, DYING_WORKER)),
  );
  const answers = await Promise.all(threads.map((thread) => thread.run(JOB)));
  strictEqual(answers[0]!.kind, "left");
  const message =
    /^Cannot run a step as .*: worker 1 died: Uncaught .*out of luck/;
  throws(() => assertDone(answers), { message });
  deepStrictEqual(await threads[1]!.run(JOB), answers[1]);
  const begun = performance.now();
  await Promise.all(threads.map((thread) => thread.close()));
  strictEqual(performance.now() - begun < 4000, true, "waits for no dead one");
});

Deno.test("a step that a worker left is no step, nor a divergence", () => {
  const done = { kind: "done", isGood: true } as const;
  throws(() => assertDone([done, { kind: "left" }]), {
    message: "Cannot run a step as its workers must not fail: one answers " +
      '"left", and none why',
  });
  strictEqual(assertDone([done, done]), true);
  strictEqual(assertDone([done, { kind: "done", isGood: false }]), false);
});
