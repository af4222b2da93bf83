import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { progressLine } from "../../../pipeline/cli/progress_line.ts";
import { StatusBoard } from "../../../pipeline/cli/status_lines.ts";

const TRAINING = {
  type: "step_progress",
  step: "tuned_model[seed=1,variant=fr]",
  progress: {
    done: 240,
    total: 600,
    unit: "iterations",
    each: { count: 8, unit: "images" },
    numbers: { loss: 0.52811, lr: 0.03, "ignored %": 18.2 },
  },
  rate: 5.13,
  secondsLeft: 70.1,
} as const;

Deno.test("progressLine tells what the stage told, and the time left", () => {
  strictEqual(
    progressLine(TRAINING),
    "tuned_model[seed=1,variant=fr]  240/600 iterations  41 images/s  " +
      "loss 0.528  lr 0.03  ignored 18 %  1 min 11 s left",
  );
});

Deno.test("progressLine tells slow work by the minute or the hour", () => {
  const progress = { done: 1, total: 9, unit: "models" };
  const slow = { ...TRAINING, step: "fit", progress, secondsLeft: 28_800 };
  deepStrictEqual(
    [0.5, 0.05, 0.001].map((rate) => progressLine({ ...slow, rate })),
    [
      "fit  1/9 models  0.5 models/s  8 h 0 min left",
      "fit  1/9 models  3 models/min  8 h 0 min left",
      "fit  1/9 models  3.6 models/h  8 h 0 min left",
    ],
  );
});

Deno.test("progressLine tells no time left at the end, nor without a rate", () => {
  const at = (done: number, rate: number | null) => {
    const progress = { done, total: 5, unit: "texts" };
    const secondsLeft = rate && (5 - done) / rate;
    return progressLine({
      ...TRAINING,
      step: "a",
      progress,
      rate,
      secondsLeft,
    });
  };
  strictEqual(at(5, 2), "a  5/5 texts  2 texts/s");
  strictEqual(at(0, null), "a  0/5 texts");
});

const boardOf = (columns: number) => {
  const board = new StatusBoard();
  board.note({ type: "run_started", run: "r", steps: 17, cpus: 2 });
  for (const step of ["index", "boxes"]) {
    board.note({ type: "step_fresh", step });
    board.note({ type: "step_fresh", step }); // looked at once more
  }
  const { step } = TRAINING;
  board.note({ type: "step_started", step, reasons: [], shards: 1 });
  board.note(TRAINING);
  board.note({ type: "step_started", step: "数据", reasons: [], shards: 1 });
  board.note({ type: "step_waiting", step: "数据", twin: null });
  return board.lines(columns);
};

Deno.test("StatusBoard has a line for all steps and one for each running", () => {
  deepStrictEqual(boardOf(120), [
    "2/17 steps done, 2 running",
    "  tuned_model[seed=1,variant=fr]  240/600 iterations  41 images/s  " +
    "loss 0.528  lr 0.03  ignored 18 %  1 min 11 s left",
    "  数据  waiting",
  ]);
});

Deno.test("StatusBoard leaves out numbers where they do not fit, shortens names, then cuts", () => {
  deepStrictEqual(boardOf(104), [
    "2/17 steps done, 2 running",
    "  tuned_model[seed=1,variant=fr]  240/600 iterations  41 images/s  " +
    "loss 0.528  lr 0.03  1 min 11 s left",
    "  数据  waiting",
  ]);
  deepStrictEqual(boardOf(80), [
    "2/17 steps done, 2 running",
    "  tuned_model[seed=1,variant=fr]  240/600 iterations  1 min 11 s left",
    "  数据  waiting",
  ]);
  deepStrictEqual(boardOf(60), [
    "2/17 steps done, 2 running",
    "  tuned_model[seed=1,variant=fr]  240/600  1 min 11 s left",
    "  数据  waiting",
  ]);
  deepStrictEqual(boardOf(40), [
    "2/17 steps done, 2 running",
    "  tuned_…t=fr]  240/600  1 min 11 s left",
    "  数据  waiting",
  ]);
  deepStrictEqual(boardOf(12), [
    "2/17 steps …",
    "  tune…fr] …",
    "  数据  wai…",
  ]);
  // Characters of two columns are not cut in half.
  strictEqual(boardOf(6)[2], "  数…");
});

Deno.test("StatusBoard forgets steps that have ended or failed", () => {
  const board = new StatusBoard();
  board.note({ type: "run_started", run: "r", steps: 3, cpus: 2 });
  for (const step of ["a", "b"]) {
    board.note({ type: "step_started", step, reasons: [], shards: 1 });
  }
  const peakMemoryBytes = 0;
  const ended = { seconds: 1, peakMemoryBytes, unchanged: false };
  board.note({ type: "step_ended", step: "a", ...ended });
  const told = { message: "no", log: "", logTail: [] };
  board.note({ type: "step_failed", step: "b", ...told });
  deepStrictEqual(board.lines(80), ["1/3 steps done, 0 running"]);
});
