/**
 * Whether the loader keeps up with the engine on a CPU: mini-batches of one
 * loader against training steps on two workers. Takes two minutes.
 *
 *   deno run --allow-all tests/bench/loader.ts [FOLDER]
 *
 * FOLDER is like VOC's; by default ../shared/data/voc_subset, and where there
 * is none, pictures are drawn. A row "from files" decodes each picture each
 * time, as of a data set that does not fit in the loader's memory; one "from
 * memory" has decoded all before. Columns, medians of turns:
 *
 *   loader           ms in which the loader makes a mini-batch;
 *   step             ms of a step; both have the machine for themselves;
 *   step / loader    how many times as fast as the step the loader is;
 *   together / step  how many times as long as a step alone one takes with the
 *                    loader at work beside it, waiting included;
 *   waited           the share of all that time in which the step waited for
 *                    its mini-batch, and `late` how many it had to wait for.
 *
 * Ratios are of times taken one right after the other. For GPUs see
 * largefov.ts.
 *
 * @module
 */
import { initialise } from "../../lib/net/initialise.ts";
import { SegmenterConfig } from "../../lib/net/network_config.ts";
import { segmenterParameters } from "../../lib/net/segmenter.ts";
import { markdownTable, percent } from "../../lib/report/markdown_table.ts";
import { openParallelStep } from "../../lib/train/parallel_step.ts";
import type { TrainingStep } from "../../lib/train/training_step.ts";
import { SMALL } from "../lib/train/small_training.ts";
import { type LoaderPictures, loaderPictures } from "./loader_pictures.ts";
import {
  type Batches,
  type LoadedTraining,
  type Source,
  timeLoader,
  warmLoader,
} from "./loader_time.ts";
import { median } from "./median.ts";

/** A training whose loader is measured. */
interface Training extends LoadedTraining {
  readonly name: string;
  /** Mini-batches of each measurement. */
  readonly turn: number;
}

const TURNS = 3;
const WORKERS = 2;
/** Steps in which the loader gets ahead, as in the first of a training. */
const LEAD = 2;
/** Nothing is learnt, and nothing diverges. */
const LEARNING_RATE = 1e-6;

const SMALL_SIZES = { cropSize: 97, batchSize: 8, shardSize: 4, turn: 20 };

/** As in workflows/voc_subset.yaml. */
const SUBSET_SIZES = { cropSize: 241, batchSize: 8, shardSize: 2, turn: 5 };

const mobileNet = (kind: "plain" | "bcm") =>
  SegmenterConfig.parse({
    network: {
      kind: "mobilenet_v2",
      fc6Dilation: 6,
      frozenBlocks: 7,
      dropoutShare: 0.2,
    },
    head: { kind },
    classCount: 21,
  });

const TRAININGS: readonly Training[] = [
  {
    name: "SMALL, 97 px",
    segmenter: SMALL,
    ...SMALL_SIZES,
    isMethod: false,
  },
  {
    name: "MobileNetV2, 241 px",
    segmenter: mobileNet("plain"),
    ...SUBSET_SIZES,
    isMethod: false,
  },
  {
    name: "the same, BCM and filling rates",
    segmenter: mobileNet("bcm"),
    ...SUBSET_SIZES,
    isMethod: true,
  },
];

function openStep(
  { segmenter, cropSize, batchSize, shardSize, isMethod }: Training,
): Promise<TrainingStep> {
  const selection = { rank: "prob", norm: "kept" } as const;
  const mask = {
    lambda: 0.01,
    norm: "pixel",
    teachesBackground: true,
  } as const;
  return openParallelStep({
    config: {
      segmenter,
      loss: isMethod ? { selection, mask } : { selection: null, mask: null },
      ...{ shardSize, cropSize },
    },
    shards: batchSize / shardSize,
    weights: initialise(segmenterParameters(segmenter), 1),
    sgd: { momentum: 0.9, weightDecay: 0.0005 },
    seed: 1,
    workers: WORKERS,
    engine: "onnxruntime-node",
  });
}

/** Milliseconds of a step with nothing beside it. */
async function timeSteps(
  step: TrainingStep,
  batches: Batches,
): Promise<number> {
  const begun = performance.now();
  for (const [iteration, shards] of batches.entries()) {
    await step.run({ iteration, learningRate: LEARNING_RATE, shards });
  }
  return (performance.now() - begun) / batches.length;
}

/** What one turn measures; times in ms of a mini-batch. */
interface Turn {
  readonly loader: number;
  readonly step: number;
  /** Of a step beside the loader, waiting included. */
  readonly together: number;
  /** Of that, how long the step waited. */
  readonly waited: number;
  /** Mini-batches that it had to wait for. */
  readonly late: number;
}

async function timeTogether(
  step: TrainingStep,
  training: Training,
  source: Source,
): Promise<Pick<Turn, "together" | "waited" | "late">> {
  await using loader = await warmLoader(training, source);
  const run = async (steps: number) => {
    for (let iteration = 0; iteration < steps; iteration++) {
      const shards = await loader.next();
      await step.run({ iteration, learningRate: LEARNING_RATE, shards });
    }
  };
  await run(LEAD);
  const before = loader.report();
  const begun = performance.now();
  await run(training.turn);
  const ms = performance.now() - begun;
  const after = loader.report();
  const waitedSeconds = after.waitedSeconds - before.waitedSeconds;
  return {
    together: ms / training.turn,
    waited: 1000 * waitedSeconds / training.turn,
    late: after.late - before.late,
  };
}

async function timeTurn(
  step: TrainingStep,
  training: Training,
  source: Source,
): Promise<Turn> {
  const { ms, batches } = await timeLoader(training, source, training.turn);
  return {
    loader: ms,
    step: await timeSteps(step, batches),
    ...await timeTogether(step, training, source),
  };
}

/** Rows of a training: from files, and from memory. */
async function rowsOf(
  training: Training,
  pictures: LoaderPictures,
): Promise<string[][]> {
  await using step = await openStep(training);
  const files = { pictures, isInMemory: false };
  const memory = { pictures, isInMemory: true };
  const { batches } = await timeLoader(training, files, 2);
  await timeSteps(step, batches); // engine and compiler warm up
  const ofFiles: Turn[] = [];
  const ofMemory: Turn[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    ofFiles.push(await timeTurn(step, training, files));
    ofMemory.push(await timeTurn(step, training, memory));
  }
  return [
    [`${training.name}, from files`, ...cellsOf(ofFiles, training)],
    [`${training.name}, from memory`, ...cellsOf(ofMemory, training)],
  ];
}

function cellsOf(turns: readonly Turn[], training: Training): string[] {
  const middle = (of: (turn: Turn) => number) => median(turns.map(of));
  const sum = (of: "together" | "waited" | "late") =>
    turns.reduce((total, turn) => total + turn[of], 0);
  return [
    middle(({ loader }) => loader).toFixed(1),
    middle(({ step }) => step).toFixed(1),
    middle(({ step, loader }) => step / loader).toFixed(1),
    middle(({ together, step }) => together / step).toFixed(2),
    `${percent(sum("waited") / sum("together"))} %`,
    `${sum("late")} of ${turns.length * training.turn}`,
  ];
}

if (import.meta.main) {
  const root = new URL("../../", import.meta.url).pathname;
  const folder = Deno.args[0] ?? `${root}../shared/data/voc_subset`;
  const pictures = await loaderPictures(folder);
  const rows: string[][] = [];
  for (const training of TRAININGS) {
    rows.push(...await rowsOf(training, pictures));
  }
  const head = [
    ...["mini-batches of 8", "loader", "step", "step / loader"],
    ...["together / step", "waited", "late"],
  ];
  console.log(`${pictures.source}; one loader, ${WORKERS} workers\n`);
  console.log(markdownTable(head, rows));
}
