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
 *   out  weights        the model; metadata: its configuration, what it ran on
 *   out  history        loss, mask loss, learning rate, share of pixels kept
 *   out  metrics        training.<name>.loss, .mask_loss, .kept_share: means
 *                       over the last tenth
 *
 * On one kind of CPU the same bytes come out whatever the number of cores, and
 * wherever a killed run went on; see lib/train/trainer.ts.
 *
 * @module
 */
import * as z from "zod";
import { DeviceParam, EngineParam } from "../lib/engine/engine_params.ts";
import type { Box } from "../lib/geometry/box.ts";
import { inputEncoding } from "../lib/net/input_encoding.ts";
import { modelWeights } from "../lib/net/model_file.ts";
import {
  HeadConfig,
  NetworkConfig,
  outputStride,
  type SegmenterConfig,
} from "../lib/net/network_config.ts";
import { seededRandom } from "../lib/random.ts";
import type { BatchOptions } from "../lib/train/batch.ts";
import type { FillingRates } from "../lib/train/filling_rate_selection.ts";
import { CLASSES_KEY, firstWeights } from "../lib/train/first_weights.ts";
import { finalMeans, type HistoryEntry } from "../lib/train/history.ts";
import { openLoader } from "../lib/train/loader.ts";
import { sampleOrder } from "../lib/train/sample_order.ts";
import { selectionRates } from "../lib/train/selection_rates.ts";
import { train } from "../lib/train/trainer.ts";
import { trainingTeller } from "../lib/train/training_teller.ts";
import {
  contradictions,
  lossOptions,
  MaskLossConfig,
  ScheduleConfig,
  SelectionConfig,
} from "../lib/train/training_config.ts";
import type {
  SampleBytes,
  TrainingSample,
} from "../lib/train/training_sample.ts";
import { trainingSet } from "../lib/train/training_set.ts";
import { defineStage, METRICS, optional } from "../pipeline/mod.ts";
import {
  BOXES,
  CLASS_NAMES,
  FILLING_RATES,
  IMAGE_FILES,
  IMAGE_LISTS,
  LABEL_MAPS,
  SUB_CLASSES,
  TRAINING_HISTORY,
  WEIGHTS,
} from "./artifacts.ts";

const Params = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/).describe(
    "of its metrics; trainings of one name and seed see the same crops",
  ),
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
}).superRefine((params, context) => {
  for (const issue of contradictions(params)) {
    context.addIssue({ code: "custom", ...issue });
  }
});

type Params = z.output<typeof Params>;

/** Trains a network. */
export const trainSegmenter = defineStage({
  name: "train_segmenter",
  version: 1,
  module: import.meta.url,
  params: Params,
  keyless: ["loaders", "checkpointEvery"],
  inputs: {
    images: IMAGE_FILES,
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
  async run({ params, inputs, cpus, scratch, log, progress, signal, ...step }) {
    const { classes, initial } = inputs;
    // Of its own for each training of a chain: else one would see the crops of
    // the one before again. Trainings to be compared have the same name.
    const seed = seededRandom(step.seed).split(params.name).below(2 ** 32);
    // What is keyless does not decide what is learnt: models and checkpoints
    // do not tell it.
    const { loaders, checkpointEvery, ...training } = params;
    const { network, head, iterations, batchSize, shardSize } = training;
    const config = { network, head, classCount: classes.length + 1 };
    const rates = params.selection && selectionRates(params.selection.rate, {
      measured: inputs.filling_rates,
      hasSubClasses: inputs.sub_classes !== null,
      classNames: classes,
    });
    const { samples, sets } = trainingSet({
      boxes: await boxesById(inputs.boxes),
      images: inputs.images,
      labels: inputs.labels,
      masks: inputs.truth,
      maskedIds: await maskedIds(params, inputs),
      subClasses: inputs.sub_classes,
      rates,
      classNames: classes,
      mix: params.truthMix,
    });
    const masked = samples.filter(({ isTruth }) => isTruth).length;
    log(`${samples.length} pictures, ${masked} of them with mask`);
    if (samples.every(({ boxes }) => boxes.length === 0)) {
      log("none of the pictures has a box: without mask all is background");
    }
    const first = firstWeights(initial, { config, classNames: classes, seed });
    if (initial !== null) logStart(first, log);
    const order = sampleOrder({ seed, batchSize, sets });
    const batch = batchOptions(params, { seed, rates, config });
    const { weights, history, engine } = await train({
      config: {
        segmenter: config,
        loss: lossOptions(params),
        shardSize,
        cropSize: params.cropSizePx,
      },
      shards: batchSize / shardSize,
      weights: first.values,
      sgd: { momentum: params.momentum, weightDecay: params.weightDecay },
      seed,
      openBatches: (firstIteration, dropouts) =>
        openLoader({
          samples,
          read: (index) => readSample(samples[index]!, inputs),
          order,
          batch: { ...batch, dropouts },
          classCount: config.classCount,
          shardSize,
          firstIteration,
          endIteration: iterations,
          workers: loaders,
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
        every: checkpointEvery,
        config: JSON.stringify({ params: training, classes, seed }),
      },
      ...trainingTeller(params, progress),
      log,
      signal,
    });
    const about = {
      training: JSON.stringify({ ...training, seed: step.seed }),
      [CLASSES_KEY]: JSON.stringify(classes),
      engine,
    };
    return {
      weights: modelWeights({ config, values: weights, about }),
      history: [...history],
      metrics: metricsOf(params.name, history),
    };
  },
});

type Inputs = Parameters<typeof trainSegmenter.run>[0]["inputs"];

async function boxesById(
  boxes: Inputs["boxes"],
): Promise<Map<string, readonly Box[]>> {
  const byId = new Map<string, readonly Box[]>();
  for (const id of boxes.ids) byId.set(id, (await boxes.read(id)).boxes);
  return byId;
}

/** Pictures that are learnt from their masks. */
async function maskedIds(
  { truthSplit }: Params,
  { boxes, labels, truth, lists }: Inputs,
): Promise<readonly string[]> {
  const refuse = (rule: string, found: string): never => {
    throw new RangeError(`Cannot learn from masks as ${rule}: ${found}`);
  };
  if (truthSplit === null) {
    if (truth === null) return [];
    if (labels === null) return boxes.ids;
    return refuse(
      "param truthSplit must list the pictures that have one where others " +
        "have labels",
      'inputs "truth" and "labels" are given, it is null',
    );
  }
  const rule = `list "${truthSplit}" must be among the lists, and masks given`;
  if (truth === null) return refuse(rule, 'input "truth" is left out');
  if (lists === null) return refuse(rule, 'input "lists" is left out');
  if (lists.has(truthSplit)) return await lists.read(truthSplit);
  return refuse(rule, `there are ${lists.ids.join(", ") || "none"}`);
}

function logStart(
  { fresh, widened, unused }: ReturnType<typeof firstWeights>,
  log: (line: string) => void,
): void {
  if (fresh.length > 0) log(`new parameters: ${fresh.join(", ")}`);
  if (widened.length > 0) log(`widened: ${widened.join(", ")}`);
  if (unused.length > 0) log(`not taken over: ${unused.join(", ")}`);
}

function batchOptions(
  { selection, mask, head, cropSizePx, scales }: Params,
  { seed, rates, config }: {
    readonly seed: number;
    readonly rates: FillingRates | null;
    readonly config: SegmenterConfig;
  },
): BatchOptions {
  const channels = head.kind === "bgm" ? 1 : config.classCount;
  return {
    seed,
    augmentation: { cropSize: cropSizePx, scales },
    encoding: inputEncoding(config.network),
    outputStride: outputStride(config.network),
    selection: selection && rates && { ...selection, rates },
    mask: mask && { ...mask, channels },
  };
}

async function readSample(
  { id, isTruth }: TrainingSample,
  { images, labels, truth }: Inputs,
): Promise<SampleBytes> {
  const source = isTruth ? truth : labels;
  const taught = await source?.readBytes(id) ?? null;
  return { ...await images.read(id), labels: taught };
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
