/**
 * The dense CRF of many pictures, on as many cores as wanted.
 *
 * In Deno and browsers: it needs the web's `Worker`.
 *
 * @module
 */
import type { CrfPicture } from "./crf_picture.ts";
import { CRF_WORKER_URL } from "./crf_worker.ts";
import { crfWorkers } from "./crf_workers.ts";
import type { DenseCrfOptions } from "./dense_crf.ts";
import { inOrder } from "./in_order.ts";
import type { LabelPlanes } from "./label_planes.ts";

/** See `openCrfPool`. */
export interface CrfPoolOptions {
  /**
   * Pictures that are done at a time, each on a thread of its own; default the
   * number of cores.
   */
  readonly workers?: number;
  /**
   * Pictures that wait, or whose result does, beyond those being done; default
   * 2. More keep the workers busy when some pictures take much longer.
   */
  readonly ahead?: number;
  /**
   * What the workers run, where the default does not find it: the address of
   * lib/crf/crf_worker.ts, or of a bundle of it.
   */
  readonly workerUrl?: string | URL;
}

/** See `CrfPool.run`. */
export interface CrfRunOptions {
  /** Ends the run, and at once the workers that are at its pictures. */
  readonly signal?: AbortSignal;
}

/** Workers that run the dense CRF; disposing ends them. */
export interface CrfPool extends AsyncDisposable {
  /**
   * Marginals of pictures, in their order, as `denseCrf` gives them: the same
   * bytes whatever the number of workers.
   *
   * At most `workers + ahead` pictures are held at a time: taken from the
   * source, and their marginals not yet handed over. Their arrays are the
   * pool's, as their memory is moved to a worker; marginals are the caller's.
   *
   * Who leaves the loop early ends the run. A pool may have several runs. Their
   * `onEvent` hears nothing, as the work is done on other threads.
   *
   * @throws {Error} As `denseCrf` of the first picture that fails, with its
   *   index, from 0, at the end of the message, once all before it have been
   *   handed over; what the source throws; the reason of the signal. The pool
   *   can still be used.
   */
  run(
    pictures: Iterable<CrfPicture> | AsyncIterable<CrfPicture>,
    options: DenseCrfOptions,
    run?: CrfRunOptions,
  ): AsyncGenerator<LabelPlanes, void, undefined>;
}

/**
 * Opens a pool. Workers start when there is something to do. In Deno that takes
 * the right to read what they run: `--allow-read`, or of the folder of this
 * module, `--allow-read=lib/crf`.
 *
 * @throws {RangeError} When a count is no whole number, or there are no
 *   workers.
 *
 * @example
 * ```ts
 * import { openCrfPool } from "./crf_pool.ts";
 * import { RESNET101_CRF } from "./dense_crf.ts";
 * import { mapLabels } from "./label_planes.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * function* pictures() {
 *   for (const p of [0.9, 0.2, 0.7]) {
 *     const image = { width: 1, height: 1, data: new Uint8Array(3) };
 *     const data = Float32Array.of(-Math.log(1 - p), -Math.log(p));
 *     yield { image, unary: { labelCount: 2, width: 1, height: 1, data } };
 *   }
 * }
 * await using pool = openCrfPool({ workers: 2 });
 * const labels: number[] = [];
 * for await (const marginals of pool.run(pictures(), RESNET101_CRF)) {
 *   labels.push(...mapLabels(marginals).data);
 * }
 * deepStrictEqual(labels, [1, 0, 1]);
 * ```
 */
export function openCrfPool(options: CrfPoolOptions = {}): CrfPool {
  assertThreads();
  const { workers = navigator.hardwareConcurrency, ahead = 2 } = options;
  assertCount("workers", workers, { least: 1 });
  assertCount("ahead", ahead, { least: 0 });
  const hands = crfWorkers(
    workers,
    String(options.workerUrl ?? CRF_WORKER_URL),
  );
  const closing = new AbortController();

  async function* run(
    pictures: Iterable<CrfPicture> | AsyncIterable<CrfPicture>,
    crf: DenseCrfOptions,
    { signal }: CrfRunOptions = {},
  ) {
    const leaving = new AbortController();
    const outer = signal === undefined ? [] : [signal];
    const ends = AbortSignal.any([closing.signal, leaving.signal, ...outer]);
    const options = { ...crf, onEvent: undefined }; // which cannot be sent
    const refine = (picture: CrfPicture, index: number) =>
      hands.run({ picture, options }, ends)
        .catch((error) => {
          throw ends.aborted ? error : ofPicture(index, error);
        });
    try {
      yield* inOrder(pictures, refine, {
        limit: workers + ahead,
        signal: ends,
      });
    } finally {
      leaving.abort();
    }
  }

  return {
    run,
    [Symbol.asyncDispose]() {
      closing.abort(
        new Error(
          "Cannot run the dense CRF as its pool must be open: it is shut",
        ),
      );
      hands.end();
      return Promise.resolve();
    },
  };
}

/** The error that also names the picture. */
function ofPicture(index: number, cause: Error): Error {
  const message = `${cause.message}; picture ${index}`;
  return cause instanceof RangeError
    ? new RangeError(message, { cause })
    : new Error(message, { cause });
}

function assertCount(
  name: string,
  count: number,
  { least }: { least: number },
): void {
  if (Number.isSafeInteger(count) && count >= least) return;
  throw new RangeError(
    `Cannot open a CRF pool as ${name} must be a whole number from ` +
      `${least}: ${count}`,
  );
}

function assertThreads(): void {
  if (typeof Worker === "function") return;
  throw new Error(
    "Cannot open a CRF pool as there must be web workers, as browsers have " +
      "them: there are none",
  );
}
