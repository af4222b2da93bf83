/**
 * A fixed number of workers that share what there is to do.
 *
 * @module
 */
import type { CrfPicture } from "./crf_picture.ts";
import {
  CRF_WORKER_NAME,
  CRF_WORKER_URL,
  type CrfAnswer,
  type CrfJob,
} from "./crf_worker.ts";
import type { LabelPlanes } from "./label_planes.ts";

/** Workers, each with at most one job. */
export interface CrfWorkers {
  /**
   * Does a job as soon as a worker is free; jobs begin in the order in which
   * they are given. The memory of its arrays is moved to the worker.
   *
   * @throws As `denseCrf`; the signal's reason when it aborts, which ends the
   *   worker that is at it; and when the worker dies.
   */
  run(job: CrfJob, signal: AbortSignal): Promise<LabelPlanes>;
  /** Ends the workers; there must be no jobs left. */
  end(): void;
}

/** A job that has not been answered. */
interface OpenJob {
  readonly job: CrfJob;
  readonly answer: PromiseWithResolvers<LabelPlanes>;
}

/** A place for a worker. */
interface Hand {
  /** Null until the first job, and after a worker has been ended. */
  worker: Worker | null;
  open: OpenJob | null;
}

/**
 * Workers that start with their first job.
 *
 * @param module What they run.
 *
 * @example
 * ```ts
 * import { crfWorkers } from "./crf_workers.ts";
 * import { RESNET101_CRF } from "./dense_crf.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const workers = crfWorkers(2);
 * const image = { width: 1, height: 1, data: new Uint8Array(3) };
 * const data = Float32Array.of(0, Infinity);
 * const unary = { labelCount: 2, width: 1, height: 1, data };
 * const job = { picture: { image, unary }, options: RESNET101_CRF };
 * const marginals = await workers.run(job, new AbortController().signal);
 * deepStrictEqual(marginals.data, Float32Array.of(1, 0));
 * workers.end();
 * ```
 */
export function crfWorkers(
  count: number,
  module: string = CRF_WORKER_URL,
): CrfWorkers {
  const hands = Array.from({ length: count }, (): Hand => ({
    worker: null,
    open: null,
  }));
  const waiting: OpenJob[] = [];

  function assign(): void {
    for (const hand of hands) {
      if (hand.open !== null) continue;
      const open = waiting.shift();
      if (open === undefined) return;
      give(hand, open);
    }
  }

  function give(hand: Hand, open: OpenJob): void {
    hand.open = open;
    try {
      hand.worker ??= start(hand);
      const { image, unary } = open.job.picture;
      const picture = { image: movable(image), unary: movable(unary) };
      hand.worker.postMessage({ ...open.job, picture }, memoryOf(picture));
    } catch (error) { // of arrays, or options that cannot be sent
      settle(hand, { error: error as Error });
    }
  }

  function start(hand: Hand): Worker {
    const worker = new Worker(module, {
      type: "module",
      name: CRF_WORKER_NAME,
    });
    const isHeard = () => hand.worker === worker;
    worker.onmessage = ({ data }: MessageEvent<CrfAnswer>) => {
      if (isHeard()) settle(hand, data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (!isHeard()) return;
      endWorker(hand);
      const message = "Cannot run the dense CRF on a worker as it must start " +
        `and live on: ${event.message}`;
      settle(hand, { error: new Error(message) });
    };
    return worker;
  }

  function settle(hand: Hand, answer: CrfAnswer): void {
    const open = hand.open;
    hand.open = null;
    if ("error" in answer) open?.answer.reject(answer.error);
    else open?.answer.resolve(answer.marginals);
    assign();
  }

  /** Takes a job back; a worker in the midst of it knows no other way. */
  function drop(open: OpenJob, reason: unknown): void {
    open.answer.reject(reason);
    const place = waiting.indexOf(open);
    if (place >= 0) waiting.splice(place, 1);
    const hand = hands.find((hand) => hand.open === open);
    if (hand === undefined) return;
    endWorker(hand);
    hand.open = null;
    // Later, as the same signal may take back what would come next.
    queueMicrotask(assign);
  }

  return {
    async run(job, signal) {
      signal.throwIfAborted();
      const open = { job, answer: Promise.withResolvers<LabelPlanes>() };
      const abort = () => drop(open, signal.reason);
      signal.addEventListener("abort", abort);
      waiting.push(open);
      assign();
      try {
        return await open.answer.promise;
      } finally {
        signal.removeEventListener("abort", abort);
      }
    },
    end: () => hands.forEach(endWorker),
  };
}

function endWorker(hand: Hand): void {
  hand.worker?.terminate();
  hand.worker = null;
}

/** Any typed array. */
interface TypedArray {
  readonly buffer: ArrayBufferLike;
  readonly byteLength: number;
  slice(): TypedArray;
}

/** The same with its memory to itself, so that it can be moved. */
function movable<T extends { readonly data: TypedArray }>(array: T): T {
  const { data } = array;
  if (data.buffer instanceof ArrayBuffer && data.buffer.detached) {
    throw new RangeError(
      "Cannot run the dense CRF as no array may be given to a pool twice: " +
        "its memory has been moved to a worker before",
    );
  }
  const isWhole = data.buffer instanceof ArrayBuffer &&
    data.buffer.byteLength === data.byteLength;
  // A part would be sent with all that lies around it.
  return isWhole ? array : { ...array, data: data.slice() };
}

function memoryOf({ image, unary }: CrfPicture): ArrayBuffer[] {
  const buffers = [image.data.buffer, unary.data.buffer];
  return [...new Set(buffers)].filter((each) => each instanceof ArrayBuffer);
}
