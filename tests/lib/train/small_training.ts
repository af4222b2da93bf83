/**
 * SMALL, the network whose step is measured: VGG-LargeFOV of 16, 32 and 64
 * channels with 128 in fc6 and fc7, 21 classes.
 *
 * @module
 */
import { initialise } from "../../../lib/net/initialise.ts";
import { SegmenterConfig } from "../../../lib/net/network_config.ts";
import { segmenterParameters } from "../../../lib/net/segmenter.ts";
import { seededRandom } from "../../../lib/random.ts";
import { openParallelStep } from "../../../lib/train/parallel_step.ts";
import type { TrainingStep } from "../../../lib/train/training_step.ts";

export const SMALL = SegmenterConfig.parse({
  network: {
    kind: "largefov",
    width: 0.25,
    maxChannels: 64,
    fcChannels: 128,
  },
  head: { kind: "plain" },
  classCount: 21,
});

/** Of a run of the network; a mini-batch has two. */
export const SHARD_SIZE = 4;
const SHARDS = 2;

/** A step of SMALL on two workers, with dropout. */
export function openSmallStep(cropSize: number): Promise<TrainingStep> {
  return openParallelStep({
    config: {
      segmenter: SMALL,
      loss: { selection: null, mask: null },
      shardSize: SHARD_SIZE,
      cropSize,
    },
    shards: SHARDS,
    weights: initialise(segmenterParameters(SMALL), 1),
    sgd: { momentum: 0.9, weightDecay: 0.0005 },
    seed: 1,
    workers: 2,
    engine: "onnxruntime-node",
  });
}

/** Makes mini-batches of the same noise, each in memory of its own. */
export function noiseBatches(cropSize: number) {
  const random = seededRandom(1);
  const cells = ((cropSize - 1) / 8 + 1) ** 2;
  const draw = (count: number, one: () => number) =>
    Float32Array.from({ length: count }, one);
  const batch = Array.from({ length: SHARDS }, () => ({
    images: draw(SHARD_SIZE * 3 * cropSize ** 2, () => 60 * random.normal()),
    labels: draw(SHARD_SIZE * cells, () => random.below(21)),
    counted: draw(SHARD_SIZE * cells, () => 1),
  }));
  return () => structuredClone(batch);
}
