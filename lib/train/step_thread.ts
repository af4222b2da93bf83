/**
 * The threads of a parallel step, as the main thread sees them.
 *
 * @module
 */
import type { StepJob, WorkerAnswer, WorkerStart } from "./step_protocol.ts";
// Imported, so that whoever hashes a stage's code sees what its workers run.
import { STEP_WORKER } from "./step_worker.ts";
import { breakBarrier } from "./worker_barrier.ts";

/** How long a worker may take to free what it holds, ms. */
const CLOSING_MS = 5000;

/** A worker that is ready for jobs. */
export interface StepThread {
  /** What its engine runs on, for people. */
  readonly detail: string;
  /**
   * Does a job; the memory of its feeds is moved to the worker. A thread that
   * has died answers that it failed, then and ever after.
   */
  run(job: StepJob): Promise<WorkerAnswer>;
  /** Ends the worker when it has freed what it holds, or does not answer. */
  close(): Promise<void>;
}

/**
 * Starts a worker. Should its thread die, the barrier is broken, so that no
 * other waits for it.
 *
 * @param module What it runs.
 * @throws {Error} When it cannot start; says why.
 *
 * @example
 * ```ts
 * import { SegmenterConfig } from "../net/network_config.ts";
 * import { newTallies } from "./step_tally.ts";
 * import { openStepThread } from "./step_thread.ts";
 * import { newBarrier } from "./worker_barrier.ts";
 * import { rejects } from "node:assert";
 *
 * const segmenter = SegmenterConfig.parse({
 *   network: { kind: "largefov", width: 0.125, fcChannels: 8 },
 *   head: { kind: "plain" },
 *   classCount: 3,
 * });
 * const loss = { selection: null, mask: null };
 * const none = new Float32Array(new SharedArrayBuffer(0));
 * const start = {
 *   config: { segmenter, loss, shardSize: 1, cropSize: 17 },
 *   engine: "onnxruntime-node",
 *   worker: 0,
 *   workers: 1,
 *   seed: 1,
 *   sgd: { momentum: 0.9, weightDecay: 0.0005 },
 *   frozen: new Map(),
 *   shared: {
 *     weights: none,
 *     velocity: none,
 *     gradients: [],
 *     tallies: newTallies(1),
 *     barrier: newBarrier(),
 *   },
 * } as const;
 * const refuse = `onmessage = ({ ports }) =>
 *   ports[0].postMessage({ kind: "failed", message: "no memory" });`;
 * const module = "data:text/javascript," + encodeURIComponent(refuse);
 * await rejects(openStepThread(start, module), /no memory/);
 * ```
 */
export async function openStepThread(
  start: WorkerStart,
  module: string = STEP_WORKER,
): Promise<StepThread> {
  const worker = new Worker(module, { type: "module" });
  const { port1: port, port2 } = new MessageChannel();
  let { promise, resolve } = Promise.withResolvers<WorkerAnswer>();
  let death: WorkerAnswer | null = null;
  port.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    death = {
      kind: "failed",
      message: `worker ${start.worker} died: ${event.message}`,
    };
    breakBarrier(start.shared.barrier);
    resolve(death);
  };
  const ask = (message: StepJob | null, moved: ArrayBuffer[] = []) => {
    if (death !== null) return Promise.resolve(death);
    ({ promise, resolve } = Promise.withResolvers<WorkerAnswer>());
    port.postMessage(message, moved);
    return promise;
  };
  const end = () => {
    port.close();
    worker.terminate();
  };
  worker.postMessage(start, [port2]);
  const first = await promise;
  if (first.kind === "ready") {
    return {
      detail: first.detail,
      run: (job) => ask(job, ownBuffers(job)),
      async close() {
        const patience = Promise.withResolvers<void>();
        const timer = setTimeout(patience.resolve, CLOSING_MS);
        await Promise.race([ask(null), patience.promise]);
        clearTimeout(timer);
        end();
      },
    };
  }
  end();
  throw new Error(
    `Cannot start worker ${start.worker} as it must compile the training ` +
      `graph: ${first.kind === "failed" ? first.message : first.kind}`,
  );
}

/**
 * Whether all numbers of a step are good, of the answers of all workers.
 *
 * @throws {Error} When one has not done its part.
 *
 * @example
 * ```ts
 * import { assertDone } from "./step_thread.ts";
 * import { strictEqual, throws } from "node:assert";
 *
 * strictEqual(assertDone([{ kind: "done", isGood: false }]), false);
 * throws(() => assertDone([{ kind: "left" }]), /left/);
 * ```
 */
export function assertDone(answers: readonly WorkerAnswer[]): boolean {
  const failed = answers.find(({ kind }) => kind === "failed");
  const undone = failed ?? answers.find(({ kind }) => kind !== "done");
  if (undone !== undefined) {
    const found = undone.kind === "failed"
      ? undone.message
      : `one answers "${undone.kind}", and none why`;
    throw new Error(
      `Cannot run a step as its workers must not fail: ${found}`,
    );
  }
  return answers.every((each) => each.kind === "done" && each.isGood);
}

/** Memory that can be moved: whole, unshared, and named once. */
function ownBuffers({ shards }: StepJob): ArrayBuffer[] {
  const buffers = shards.flatMap(({ feeds }) =>
    Object.values(feeds).flatMap(({ buffer, byteLength }) =>
      buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
        ? [buffer]
        : []
    )
  );
  return [...new Set(buffers)];
}
