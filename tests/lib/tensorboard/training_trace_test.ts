import { deepStrictEqual } from "node:assert/strict";
import {
  noteEvent,
  type TrainingTrace,
} from "../../../lib/tensorboard/training_trace.ts";

function traced(...events: unknown[]): Record<string, TrainingTrace> {
  const traces = new Map<string, TrainingTrace>();
  for (const event of events) noteEvent(traces, event);
  return Object.fromEntries(traces);
}

const at = (second: number) => `2026-01-01T00:00:0${second}.250Z`;
const SECONDS = 1_767_225_600.25;
const started = { type: "step_started", step: "tuned", at: at(0) };
const progress = {
  type: "step_progress",
  step: "tuned",
  at: at(3),
  progress: {
    done: 9,
    total: 20,
    unit: "iterations",
    numbers: { loss: 0.5 },
    each: { count: 8, unit: "images" },
  },
  rate: 2.5,
  secondsLeft: 4.4,
};
const POINT = {
  wallSeconds: SECONDS + 3,
  step: 9,
  numbers: { loss: 0.5 },
  imagesPerSecond: 20,
};

Deno.test("noteEvent follows a training from its start to its end", () => {
  const ended = { type: "step_ended", step: "tuned", at: at(5), seconds: 5 };
  deepStrictEqual(traced({ type: "run_started" }, started, progress, ended), {
    tuned: {
      startSeconds: SECONDS,
      endSeconds: SECONDS + 5,
      before: 0,
      points: [POINT],
    },
  });
});

Deno.test("noteEvent begins anew when a step does", () => {
  const again = { ...started, at: at(6) };
  deepStrictEqual(traced(started, progress, again), {
    tuned: {
      startSeconds: SECONDS + 6,
      endSeconds: null,
      before: 0,
      points: [],
    },
  });
});

Deno.test("noteEvent knows from where a training goes on", () => {
  const { numbers: _, ...silent } = progress.progress;
  const begin = { ...progress, progress: { ...silent, done: 6 } };
  deepStrictEqual(traced(started, begin, progress), {
    tuned: {
      startSeconds: SECONDS,
      endSeconds: null,
      before: 6,
      points: [POINT],
    },
  });
});

Deno.test("noteEvent tells no speed before there is a rate, nor of other units", () => {
  const { each: _, ...noUnit } = progress.progress;
  const { tuned } = traced(
    started,
    { ...progress, rate: null },
    { ...progress, progress: noUnit },
  );
  deepStrictEqual(
    tuned!.points.map(({ imagesPerSecond }) => imagesPerSecond),
    [null, null],
  );
});

Deno.test("noteEvent passes over what tells no loss, and what is no event", () => {
  const { numbers: _, ...silent } = progress.progress;
  const odd = [
    { ...progress, progress: { ...silent, done: 0 } },
    { ...progress, progress: { ...silent, done: 0, numbers: { letters: 3 } } },
    { ...progress, progress: { ...progress.progress, done: -1 } },
    { ...progress, at: "yesterday" },
    { ...progress, step: "unheard of" },
    null,
    "step_started",
  ];
  deepStrictEqual(traced(started, ...odd), {
    tuned: { startSeconds: SECONDS, endSeconds: null, before: 0, points: [] },
  });
});

Deno.test("noteEvent knows no step whose name leads out of a folder", () => {
  const steps = ["../up", "a/b", "a\\b", ".hidden", "..", ""];
  deepStrictEqual(traced(...steps.map((step) => ({ ...started, step }))), {});
});
