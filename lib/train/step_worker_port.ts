/**
 * A worker of a parallel step, as the main thread sees it.
 *
 * @module
 */
import type { StepJob, WorkerAnswer, WorkerStart } from "./step_protocol.ts";
// Imported, so that whoever hashes a stage's code sees what its workers run.
import { STEP_WORKER } from "./step_worker.ts";

/** A worker that is ready for jobs. */
export interface StepWorker {
  /** What its engine runs on, for people. */
  readonly detail: string;
  /**
   * Does a job; the memory of its feeds is moved to the worker.
   *
   * @throws {Error} When the worker's thread dies.
   */
  run(job: StepJob): Promise<WorkerAnswer>;
  /** Ends the worker, whatever it does. */
  close(): void;
}

/**
 * Starts a worker.
 *
 * @throws {Error} When it cannot start; says why.
 */
export async function openStepWorker(start: WorkerStart): Promise<StepWorker> {
  const worker = new Worker(STEP_WORKER, { type: "module" });
  const { port1: port, port2 } = new MessageChannel();
  let { promise, resolve } = Promise.withResolvers<WorkerAnswer>();
  port.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    resolve({ kind: "failed", message: event.message });
  };
  const close = () => {
    port.close();
    worker.terminate();
  };
  worker.postMessage(start, [port2]);
  const first = await promise;
  if (first.kind === "ready") {
    return {
      detail: first.detail,
      run(job) {
        ({ promise, resolve } = Promise.withResolvers<WorkerAnswer>());
        port.postMessage(job, ownBuffers(job));
        return promise;
      },
      close,
    };
  }
  close();
  throw new Error(
    `Cannot start worker ${start.worker} as it must compile the training ` +
      `graph: ${first.kind === "failed" ? first.message : first.kind}`,
  );
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
