/**
 * The loader: makes mini-batches ahead of their use, on workers.
 *
 * It depends on nothing but its options which bytes a mini-batch has: not on
 * the number of workers, nor on who is quicker, nor on where it begins.
 *
 * @module
 */
import type { BatchOptions, ShardArrays } from "./batch.ts";
import { decodedStore } from "./decoded_store.ts";
import {
  LOADER_WORKER_URL,
  type LoaderSettings,
  type ShardAnswer,
  type ShardJob,
} from "./loader_worker.ts";
import type { SampleOrder } from "./sample_order.ts";
import type { SampleBytes, TrainingSample } from "./training_sample.ts";

/** See `openLoader`. */
export interface LoaderOptions {
  readonly samples: readonly TrainingSample[];
  /** Gives the files of the sample at an index; asked only for those needed. */
  readonly read: (index: number) => Promise<SampleBytes>;
  /** Numbers are indices of `samples`. */
  readonly order: SampleOrder;
  readonly batch: BatchOptions;
  /** C, background included. */
  readonly classCount: number;
  /** Samples of one shard; the mini-batch is a whole number of shards. */
  readonly shardSize: number;
  /** The first that is wanted; 0 by default, another to resume. */
  readonly firstIteration?: number;
  /** After the last that is wanted. */
  readonly endIteration: number;
  /** 1 by default. */
  readonly workers?: number;
  /** Mini-batches that are made ahead; 3 by default. */
  readonly queueLength?: number;
  /** Of decoded samples kept in memory; 256 MiB by default. */
  readonly cacheBytes?: number;
}

/** How well a loader keeps up. */
export interface LoaderReport {
  /** Mini-batches that were taken. */
  readonly batches: number;
  /** Of those, how many were not ready when asked for. */
  readonly late: number;
  /** For how long the consumer waited for them, s. */
  readonly waitedSeconds: number;
  /** Decoded samples in memory. */
  readonly cachedBytes: number;
}

/** A stream of mini-batches. */
export interface Loader extends AsyncDisposable {
  /**
   * The next mini-batch: its shards, in order. The arrays are the caller's.
   *
   * @throws {Error} When a sample of it cannot be used, as `decodeSample` says.
   * @throws {RangeError} When there is none left.
   */
  next(): Promise<ShardArrays[]>;
  report(): LoaderReport;
}

const MIB = 2 ** 20;

/**
 * Starts the workers and the first mini-batches. Workers end when the loader is
 * disposed of.
 *
 * @throws {RangeError} When a count is no positive whole number, or the
 *   mini-batch is not a whole number of shards.
 *
 * @example
 * ```ts
 * import { openLoader } from "./loader.ts";
 * import { sampleOrder } from "./sample_order.ts";
 * import { encodeRgbPng } from "../image/rgb_png.ts";
 * import { strictEqual } from "node:assert";
 *
 * const pixels = { width: 9, height: 9, data: new Uint8Array(9 * 9 * 3) };
 * const image = encodeRgbPng(pixels);
 * const sample = {
 *   id: "a", boxes: [], subClasses: null, isTruth: false, weight: 1,
 * };
 * await using loader = openLoader({
 *   samples: [sample],
 *   read: () => Promise.resolve({ image, path: "a.png", labels: null }),
 *   order: sampleOrder({ seed: 1, batchSize: 2, sets: [[0]] }),
 *   batch: {
 *     seed: 1,
 *     augmentation: { cropSize: 9 },
 *     encoding: { order: "rgb", mean: [0, 0, 0], scale: 1 },
 *     outputStride: 8,
 *     selection: null,
 *     mask: null,
 *   },
 *   classCount: 21,
 *   shardSize: 2,
 *   endIteration: 1,
 * });
 * const [shard] = await loader.next();
 * strictEqual(shard!.labels!.length, 2 * 4);
 * ```
 */
export function openLoader(options: LoaderOptions): Loader {
  const { firstIteration = 0, endIteration, queueLength = 3 } = options;
  assertCounts(options);
  const pool = startWorkers(options);
  const store = decodedStore(options.cacheBytes ?? 256 * MIB);
  const queue: Queued[] = [];
  let made = firstIteration;
  const counts = { batches: 0, late: 0, waitedSeconds: 0 };

  function makeAhead(): void {
    while (queue.length < queueLength && made < endIteration) {
      queue.push(queued(makeBatch(made++, { ...options, pool, store })));
    }
  }

  makeAhead();
  return {
    async next() {
      const head = queue.shift();
      if (head === undefined) {
        throw new RangeError(
          `Cannot load a mini-batch as it must be before iteration ` +
            `${endIteration}: all have been taken`,
        );
      }
      makeAhead();
      const begun = performance.now();
      counts.batches++;
      if (!head.isReady) counts.late++;
      const shards = await head.shards;
      counts.waitedSeconds += (performance.now() - begun) / 1000;
      return shards;
    },
    report: () => ({ ...counts, cachedBytes: store.bytes }),
    [Symbol.asyncDispose]() {
      pool.end();
      return Promise.resolve();
    },
  };
}

/** A mini-batch in the making. */
interface Queued {
  readonly shards: Promise<ShardArrays[]>;
  isReady: boolean;
}

function queued(shards: Promise<ShardArrays[]>): Queued {
  const entry: Queued = { shards, isReady: false };
  const settle = () => void (entry.isReady = true);
  // Heard here too: a failure ahead of its use must not end the program.
  shards.then(settle, settle);
  return entry;
}

async function makeBatch(
  iteration: number,
  { samples, read, order, shardSize, pool, store }: LoaderOptions & {
    readonly pool: WorkerPool;
    readonly store: ReturnType<typeof decodedStore>;
  },
): Promise<ShardArrays[]> {
  const chosen = order(iteration);
  const shards = Array.from(
    { length: chosen.length / shardSize },
    (_, shard) => chosen.slice(shard * shardSize, (shard + 1) * shardSize),
  );
  return await Promise.all(shards.map(async (indices, shard) => {
    const given = async (index: number) => {
      const pixels = store.get(index);
      return pixels === null
        ? { kind: "bytes", bytes: await read(index) } as const
        : { kind: "decoded", pixels } as const;
    };
    const { arrays, decoded } = await pool.make({
      iteration,
      firstSlot: shard * shardSize,
      samples: await Promise.all(indices.map(async (index) => ({
        sample: samples[index]!,
        given: await given(index),
      }))),
      isKept: store.hasRoom,
    });
    decoded.forEach((sample, i) => {
      if (sample !== null) store.add(indices[i]!, sample);
    });
    return arrays;
  }));
}

/** Workers, by what is asked of them. */
interface WorkerPool {
  make(job: Omit<ShardJob, "id">): Promise<MadeShard>;
  end(): void;
}

type MadeShard = Extract<ShardAnswer, { arrays: ShardArrays }>;

/** A worker and the jobs it has not answered. */
interface Hand {
  readonly worker: Worker;
  readonly open: Map<number, PromiseWithResolvers<MadeShard>>;
  /** Why it does no more jobs; null while it does. */
  lost: Error | null;
}

function startWorkers(
  { workers = 1, batch, classCount }: LoaderOptions,
): WorkerPool {
  const settings = { batch, classCount };
  const hands = Array.from({ length: workers }, () => startHand(settings));
  let id = 0;
  return {
    make(job) {
      // The least busy; of equals the first.
      const hand = hands.toSorted((a, b) => a.open.size - b.open.size)[0]!;
      if (hand.lost !== null) return Promise.reject(hand.lost);
      const answer = Promise.withResolvers<MadeShard>();
      hand.open.set(++id, answer);
      hand.worker.postMessage({ ...job, id });
      return answer.promise;
    },
    end() {
      const closed = new Error(
        "Cannot load a mini-batch as the loader is shut",
      );
      for (const hand of hands) {
        hand.worker.terminate();
        lose(hand, closed);
      }
    },
  };
}

function startHand(settings: LoaderSettings): Hand {
  const worker = new Worker(LOADER_WORKER_URL, { type: "module" });
  const hand: Hand = { worker, open: new Map(), lost: null };
  worker.onmessage = ({ data }: MessageEvent<ShardAnswer>) => {
    const answer = hand.open.get(data.id);
    hand.open.delete(data.id);
    if ("error" in data) answer?.reject(data.error);
    else answer?.resolve(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    lose(hand, new Error(`Internal error: a loader died: ${event.message}`));
  };
  worker.postMessage(settings);
  return hand;
}

/** Fails what a worker was to do, and all that it would be asked. */
function lose(hand: Hand, error: Error): void {
  hand.lost = error;
  for (const answer of hand.open.values()) answer.reject(error);
  hand.open.clear();
}

function assertCounts(options: LoaderOptions): void {
  const { shardSize, workers = 1, queueLength = 3, order } = options;
  const counts = { shardSize, workers, queueLength };
  for (const [name, count] of Object.entries(counts)) {
    if (Number.isSafeInteger(count) && count > 0) continue;
    throw new RangeError(
      `Cannot open a loader as ${name} must be a positive whole number: ` +
        `${count}`,
    );
  }
  const batchSize = order(options.firstIteration ?? 0).length;
  if (batchSize % shardSize === 0) return;
  throw new RangeError(
    `Cannot open a loader as a mini-batch must be a whole number of shards: ` +
      `${batchSize} samples, ${shardSize} in a shard`,
  );
}
