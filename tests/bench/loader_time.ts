/**
 * How long loaders take for mini-batches.
 *
 * @module
 */
import type { Tensors } from "../../lib/engine/engine.ts";
import { inputEncoding } from "../../lib/net/input_encoding.ts";
import type { SegmenterConfig } from "../../lib/net/network_config.ts";
import type { BatchOptions } from "../../lib/train/batch.ts";
import { type Loader, openLoader } from "../../lib/train/loader.ts";
import { sampleOrder } from "../../lib/train/sample_order.ts";
import type { LoaderPictures } from "./loader_pictures.ts";

/** What mini-batches are made for. */
export interface LoadedTraining {
  readonly segmenter: SegmenterConfig;
  readonly cropSize: number;
  readonly batchSize: number;
  readonly shardSize: number;
  /** Whether they bring what BCM and the filling-rate loss need. */
  readonly isMethod: boolean;
  /** Layers whose masks they bring, as for a GPU. */
  readonly dropouts?: BatchOptions["dropouts"];
}

/** What mini-batches are made of. */
export interface Source {
  readonly pictures: LoaderPictures;
  /** Whether each picture is decoded once for all, or each time. */
  readonly isInMemory: boolean;
}

/** Some mini-batches, in their order. */
export type Batches = readonly (readonly Tensors[])[];

/** Mini-batches in which the worker compiles what it runs. */
const WARM = 2;
const SEED = 1;

/** One loader with one worker, warm, and past the first pass if in memory. */
export async function warmLoader(
  training: LoadedTraining,
  { pictures, isInMemory }: Source,
): Promise<Loader> {
  const { segmenter, batchSize, shardSize, isMethod, dropouts } = training;
  const { samples, read } = pictures;
  const rates = { kind: "global", rate: 0.6 } as const;
  const loader = openLoader({
    samples,
    read,
    order: sampleOrder({ seed: SEED, batchSize, sets: [[...samples.keys()]] }),
    batch: {
      seed: SEED,
      augmentation: { cropSize: training.cropSize },
      encoding: inputEncoding(segmenter.network),
      outputStride: 8,
      selection: isMethod ? { rates } : null,
      mask: isMethod ? { channels: segmenter.classCount } : null,
      ...(dropouts && { dropouts }),
    },
    classCount: segmenter.classCount,
    shardSize,
    endIteration: Infinity, // never idle, whoever takes the last
    cacheBytes: isInMemory ? 2 ** 30 : 0,
  });
  const pass = isInMemory ? Math.ceil(samples.length / batchSize) : 0;
  for (let i = 0; i < pass + WARM; i++) await loader.next();
  return loader;
}

/** So many mini-batches, and ms of each while nothing else runs. */
export async function timeLoader(
  training: LoadedTraining,
  source: Source,
  count: number,
): Promise<{ ms: number; batches: Batches }> {
  await using loader = await warmLoader(training, source);
  // Its worker makes one after the other, so whatever lies ready now, as many
  // are made in this time as are taken.
  const begun = performance.now();
  const batches: (readonly Tensors[])[] = [];
  for (let i = 0; i < count; i++) batches.push(await loader.next());
  return { ms: (performance.now() - begun) / count, batches };
}
