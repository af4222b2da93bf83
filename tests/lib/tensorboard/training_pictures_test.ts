import { deepStrictEqual } from "node:assert/strict";
import type {
  FigureItems,
  FigureOrigin,
  FigureSource,
  FigureStep,
} from "../../../lib/figure/figure_source.ts";
import { decodeImage } from "../../../lib/image/decode_image.ts";
import { trainingPictures } from "../../../lib/tensorboard/training_pictures.ts";

const from = (step: string, output: string): FigureOrigin[] => [
  { from: "step", step, output, part: null },
];

const step = (
  id: string,
  stage: string,
  origins: FigureStep["origins"],
): FigureStep => ({
  id,
  name: id,
  axes: {},
  stage,
  params: {},
  seed: 1,
  origins,
  outputs: { some: {} },
  metrics: {},
});

/** A training, what it predicts, and how that is scored. */
const STEPS = [
  step("tuned", "train_segmenter", { classes: from("index", "classes") }),
  step("predictions", "predict_scores", {
    weights: from("tuned", "weights"),
    images: [{ from: "path", path: "./pictures" }],
  }),
  step("labels", "label_from_scores", {
    scores: from("predictions", "scores"),
  }),
  step("scores", "score_labels", {
    labels: from("labels", "labels"),
    truth: [{ from: "path", path: "./truth" }],
  }),
  step("attention", "predict_attention", { weights: from("tuned", "weights") }),
];

const items = (of: Record<string, unknown>): FigureItems => ({
  ids: Object.keys(of),
  has: (id) => id in of,
  read: (id) => Promise.resolve(of[id]),
});

const SIZE = { width: 2, height: 1 };
const grey = { ...SIZE, data: new Uint8Array(6).fill(100) };
/** Of two classes: closed everywhere, open on the left, open on the right. */
const maps = {
  ...SIZE,
  classCount: 3,
  outputStride: 1,
  data: Float32Array.of(0, 0, 1, 0, 0, 1),
};

function runOf(
  steps: readonly FigureStep[],
  contents: Record<string, Record<string, unknown>>,
): FigureSource {
  const find = (step: string, name: string) =>
    items(contents[`${step}.${name}`]!);
  return {
    record: { workflow: "w", steps },
    stepsOf: (stage) => steps.filter((step) => step.stage === stage),
    value: () => Promise.resolve(["ball", "bar"]),
    items: find,
    inputItems: find,
  };
}

const CONTENTS = {
  "predictions.images": { a: grey, b: grey },
  "labels.labels": {
    a: { ...SIZE, data: Uint8Array.of(2, 0) },
    b: { ...SIZE, data: Uint8Array.of(0, 0) },
  },
  "scores.truth": { a: { ...SIZE, data: Uint8Array.of(1, 255) } },
  "attention.maps": { a: maps, b: maps },
};

/** Name, description and red of each pixel, a row of pixels. */
async function shown(run: FigureSource) {
  const rows = [];
  for (
    const { tag, width, height, png } of await trainingPictures(run, "tuned")
  ) {
    const image = await decodeImage(png, tag.name);
    deepStrictEqual([image.width, image.height], [width, height]);
    const reds = [...image.data].filter((_, i) => i % 3 === 0);
    rows.push([tag.name, tag.description, reds.join(" ")]);
  }
  return rows;
}

// VOC's colours: class 1 is 128 red, class 2 is none; 2 px of white between.
const GAP = "255 255";

Deno.test("trainingPictures shows truth, prediction and attention beside a picture", async () => {
  deepStrictEqual(await shown(runOf(STEPS, CONTENTS)), [
    [
      "pictures/prediction/a",
      "From the left: picture, ground truth, what the network says",
      // 65 % of 128 and of void's white; then 35 % of the picture under class 2.
      `100 100 ${GAP} 118 201 ${GAP} 35 100`,
    ],
    [
      "pictures/attention/a",
      "From the left: picture, then it under the attention of bar: white " +
      "where it is 1",
      `100 100 ${GAP} 35 201`,
    ],
    // No truth is known of b, and nothing is predicted in it.
    [
      "pictures/prediction/b",
      "From the left: picture, what the network says",
      `100 100 ${GAP} 100 100`,
    ],
  ]);
});

Deno.test("trainingPictures shows a map for all classes as one", async () => {
  const one = { ...maps, classCount: 1, data: Float32Array.of(0, 1) };
  const run = runOf(STEPS, { ...CONTENTS, "attention.maps": { a: one } });
  deepStrictEqual((await shown(run))[1], [
    "pictures/attention/a",
    "From the left: picture, then it under the attention of all classes: " +
    "white where it is 1",
    `100 100 ${GAP} 35 201`,
  ]);
});

Deno.test("trainingPictures shows none of a network that predicts nothing", async () => {
  const others = STEPS.map((one) =>
    one.id === "predictions"
      ? {
        ...one,
        origins: { ...one.origins, weights: from("other", "weights") },
      }
      : one
  );
  deepStrictEqual(await trainingPictures(runOf(others, CONTENTS), "tuned"), []);
});

Deno.test("trainingPictures shows none of pictures that are gone", async () => {
  const run = runOf(STEPS, CONTENTS);
  const inputItems = () => {
    throw new RangeError("no such folder");
  };
  deepStrictEqual(await trainingPictures({ ...run, inputItems }, "tuned"), []);
});

Deno.test("trainingPictures takes four pictures at even distances", async () => {
  const ids = Array.from({ length: 40 }, (_, i) => `p${10 + i}`);
  const all = (item: unknown) =>
    Object.fromEntries(ids.map((id) => [id, item]));
  const run = runOf(STEPS, {
    "predictions.images": all(grey),
    "labels.labels": all({ ...SIZE, data: Uint8Array.of(0, 0) }),
    "scores.truth": {},
    "attention.maps": {},
  });
  const names = (await shown(run)).map(([name]) => name);
  deepStrictEqual(
    names,
    ["p15", "p25", "p35", "p45"].map((id) => `pictures/prediction/${id}`),
  );
});
