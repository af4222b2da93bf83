/**
 * A run of two classes and a few pictures of 24 × 16 px: small enough to know
 * every number, whole enough for every figure.
 *
 * @module
 */
import type { Box } from "../../../lib/geometry/box.ts";
import { box } from "../../drawings.ts";
import { FigureRun, Folder } from "./memory_run.ts";

/** Names that would break out of SVG, were they not escaped. */
export const CLASSES = ["cat", `<b>&"dog"`];

const SIZE = { width: 24, height: 16 };

/** A picture of one grey level. */
export function grey(level: number) {
  const data = new Uint8Array(3 * SIZE.width * SIZE.height).fill(level);
  return { ...SIZE, data };
}

/** A label map that is background but for what is in some boxes. */
export function labels(...boxes: readonly Box[]) {
  const data = new Uint8Array(SIZE.width * SIZE.height);
  for (const { classId, x0, y0, x1, y1 } of boxes) {
    for (let y = y0; y < y1; y++) {
      data.fill(classId, y * SIZE.width + x0, y * SIZE.width + x1);
    }
  }
  return { ...SIZE, data };
}

/** Scores 8 px apart, `[3, 3, 4]`: class 1 likely on the left, 2 elsewhere. */
export function scores() {
  const data = Float32Array.from({ length: 3 * 12 }, (_, i) => {
    const [c, column] = [Math.floor(i / 12), i % 4];
    return c === 0 ? 0 : c === 1 ? 2 - column : column - 1;
  });
  return { classCount: 3, ...SIZE, outputStride: 8, data };
}

/** Attention maps, 0…1. */
export function attention() {
  const map = scores();
  return { ...map, data: map.data.map((s) => 1 / (1 + Math.exp(-s))) };
}

const CAT = box(1, 0, 0, 12, 12);
const DOG = box(2, 14, 2, 24, 16);

/** Scores of label maps, of which the mean IoU and cat's IoU are told. */
export function scoresValue(meanIou: number, catIou = 0.5) {
  return {
    imageCount: 2,
    meanIou,
    headlineMeanIou: null,
    headlineClasses: [],
    classes: [
      { className: "background", iou: 0.875 },
      { className: CLASSES[0]!, iou: catIou },
      { className: CLASSES[1]!, iou: null },
    ],
    trimap: [{ widthPx: 2, meanIou: 0.25 }, { widthPx: 5, meanIou: 0.375 }],
    confusion: [[90, 10, 0], [40, 50, 10], [0, 0, 0]],
  };
}

/** A history of four iterations that ends at a loss. */
export function history(lastLoss: number, keptShare = 1) {
  return [2, 1.5, 1, lastLoss].map((loss, iteration) => ({
    iteration,
    loss,
    maskLoss: loss / 8,
    learningRate: iteration < 2 ? 0.03 : 0.003,
    keptShare,
  }));
}

/** Mean IoUs by variant, seed and whether the CRF was applied. */
const MEAN_IOUS: readonly [string, string, boolean, number][] = [
  ["box_only", "1", false, 0.4],
  ["bcm_fr_refine", "1", false, 0.5],
  ["bcm_fr_refine", "1", true, 0.6],
  ["bcm_fr_refine", "2", true, 0.64],
  ["control", "1", true, 0.55],
  ["semi", "1", true, 0.7],
];

/** The whole run. */
export function figureRun(): FigureRun {
  const run = new FigureRun();
  run.contents.set("./photos", photos());
  run.contents.set("./truth", truth());
  addLabels(run);
  for (const [variant, seed] of [["baseline", "1"], ["fr", "1"]] as const) {
    addTraining(run, { id: `${variant}_model`, variant, seed, name: variant });
  }
  run.add("train_scores", {
    stage: "predict_scores",
    from: { images: "./photos", boxes: "index.boxes" },
    gives: { scores: new Folder({ t1: scores(), t2: scores() }) },
  });
  for (const model of MEAN_IOUS) addModel(run, model);
  run.add("attention", {
    stage: "predict_attention",
    axes: { variant: "bcm_fr_refine", seed: "1" },
    from: { images: "./photos", boxes: "index_val.boxes" },
    gives: { maps: new Folder({ v1: attention(), v2: attention() }) },
  });
  return run.add("readings", {
    stage: "test_filling_rate_readings",
    from: { scores: "train_scores.scores" },
    gives: { table: "" },
    metrics: {
      "readings.fr.precision": 0.75,
      "readings.fr.base_rate": 0.25,
      "readings.fr.recall": 0.5,
      "readings.fr.precision.cat": 0.9,
      "readings.refine_mask.precision": 0.8125,
    },
  });
}

function photos(): Folder {
  return new Folder({
    ...{ t1: grey(40), t2: grey(80), t3: grey(120) },
    ...{ v1: grey(160), v2: grey(200) },
  });
}

function truth(): Folder {
  return new Folder({ v1: labels(CAT), v2: labels(CAT, DOG) });
}

function addLabels(run: FigureRun): void {
  run.add("index", {
    stage: "index_voc",
    gives: {
      classes: CLASSES,
      boxes: new Folder({
        t1: { ...SIZE, boxes: [CAT, DOG] },
        t2: { ...SIZE, boxes: [box(1, 2, 2, 14, 14)] },
        t3: { ...SIZE, boxes: [] },
      }),
    },
  }).add("index_val", {
    stage: "index_voc",
    gives: {
      classes: CLASSES,
      boxes: new Folder({
        v1: { ...SIZE, boxes: [CAT] },
        v2: { ...SIZE, boxes: [CAT, DOG] },
      }),
    },
  }).add("proposals", {
    stage: "propose_segments",
    params: { iterations: 2 },
    from: { images: "./photos", boxes: "index.boxes" },
    gives: {
      labels: new Folder({
        t1: labels(box(1, 0, 0, 6, 12), DOG), // cat fills half of its box
        t2: labels(box(1, 2, 2, 14, 5)), // and a quarter
        t3: labels(),
      }),
    },
  }).add("sub_classes", {
    stage: "cluster_sub_classes",
    gives: { sub_classes: { t1: [0, 0], t2: [1], t3: [] } },
  }).add("rates", {
    stage: "measure_filling_rates",
    from: {
      boxes: "index.boxes",
      proposals: "proposals.labels",
      sub_classes: "sub_classes.sub_classes",
    },
    gives: { rates: ratesValue() },
  });
}

/** Filling rates as the proposals give them. */
export function ratesValue() {
  const one = (fillingRate: number | null) => ({
    boxCount: fillingRate === null ? 0 : 1,
    fillingRate,
  });
  return [
    {
      className: CLASSES[0]!,
      boxCount: 2,
      fillingRate: 0.375,
      subClasses: [one(0.5), one(0.25)],
    },
    {
      className: CLASSES[1]!,
      boxCount: 1,
      fillingRate: 1,
      subClasses: [one(1), one(null)],
    },
  ];
}

function addTraining(
  run: FigureRun,
  { id, variant, seed, name }: {
    id: string;
    variant: string;
    seed: string;
    name: string;
  },
): void {
  const isSelecting = variant.includes("fr");
  run.add(id, {
    stage: "train_segmenter",
    axes: { seed },
    params: {
      name,
      network: { kind: "largefov" },
      selection: isSelecting ? { rate: "class" } : null,
      mask: variant.includes("bcm") ? { lambda: 0.01 } : null,
    },
    from: { labels: "proposals.labels", filling_rates: "rates.rates" },
    gives: {
      weights: null,
      history: history(0.5, isSelecting ? 0.875 : 1),
    },
  });
}

function addModel(
  run: FigureRun,
  [variant, seed, hasCrf, meanIou]: (typeof MEAN_IOUS)[number],
): void {
  const suffix = `[crf=${hasCrf ? "with" : "without"},seed=${seed},` +
    `variant=${variant}]`;
  const axes = { variant, seed };
  const name = `model_${variant}`;
  addTraining(run, { id: `model${suffix}`, variant, seed, name });
  run.add(`predictions${suffix}`, {
    stage: "predict_scores",
    axes,
    from: {
      images: "./photos",
      boxes: "index_val.boxes",
      weights: `model${suffix}.weights`,
    },
    gives: { scores: new Folder({ v1: scores(), v2: scores() }) },
  }).add(`labels${suffix}`, {
    stage: hasCrf ? "refine_with_crf" : "label_from_scores",
    axes,
    from: { images: "./photos", scores: `predictions${suffix}.scores` },
    // v1 is right, v2 has no dog.
    gives: { labels: new Folder({ v1: labels(CAT), v2: labels(CAT) }) },
  }).add(`scores${suffix}`, {
    stage: "score_labels",
    axes: { ...axes, crf: hasCrf ? "with" : "without" },
    from: { labels: `labels${suffix}.labels`, truth: "./truth" },
    gives: { scores: scoresValue(meanIou) },
  });
}
