import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { describeEvent } from "../../../pipeline/cli/describe_event.ts";
import type { RunEvent } from "../../../pipeline/run/event.ts";

const text = (event: RunEvent) => describeEvent(event, false);

Deno.test("describeEvent says what happens to a step", () => {
  const step = "train";
  deepStrictEqual(
    ([
      { type: "step_fresh", step },
      { type: "step_restored", step, reasons: [{ type: "never_run" }] },
      {
        type: "step_started",
        step,
        reasons: [
          { type: "version_changed", from: 1, to: 2 },
          { type: "seed_changed", from: 0, to: 7 },
        ],
        shards: 4,
      },
      { type: "step_started", step, reasons: [], shards: 1 },
      { type: "step_waiting", step, twin: null },
      { type: "step_waiting", step, twin: "train[seed=2]" },
      { type: "step_skipped", step, because: "boxes" },
      {
        type: "step_ended",
        step,
        seconds: 75.2,
        peakMemoryBytes: 3 * 2 ** 20,
        unchanged: true,
      },
      { type: "step_not_deterministic", step },
    ] as RunEvent[]).map(text),
    [
      null,
      "restored  train: never run",
      "running   train in 4 shards: stage version 1 -> 2; seed 0 -> 7",
      "running   train",
      "waiting   train: another run is making it",
      "waiting   train: train[seed=2], which does the same, is making it",
      "skipped   train: it needs boxes",
      "done      train  1 min 15 s, 3.00 MiB, same bytes as before",
      "warning   train gave other bytes for the same inputs: " +
      "it is not deterministic",
    ],
  );
});

Deno.test("describeEvent shows how far a step is", () => {
  const progress = { done: 132, total: 440, unit: "images" };
  const event = { type: "step_progress", step: "train", progress } as const;
  strictEqual(
    text({ ...event, rate: 3.14, secondsLeft: 98.2 }),
    "          train  132/440 images  3.1 images/s  1 min 39 s left",
  );
  strictEqual(
    text({ ...event, rate: null, secondsLeft: null }),
    "          train  132/440 images",
  );
});

Deno.test("describeEvent says that a run has no log any more", () => {
  const message = 'Cannot write to "a" as its disk must have room: it is full';
  strictEqual(
    text({ type: "event_log_failed", message }),
    `warning   the run goes on without events.jsonl: ${message}`,
  );
});

Deno.test("describeEvent shows why a step failed and what it said last", () => {
  strictEqual(
    text({
      type: "step_failed",
      step: "train",
      message: "Error: no\n    at run",
      log: "runs/a/logs/train.log",
      logTail: ["12:00:00 epoch 1", "12:00:01 Error: no"],
    }),
    "failed    train\n    Error: no\n        at run\n" +
      "  last lines of runs/a/logs/train.log:\n    12:00:00 epoch 1",
  );
  strictEqual(
    text({
      type: "step_retried",
      step: "train",
      attempt: 1,
      waitMs: 2000,
      message: "Error: no",
    }),
    "retrying  train: attempt 1 failed; next in 2 s\n    Error: no",
  );
});

Deno.test("describeEvent leaves out what leads to what the message says", () => {
  const failed = {
    type: "step_failed",
    step: "index",
    message: "Cannot use it as it must be in order:\nmissing: 1\n  a",
    log: "index.log",
  } as const;
  const logTail = ["12:00:00 All problems:", "missing: 1", "  a"];
  const message =
    "failed    index\n    Cannot use it as it must be in order:\n" +
    "    missing: 1\n      a";
  strictEqual(text({ ...failed, logTail }), message);
  strictEqual(
    text({ ...failed, logTail: [...logTail, "  b"] }),
    `${message}\n  last lines of index.log:\n      b`,
  );
});

Deno.test("describeEvent sums up a run", () => {
  const ended = (counts: Partial<Record<string, number>>) =>
    text({
      type: "run_ended",
      outcome: "succeeded",
      counts: { fresh: 0, restored: 0, run: 0, failed: 0, left: 0, ...counts },
      seconds: 0.031,
    });
  strictEqual(
    ended({ fresh: 3 }),
    "all 3 steps fresh: nothing to do (0.031 s)",
  );
  strictEqual(
    ended({ fresh: 1, restored: 2, run: 3 }),
    "succeeded: 3 run, 2 restored, 1 fresh (0.031 s)",
  );
});

Deno.test("describeEvent says the same in colours", () => {
  const event = { type: "step_restored", step: "train", reasons: [] } as const;
  const coloured = describeEvent(event, true);
  // Even here, where nothing is a terminal: who calls knows.
  strictEqual(coloured, "\u001b[36mrestored\u001b[39m  train");
  strictEqual(stripVTControlCharacters(coloured!), "restored  train");
});
