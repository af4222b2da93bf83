/**
 * A training as an event file of TensorBoard: its curves, those of a training
 * that goes on too, and pictures of what it learnt.
 *
 * The bytes follow from what is given: times are no clock's, and of a training
 * that goes on each text begins with the one before, so that a file of it grows
 * and TensorBoard, which reads on at the end, sees all that is new.
 *
 * @module
 */
import type { HistoryEntry } from "../train/history.ts";
import {
  type EventTime,
  fileHead,
  picture,
  restart,
  scalars,
  type Tag,
  type TaggedPicture,
} from "./event_record.ts";

/** What a training told while it went on. */
export interface LivePoint extends EventTime {
  /** By name: `loss`, `mask loss`, `lr`, `ignored %`. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly imagesPerSecond: number | null;
}

/** A training. */
export interface LoggedTraining {
  /** When it began, since 1970. */
  readonly startSeconds: number;
  /** How long it took; 0 where nobody knows. */
  readonly seconds: number;
  /** In the order in which it was told; none of one that was looked up. */
  readonly live: readonly LivePoint[];
  /** Iterations that were done before the first of `live`. */
  readonly before: number;
  /** Null while it goes on. */
  readonly history: readonly HistoryEntry[] | null;
  /** In a mini-batch. */
  readonly batchSize: number | null;
  readonly pictures: readonly TaggedPicture[];
}

const TAGS = {
  loss: {
    name: "curves/loss",
    description: "Cross-entropy of the pixels that count, nats",
  },
  maskLoss: {
    name: "curves/mask_loss",
    description: "Loss of the attention maps",
  },
  learningRate: { name: "curves/learning_rate", description: "" },
  keptShare: {
    name: "curves/kept_share",
    description: "Of the labelled pixels, those that the loss keeps",
  },
  ignoredShare: {
    name: "curves/ignored_share",
    description: "Of the labelled pixels, those that the loss passes over",
  },
  imagesPerSecond: { name: "curves/images_per_second", description: "" },
} satisfies Record<string, Tag>;

/** Values of a step by tag; undefined for what there is none of. */
type Values = Partial<Record<keyof typeof TAGS, number | undefined>>;

/**
 * The bytes of a log: what was told live and, of a training that has ended, once
 * more all from the beginning, each iteration of it, then pictures. What earlier
 * logs in the same file told of these iterations counts no more: of a training
 * that goes on from a checkpoint, those before it stay.
 *
 * @example
 * ```ts
 * import { trainingLog } from "./training_log.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const training = {
 *   startSeconds: 1e9, seconds: 60, live: [], before: 0, history: null,
 *   batchSize: 8, pictures: [],
 * };
 * const numbers = { loss: 2 };
 * const point = { wallSeconds: 1e9 + 1, step: 1, numbers, imagesPerSecond: 8 };
 * const begun = trainingLog(training);
 * const later = trainingLog({ ...training, live: [point] });
 * deepStrictEqual(later.subarray(0, begun.length), begun);
 * ```
 */
export function trainingLog(training: LoggedTraining): Uint8Array {
  const { startSeconds, live, history } = training;
  const records = [fileHead(startSeconds)];
  const tell = teller((record) => records.push(record));
  const begin = (step: number) =>
    records.push(restart({ wallSeconds: startSeconds, step }));
  if (live.length > 0) begin(training.before + 1);
  for (const point of live) tell(point, valuesOfPoint(point));
  if (history !== null) {
    begin(1);
    tellHistory(training, history, tell);
    const end = timeIn(training, history.length, history);
    records.push(...training.pictures.map((shown) => picture(end, shown)));
  }
  return joined(records);
}

type Tell = (time: EventTime, values: Values) => void;

/** Makes records of the values there are; descriptions once a tag. */
function teller(push: (record: Uint8Array) => void): Tell {
  const told = new Set<string>();
  return ({ wallSeconds, step }, values) => {
    const present = Object.entries(TAGS).flatMap(([key, tag]) => {
      const value = values[key as keyof typeof TAGS];
      if (value === undefined) return [];
      const isFirst = !told.has(key);
      told.add(key);
      return [{ tag, value, isFirst }];
    });
    if (present.length > 0) push(scalars({ wallSeconds, step }, present));
  };
}

function valuesOfPoint({ numbers, imagesPerSecond }: LivePoint): Values {
  const ignored = numbers["ignored %"];
  return {
    loss: numbers.loss,
    maskLoss: numbers["mask loss"],
    learningRate: numbers.lr,
    ...(ignored !== undefined && sharesOf(ignored / 100)),
    imagesPerSecond: imagesPerSecond ?? undefined,
  };
}

function sharesOf(ignoredShare: number): Values {
  return { keptShare: 1 - ignoredShare, ignoredShare };
}

/** Each iteration; speed where it was told, else its mean, at the end. */
function tellHistory(
  training: LoggedTraining,
  history: readonly HistoryEntry[],
  tell: Tell,
): void {
  const speeds = speedsOf(training, history);
  const hasMask = history.some(({ maskLoss }) => maskLoss !== 0);
  const ignores = history.some(({ keptShare }) => keptShare < 1);
  for (const [i, entry] of history.entries()) {
    const { loss, maskLoss, learningRate, keptShare } = entry;
    const time = timeIn(training, i + 1, history);
    tell(time, {
      loss,
      learningRate,
      ...(hasMask && { maskLoss }),
      ...(ignores && sharesOf(1 - keptShare)),
      imagesPerSecond: speeds.get(time.step),
    });
  }
}

/** Images a second, by step. */
function speedsOf(
  { live, seconds, batchSize }: LoggedTraining,
  history: readonly HistoryEntry[],
): ReadonlyMap<number, number> {
  const told = live.flatMap(({ step, imagesPerSecond }) =>
    imagesPerSecond === null ? [] : [[step, imagesPerSecond] as const]
  );
  if (told.length > 0) return new Map(told);
  const last = history.at(-1);
  if (last === undefined || batchSize === null || seconds <= 0) {
    return new Map();
  }
  const mean = batchSize * history.length / seconds;
  return new Map([[last.iteration + 1, mean]]);
}

/** When so many entries had been done, had each taken as long as the others. */
function timeIn(
  { startSeconds, seconds }: LoggedTraining,
  done: number,
  history: readonly HistoryEntry[],
): EventTime {
  const share = history.length === 0 ? 1 : done / history.length;
  const last = history[done - 1];
  const step = last === undefined ? 0 : last.iteration + 1;
  return { wallSeconds: startSeconds + seconds * share, step };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
