/**
 * Stage `train_segmenter`: trains a network, from new weights or from those of
 * an earlier training. Every training of the method is this stage with other
 * inputs and params; docs/method.md, Schedule.
 *
 *   in   images         pictures
 *   in   boxes          of the pictures to train on, px, half-open
 *   in   classes        names in the order of their ids
 *   in   labels         what is learnt: proposals; left out: rectangle labels
 *   in   truth          masks, for pictures of `truthSplit`, or for all
 *   in   lists          lists of image ids; needed for `truthSplit`
 *   in   filling_rates  needed for the filling-rate loss by class or sub-class
 *   in   sub_classes    of each box; needed for rates of sub-classes
 *   in   initial        weights to start from; left out: all are new
 *   out  weights        the model, its configuration in the metadata
 *   out  history        loss, mask loss, learning rate, share of pixels kept
 *   out  metrics        training.<name>.loss, .mask_loss, .kept_share: means
 *                       over the last tenth
 *
 * On a CPU the same bytes come out whatever the number of cores, and wherever a
 * killed run went on.
 *
 * @module
 */
import * as z from "zod";
import { inputEncoding } from "../lib/net/input_encoding.ts";
import { modelWeights, SEGMENTER_KEY } from "../lib/net/model_file.ts";
import {
  HeadConfig,
  NetworkConfig,
  SegmenterConfig,
} from "../lib/net/network_config.ts";
import type { WeightsFile } from "../lib/net/safetensors.ts";
import { segmenterParameters } from "../lib/net/segmenter.ts";
import { startWeights } from "../lib/net/start_weights.ts";
import { DeviceParam, EngineParam } from "../lib/engine/engine_params.ts";
import type { BatchOptions } from "../lib/train/batch.ts";
import type { FillingRates } from "../lib/train/filling_rate_selection.ts";
import { finalMeans, type HistoryEntry } from "../lib/train/history.ts";
import { openLoader } from "../lib/train/loader.ts";
import { sampleOrder } from "../lib/train/sample_order.ts";
import {
  lossOptions,
  MaskLossConfig,
  ScheduleConfig,
  SelectionConfig,
} from "../lib/train/training_config.ts";
import { train } from "../lib/train/trainer.ts";
import type {
  SampleBytes,
  TrainingSample,
} from "../lib/train/training_sample.ts";
import { defineStage, METRICS, optional } from "../pipeline/mod.ts";
import {
  BOXES,
  CLASS_NAMES,
  FILLING_RATES,
  type FillingRates as MeasuredRates,
  IMAGE_LISTS,
  IMAGES,
  LABEL_MAPS,
  SUB_CLASSES,
  TRAINING_HISTORY,
  WEIGHTS,
} from "./artifacts.ts";

const Params = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/).describe("of its metrics"),
  network: NetworkConfig,
  head: HeadConfig.default({ kind: "plain" }),
  selection: SelectionConfig.nullable().default(null)
    .describe("filling-rate loss; null: every pixel counts"),
  mask: MaskLossConfig.nullable().default(null)
    .describe("loss of the attention maps; null: they are not taught (CM)"),
  iterations: z.int().min(1),
  batchSize: z.int().min(1).describe("pictures"),
  shardSize: z.int().min(1).describe(
    "pictures of one run of the network: parts of a mini-batch run side by " +
      "side on a CPU",
  ),
  cropSizePx: z.int().min(9).refine((size) => size % 8 === 1, "must be 8k + 1")
    .describe("side, 8k + 1"),
  scales: z.array(z.number().positive()).min(1).default([1])
    .describe("factors of the picture's size, one drawn for each sample"),
  schedule: ScheduleConfig,
  momentum: z.number().min(0).lt(1).default(0.9),
  weightDecay: z.number().min(0).default(5e-4),
  truthSplit: z.string().nullable().default(null)
    .describe("list of the pictures that have masks; null: all, if any"),
  truthMix: z.enum(["halves", "list"]).default("halves").describe(
    "halves: half of each mini-batch has masks; list: one shuffled list",
  ),
  checkpointEvery: z.int().min(1).default(500).describe("iterations"),
  loaders: z.int().min(1).max(64).default(1)
    .describe("workers that decode and crop"),
  engine: EngineParam,
  device: DeviceParam,
});

type Params = z.output<typeof Params>;

/** Trains a network. */
export const trainSegmenter = defineStage({
  name: "train_segmenter",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: {
    images: IMAGES,
    boxes: BOXES,
    classes: CLASS_NAMES,
    labels: optional(LABEL_MAPS),
    truth: optional(LABEL_MAPS),
    lists: optional(IMAGE_LISTS),
    filling_rates: optional(FILLING_RATES),
    sub_classes: optional(SUB_CLASSES),
    initial: optional(WEIGHTS),
  },
  outputs: { weights: WEIGHTS, history: TRAINING_HISTORY, metrics: METRICS },
  seeded: true,
  async run({ params, inputs, seed, cpus, scratch, log, progress, signal }) {
    const { iterations, batchSize, shardSize } = params;
    const config = segmenterOf(params, inputs.classes);
    const started = startWeights(
      segmenterParameters(config),
      inputs.initial?.tensors ?? null,
      { seed, ...(inputs.initial && { mayBeNew: startsFrom(inputs.initial) }) },
    );
    if (inputs.initial !== null && started.fresh.length > 0) {
      log(`new parameters: ${started.fresh.join(", ")}`);
    }
    const { samples, sets, read } = await gatherSamples(inputs, params);
    log(`${samples.length} pictures to learn from`);
    const batch = batchOptions(params, config, seed, inputs.filling_rates);
    const { weights, history } = await train({
      config: {
        segmenter: config,
        loss: lossOptions(params),
        shardSize,
        cropSize: params.cropSizePx,
      },
      shards: batchSize / shardSize,
      weights: started.values,
      sgd: { momentum: params.momentum, weightDecay: params.weightDecay },
      seed,
      openBatches: (firstIteration) =>
        openLoader({
          samples,
          read,
          order: sampleOrder({ seed, batchSize, sets }),
          batch,
          classCount: config.classCount,
          shardSize,
          firstIteration,
          endIteration: iterations,
          workers: params.loaders,
        }),
      iterations,
      schedule: params.schedule.kind === "poly"
        ? { ...params.schedule, iterations }
        : params.schedule,
      engine: params.engine,
      device: params.device,
      workers: cpus,
      checkpoints: {
        folder: scratch,
        every: params.checkpointEvery,
        config: JSON.stringify({ config, params, seed }),
      },
      onProgress: ({ iteration }) =>
        progress(iteration + 1, iterations, "iterations"),
      log,
      signal,
    });
    const about = {
      training: JSON.stringify({ ...params, seed }),
      classes: JSON.stringify(inputs.classes),
    };
    return {
      weights: modelWeights({ config, values: weights, about }),
      history: [...history],
      metrics: metricsOf(params.name, history),
    };
  },
});

type Inputs = Parameters<typeof trainSegmenter.run>[0]["inputs"];

function segmenterOf(
  { network, head }: Params,
  classes: readonly string[],
): SegmenterConfig {
  return { network, head, classCount: classes.length + 1 };
}

/** What may be new in a network that starts from a file: see startWeights. */
function startsFrom({ metadata }: WeightsFile): "head" | "any" {
  return SEGMENTER_KEY in metadata ? "head" : "any";
}

/** The pictures to learn from, and which of them share a mini-batch. */
interface Gathered {
  readonly samples: readonly TrainingSample[];
  /** Indices of samples; two sets where half of a mini-batch has masks. */
  readonly sets: readonly (readonly number[])[];
  readonly read: (index: number) => Promise<SampleBytes>;
}

async function gatherSamples(
  inputs: Inputs,
  params: Params,
): Promise<Gathered> {
  const { boxes, images, labels, truth } = inputs;
  const hasTruth = await truthTest(inputs, params);
  const samples: TrainingSample[] = [];
  for (const id of boxes.ids) {
    samples.push({
      id,
      boxes: (await boxes.read(id)).boxes,
      subClasses: inputs.sub_classes?.[id] ?? null,
      isTruth: hasTruth(id),
      weight: 1,
    });
  }
  const all = [...samples.keys()];
  const sets = [
    all.filter((index) => samples[index]!.isTruth),
    all.filter((index) => !samples[index]!.isTruth),
  ].filter((set) => set.length > 0);
  return {
    samples,
    sets: params.truthMix === "list" ? [all] : sets,
    async read(index) {
      const { id, isTruth } = samples[index]!;
      const source = isTruth ? truth : labels;
      return {
        image: await images.readBytes(id),
        labels: await source?.readBytes(id) ?? null,
      };
    },
  };
}

/** Whether a picture is learnt from its mask. */
async function truthTest(
  { boxes, truth, lists }: Inputs,
  { truthSplit }: Params,
): Promise<(id: string) => boolean> {
  if (truth === null) return () => false;
  if (truthSplit === null) return () => true;
  if (lists === null || !lists.has(truthSplit)) {
    throw new RangeError(
      `Cannot learn from masks as list "${truthSplit}" must be among the ` +
        `lists: ${lists === null ? "there are none" : lists.ids.join(", ")}`,
    );
  }
  const listed = new Set(await lists.read(truthSplit));
  const stranger = [...listed].find((id) => !boxes.ids.includes(id));
  if (stranger === undefined) return (id) => listed.has(id);
  throw new RangeError(
    `Cannot learn from masks as pictures of list "${truthSplit}" must be ` +
      `among those to train on: "${stranger}" is not`,
  );
}

function batchOptions(
  { selection, mask, head, ...params }: Params,
  { network, classCount }: SegmenterConfig,
  seed: number,
  filling: MeasuredRates | null,
): BatchOptions {
  return {
    seed,
    augmentation: { cropSize: params.cropSizePx, scales: params.scales },
    encoding: inputEncoding(network),
    selection: selection &&
      { ...selection, rates: ratesOf(selection.rate, filling) },
    mask: mask && { ...mask, channels: head.kind === "bgm" ? 1 : classCount },
  };
}

function ratesOf(
  rate: SelectionConfig["rate"],
  measured: MeasuredRates | null,
): FillingRates {
  if (typeof rate === "number") return { kind: "global", rate };
  if (measured === null) {
    throw new RangeError(
      `Cannot select pixels by the filling rate of their ${rate} as rates ` +
        `must be given: input "filling_rates" is left out`,
    );
  }
  return rate === "class"
    ? { kind: "class", rates: measured.map((each) => each.fillingRate) }
    : {
      kind: "subClass",
      rates: measured.map(({ subClasses }) =>
        subClasses.map((each) => each.fillingRate)
      ),
    };
}

function metricsOf(
  name: string,
  history: readonly HistoryEntry[],
): Record<string, number> {
  const { loss, maskLoss, keptShare } = finalMeans(history);
  return {
    [`training.${name}.loss`]: loss,
    [`training.${name}.mask_loss`]: maskLoss,
    [`training.${name}.kept_share`]: keptShare,
  };
}
