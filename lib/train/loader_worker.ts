/**
 * A worker of the loader: reads, decodes and crops the samples of one shard
 * after the other.
 *
 * @module
 */
import {
  type BatchOptions,
  makeShard,
  type ReadySample,
  type ShardArrays,
  type ShardPlace,
} from "./batch.ts";
import {
  type DecodedSample,
  decodeSample,
  type SampleBytes,
  type TrainingSample,
} from "./training_sample.ts";

/** What a worker is started from. */
export const LOADER_WORKER_URL = import.meta.url;

/** The first message to a worker: what all its shards are made by. */
export interface LoaderSettings {
  readonly batch: BatchOptions;
  /** C, background included. */
  readonly classCount: number;
}

/** Each further message: a shard to be made. */
export interface ShardJob extends ShardPlace {
  /** Comes back with the answer. */
  readonly id: number;
  readonly samples: readonly {
    readonly sample: TrainingSample;
    /** Its files, or what they hold, in shared memory. */
    readonly given:
      | { readonly kind: "bytes"; readonly bytes: SampleBytes }
      | { readonly kind: "decoded"; readonly pixels: DecodedSample };
  }[];
  /** Whether samples decoded here are wanted back, in shared memory. */
  readonly isKept: boolean;
}

/** What a worker answers to a job. */
export type ShardAnswer =
  | {
    readonly id: number;
    readonly arrays: ShardArrays;
    /** In the order of the job's samples; null where none is handed back. */
    readonly decoded: readonly (DecodedSample | null)[];
  }
  | { readonly id: number; readonly error: Error };

/** Does one job; failures are answers. */
async function answerShardJob(
  job: ShardJob,
  { batch, classCount }: LoaderSettings,
): Promise<ShardAnswer> {
  try {
    const ready: ReadySample[] = [];
    for (const { sample, given } of job.samples) {
      const pixels = given.kind === "decoded"
        ? given.pixels
        : await decodeSample(sample, given.bytes, classCount);
      ready.push({ sample, ...pixels });
    }
    const decoded = job.samples.map(({ given }, i) =>
      job.isKept && given.kind === "bytes" ? shared(ready[i]!) : null
    );
    return { id: job.id, arrays: makeShard(ready, job, batch), decoded };
  } catch (error) {
    if (error instanceof Error) return { id: job.id, error };
    throw error;
  }
}

/** A copy in memory that all workers see. */
function shared({ image, labels }: DecodedSample): DecodedSample {
  return {
    image: { ...image, data: sharedBytes(image.data) },
    labels: { ...labels, data: sharedBytes(labels.data) },
  };
}

function sharedBytes(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(answer: ShardAnswer, transfer: Transferable[]): void;
}

/** Answers the jobs that come in, one at a time, in their order. */
function serveShardJobs(scope: WorkerScope): void {
  let settings: LoaderSettings | null = null;
  let last = Promise.resolve();
  async function serve(job: ShardJob, settings: LoaderSettings) {
    const answer = await answerShardJob(job, settings);
    const given = "arrays" in answer ? Object.values(answer.arrays) : [];
    scope.postMessage(answer, given.map(({ buffer }) => buffer));
  }
  scope.onmessage = ({ data }) => {
    const known = settings;
    if (known === null) settings = data;
    else last = last.then(() => serve(data, known));
  };
}

// Also imported by the loader, so that the code of a stage that trains holds it.
if (import.meta.main && "postMessage" in globalThis) {
  serveShardJobs(globalThis as unknown as WorkerScope);
}
