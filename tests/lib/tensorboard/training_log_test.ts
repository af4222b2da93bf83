import { deepStrictEqual, ok } from "node:assert/strict";
import type { TaggedPicture } from "../../../lib/tensorboard/event_record.ts";
import {
  type LivePoint,
  type LoggedTraining,
  trainingLog,
} from "../../../lib/tensorboard/training_log.ts";
import type { HistoryEntry } from "../../../lib/train/history.ts";
import { eventsIn, type ReadEvent } from "./event_file_reader.ts";

const entry = (
  iteration: number,
  more: Partial<HistoryEntry> = {},
): HistoryEntry => ({
  iteration,
  loss: 2 - iteration / 2,
  maskLoss: 0,
  learningRate: 0.25,
  keptShare: 1,
  ...more,
});

const TRAINING: LoggedTraining = {
  startSeconds: 1_000_000_000.5,
  seconds: 8,
  live: [],
  before: 0,
  history: [entry(0), entry(1)],
  batchSize: 16,
  pictures: [],
};

const HEAD: ReadEvent = {
  wallTime: 1_000_000_000.5,
  step: 0,
  fileVersion: "brain.Event:2",
};

/** A `SessionLog` that says START: what was told from this step on is over. */
const anew = (step: number): ReadEvent => ({
  wallTime: HEAD.wallTime,
  step,
  sessionStatus: 1,
});

const read = (training: Partial<LoggedTraining>) =>
  eventsIn(trainingLog({ ...TRAINING, ...training }));

/** Without what tags are. */
const plain = (events: readonly ReadEvent[]) =>
  events.map(({ metadata: _, ...event }) => event);

Deno.test("trainingLog tells each iteration, and how fast it was, at the end", () => {
  deepStrictEqual(plain(read({})), [
    HEAD,
    anew(1),
    {
      wallTime: 1_000_000_004.5,
      step: 1,
      scalars: { "curves/loss": 2, "curves/learning_rate": 0.25 },
    },
    {
      wallTime: 1_000_000_008.5,
      step: 2,
      scalars: {
        "curves/loss": 1.5,
        "curves/learning_rate": 0.25,
        "curves/images_per_second": 4,
      },
    },
  ]);
});

Deno.test("trainingLog tells mask loss and ignored share where there are such", () => {
  const history = [
    entry(0, { maskLoss: 0.5, keptShare: 0.75 }),
    entry(1, { maskLoss: 0, keptShare: 1 }),
  ];
  const [, , first, last] = read({ history, batchSize: null });
  deepStrictEqual(first!.scalars, {
    "curves/loss": 2,
    "curves/mask_loss": 0.5,
    "curves/learning_rate": 0.25,
    "curves/kept_share": 0.75,
    "curves/ignored_share": 0.25,
  });
  deepStrictEqual(last!.scalars, {
    "curves/loss": 1.5,
    "curves/mask_loss": 0,
    "curves/learning_rate": 0.25,
    "curves/kept_share": 1,
    "curves/ignored_share": 0,
  });
});

Deno.test("trainingLog says of a tag once what it is", () => {
  const [, , first, last] = read({});
  deepStrictEqual(first!.metadata, {
    "curves/loss": [
      "scalars",
      "Cross-entropy of the pixels that count, nats",
      1,
    ],
    "curves/learning_rate": ["scalars", "", 1],
  });
  deepStrictEqual(last!.metadata, {
    "curves/images_per_second": ["scalars", "", 1],
  });
});

const point = (step: number, more: Partial<LivePoint> = {}): LivePoint => ({
  wallSeconds: 1_000_000_000 + step,
  step,
  numbers: { loss: 3, "mask loss": 0.5, lr: 0.125, "ignored %": 25 },
  imagesPerSecond: 32,
  ...more,
});

Deno.test("trainingLog tells of a training that goes on what it told", () => {
  const live = [
    point(1),
    point(2, { numbers: { loss: 1 }, imagesPerSecond: null }),
  ];
  deepStrictEqual(plain(read({ live, history: null })), [
    HEAD,
    anew(1),
    {
      wallTime: 1_000_000_001,
      step: 1,
      scalars: {
        "curves/loss": 3,
        "curves/mask_loss": 0.5,
        "curves/learning_rate": 0.125,
        "curves/kept_share": 0.75,
        "curves/ignored_share": 0.25,
        "curves/images_per_second": 32,
      },
    },
    { wallTime: 1_000_000_002, step: 2, scalars: { "curves/loss": 1 } },
  ]);
});

Deno.test("trainingLog of a training that has ended tells all anew, its speed too", () => {
  const events = plain(read({ live: [point(2)] }));
  deepStrictEqual(events.slice(3), [
    anew(1),
    {
      wallTime: 1_000_000_004.5,
      step: 1,
      scalars: { "curves/loss": 2, "curves/learning_rate": 0.25 },
    },
    {
      wallTime: 1_000_000_008.5,
      step: 2,
      scalars: {
        "curves/loss": 1.5,
        "curves/learning_rate": 0.25,
        "curves/images_per_second": 32,
      },
    },
  ]);
});

const PICTURE: TaggedPicture = {
  tag: { name: "pictures/prediction/a", description: "From the left: …" },
  width: 3,
  height: 2,
  png: Uint8Array.of(137, 80, 78, 71),
};

Deno.test("trainingLog of a training that goes on leaves what came before", () => {
  const events = read({ before: 5, live: [point(7)], history: null });
  deepStrictEqual(events[1], anew(6));
});

Deno.test("trainingLog shows pictures after the last iteration", () => {
  const picture = read({ pictures: [PICTURE] }).at(-1)!;
  const { name, description } = PICTURE.tag;
  const bytes = PICTURE.png;
  deepStrictEqual(picture, {
    wallTime: 1_000_000_008.5,
    step: 2,
    images: { [name]: { height: 2, width: 3, colorspace: 3, bytes } },
    metadata: { [name]: ["images", description, 3] },
  });
});

Deno.test("trainingLog only grows as a training goes on, ends and is predicted with", () => {
  const states: Partial<LoggedTraining>[] = [
    { live: [], history: null, seconds: 0 },
    { live: [point(1)], history: null, seconds: 0 },
    { live: [point(1), point(2)], history: null, seconds: 0 },
    { live: [point(1), point(2)] },
    { live: [point(1), point(2)], pictures: [PICTURE] },
  ];
  const logs = states.map((state) => trainingLog({ ...TRAINING, ...state }));
  for (const [i, log] of logs.slice(1).entries()) {
    const before = logs[i]!;
    ok(log.length > before.length);
    deepStrictEqual(log.subarray(0, before.length), before);
  }
  // Same inputs, same bytes.
  deepStrictEqual(
    trainingLog({ ...TRAINING, ...states.at(-1)! }),
    logs.at(-1),
  );
});

Deno.test("trainingLog of a training of no iteration is its beginning alone", () => {
  deepStrictEqual(read({ history: [] }), [HEAD, anew(1)]);
});
