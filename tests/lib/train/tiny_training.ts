/**
 * A network small enough to train in a test, and mini-batches for it.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { initialise } from "../../../lib/net/initialise.ts";
import { SegmenterConfig } from "../../../lib/net/network_config.ts";
import { segmenterParameters } from "../../../lib/net/segmenter.ts";
import { seededRandom } from "../../../lib/random.ts";
import type { BatchSource } from "../../../lib/train/trainer.ts";
import type { TrainingGraphConfig } from "../../../lib/train/training_graph.ts";

export const CLASS_COUNT = 3;
const CROP_SIZE = 17;
const CELLS = 9;

/** Of the mini-batch. */
export const BATCH_SIZE = 4;

/** Blocks and layers of LargeFOV, all as narrow as they can be. */
export function tinyConfig(
  { shardSize = 1, dropoutShare = 0.5, frozenBlocks = 0 } = {},
): TrainingGraphConfig {
  const segmenter = SegmenterConfig.parse({
    network: {
      kind: "largefov",
      width: 0.125,
      maxChannels: 8,
      fcChannels: 16,
      fc6Dilation: 1,
      dropoutShare,
      frozenBlocks,
    },
    head: { kind: "plain" },
    classCount: CLASS_COUNT,
  });
  const loss = { selection: null, mask: null };
  return { segmenter, loss, shardSize, cropSize: CROP_SIZE };
}

/** The same first weights at each call. */
export function firstWeights(
  { segmenter }: TrainingGraphConfig,
): Map<string, Float32Array> {
  return initialise(segmenterParameters(segmenter), 1);
}

/** A mini-batch of an iteration, cut into shards. */
export function shardsOf(iteration: number, shardSize = 1) {
  return Array.from({ length: BATCH_SIZE / shardSize }, (_, shard) => {
    const slots = Array.from(
      { length: shardSize },
      (_, at) => image(iteration, shard * shardSize + at),
    );
    const join = (key: "pixels" | "labels" | "counted") =>
      Float32Array.from(slots.flatMap((slot) => slot[key]));
    return {
      images: join("pixels"),
      labels: join("labels"),
      counted: join("counted"),
    };
  });
}

/** The brightness of an image tells its class; one cell in five is void. */
function image(iteration: number, slot: number) {
  const random = seededRandom(3).split(`${iteration}, ${slot}`);
  const draw = <T>(count: number, one: () => T) =>
    Array.from({ length: count }, one);
  const label = slot % CLASS_COUNT;
  return {
    pixels: draw(3 * CROP_SIZE ** 2, () => 3 * (label - 1) + random.normal()),
    labels: draw(CELLS, () => label),
    counted: draw(CELLS, () => random.below(5) === 0 ? 0 : 1),
  };
}

/** A stream of these mini-batches. */
export function tinyBatches(first: number, shardSize = 1): BatchSource {
  let iteration = first;
  return {
    next: () => Promise.resolve(shardsOf(iteration++, shardSize)),
    report: () => ({ batches: iteration - first, late: 0, waitedSeconds: 0 }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Of all values, in the order of their names. */
export function hashOf(
  values: ReadonlyMap<string, Float32Array | { data: Float32Array }>,
): string {
  const hash = createHash("sha256");
  for (const name of [...values.keys()].sort()) {
    const value = values.get(name)!;
    const data = value instanceof Float32Array ? value : value.data;
    hash.update(name);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}
