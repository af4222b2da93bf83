/** What each kind of output is told of one run: every line, in full. */
import { deepStrictEqual } from "node:assert/strict";
import {
  jsonReporter,
  plainReporter,
  quietReporter,
} from "../../../pipeline/cli/reporter.ts";
import type { RunEvent } from "../../../pipeline/run/event.ts";

const at = (done: number) =>
  ({
    type: "step_progress",
    step: "train",
    progress: { done, total: 9, unit: "iterations", numbers: { loss: 0.5 } },
    rate: 1,
    secondsLeft: 9 - done,
  }) as const;
const FRESH: RunEvent = { type: "step_fresh", step: "boxes" };
const NOT_DETERMINISTIC: RunEvent = {
  type: "step_not_deterministic",
  step: "train",
};
const STARTED: RunEvent = {
  type: "step_started",
  step: "train",
  reasons: [{ type: "never_run" }],
  shards: 1,
};
const FAILED: RunEvent = {
  type: "step_failed",
  step: "report",
  message: "Error: no",
  log: "",
  logTail: [],
};
const ENDED: RunEvent = {
  type: "run_ended",
  outcome: "failed",
  counts: { fresh: 1, restored: 0, run: 1, failed: 1, left: 2 },
  seconds: 11,
};

/** What is printed of events that come a second after each other. */
function printed(
  make: (print: (text: string) => void, nowMs: () => number) => {
    report: (event: RunEvent) => void;
  },
  events: readonly RunEvent[],
): string[] {
  const lines: string[] = [];
  let nowMs = 0;
  const { report } = make((text) => lines.push(text), () => nowMs);
  for (const event of events) {
    nowMs += 1000;
    report(event);
  }
  return lines;
}

Deno.test("a pipe gets a line of progress five seconds after the last", () => {
  const steps = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(at);
  deepStrictEqual(
    printed(plainReporter, [FRESH, STARTED, ...steps, FAILED, ENDED]),
    [
      "running   train: never run",
      "          train  4/9 iterations  1 iterations/s  loss 0.5  5 s left",
      "          train  9/9 iterations  1 iterations/s  loss 0.5",
      "failed    report\n    Error: no",
      "failed: 1 run, 1 fresh, 1 failed, 2 not reached (11 s)",
    ],
  );
});

Deno.test("quiet prints failures, doubts and the end", () => {
  const events = [FRESH, STARTED, at(9), NOT_DETERMINISTIC, FAILED, ENDED];
  deepStrictEqual(printed(quietReporter, events), [
    "warning   train gave other bytes for the same inputs: it is not " +
    "deterministic",
    "failed    report\n    Error: no",
    "failed: 1 run, 1 fresh, 1 failed, 2 not reached (11 s)",
  ]);
});

Deno.test("JSON is one event a line, with the time, progress once a second", () => {
  // Told at once: what comes within a second of it is passed over, but the end.
  const events = [STARTED, at(1), at(2), at(9), ENDED];
  const lines = printed(jsonReporter, events).map((line) => JSON.parse(line));
  const times = lines.map((line) => line.at);
  deepStrictEqual(times, times.map((time) => new Date(time).toISOString()));
  deepStrictEqual(
    lines.map(({ at: _, ...event }) => event),
    [STARTED, at(1), at(9), ENDED],
  );
});
