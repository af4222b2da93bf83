/**
 * Stands for a worker of a parallel step: the first waits at the barrier, the
 * second dies in a job of an error that nobody catches.
 *
 * @module
 */
import type {
  WorkerAnswer,
  WorkerStart,
} from "../../../lib/train/step_protocol.ts";
import { meetAtBarrier } from "../../../lib/train/worker_barrier.ts";

export const DYING_WORKER = import.meta.url;

if (import.meta.main) {
  addEventListener("message", (event) => {
    const { data, ports } = event as MessageEvent<WorkerStart>;
    const port = ports[0]!;
    const answer = (message: WorkerAnswer) => port.postMessage(message);
    port.onmessage = (job) => {
      if (job.data === null) return answer({ kind: "closed" });
      if (data.worker === 1) throw new Error("out of luck");
      const isGood = meetAtBarrier(data.shared.barrier, data.workers);
      answer(isGood ? { kind: "done", isGood } : { kind: "left" });
    };
    answer({ kind: "ready", detail: "none" });
  }, { once: true });
}
