/** A run's trainings as event files, while it goes on and after. */
import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { TrainingLogs } from "../../commands/training_logs.ts";
import { tensorboard } from "../../commands/tensorboard.ts";
import { jsonKind } from "../../pipeline/mod.ts";
import { EventLog } from "../../pipeline/run/event_log.ts";
import type { Stage } from "../../pipeline/stage.ts";
import { HistoryEntry } from "../../lib/train/history.ts";
import * as z from "zod";
import { eventsIn } from "../lib/tensorboard/event_file_reader.ts";

/** All that is asked of a stage here. */
const STAGES = [{
  name: "train_segmenter",
  outputs: { history: jsonKind("training_history", z.array(HistoryEntry)) },
}] as unknown as Stage[];

const STEP = "tuned_model[seed=1]";

/** The folder of a run with one training of two iterations. */
class RunOnDisk implements Disposable {
  readonly root = Deno.makeTempDirSync();
  readonly run = `${this.root}/small`;
  readonly to = `${this.run}/tensorboard`;
  readonly log = new EventLog(this.run, () => {});

  constructor() {
    Deno.mkdirSync(`${this.run}/outputs`, { recursive: true });
  }

  /** A training begins and tells of its first iteration. */
  begin(): void {
    this.log.emit({ type: "run_started", run: this.run, steps: 1, cpus: 2 });
    const reasons = [{ type: "never_run" }] as const;
    this.log.emit({ type: "step_started", step: STEP, reasons, shards: 1 });
    this.log.emit({
      type: "step_progress",
      step: STEP,
      progress: {
        done: 1,
        total: 2,
        unit: "iterations",
        numbers: { loss: 2, lr: 0.5 },
        each: { count: 8, unit: "images" },
      },
      rate: 4,
      secondsLeft: 0.25,
    });
  }

  writeHistory(...losses: number[]): void {
    const history = losses.map((loss, iteration) => ({
      iteration,
      loss,
      maskLoss: 0,
      learningRate: 0.5,
      keptShare: 1,
    }));
    Deno.writeTextFileSync(
      `${this.run}/outputs/${STEP}.history.json`,
      JSON.stringify(history),
    );
  }

  /** It ends, and so does the run. */
  end(): void {
    const ended = { seconds: 2, peakMemoryBytes: 0, unchanged: false };
    this.log.emit({ type: "step_ended", step: STEP, ...ended });
    const counts = { fresh: 0, restored: 0, run: 1, failed: 0, left: 0 };
    const outcome = "succeeded";
    this.log.emit({ type: "run_ended", outcome, counts, seconds: 2 });
    this.log[Symbol.dispose]();
  }

  /** Losses by step, and where all is told anew. */
  told(): (string | number)[][] {
    const file = `${this.to}/${STEP}/events.out.tfevents.0000000000.boxfill`;
    return eventsIn(Deno.readFileSync(file)).slice(1)
      .map(({ step, scalars, sessionStatus }) =>
        sessionStatus ? ["anew", step] : [step, scalars!["curves/loss"]!]
      );
  }

  [Symbol.dispose](): void {
    this.log[Symbol.dispose]();
    Deno.removeSync(this.root, { recursive: true });
  }
}

const logsOf = ({ run, to }: RunOnDisk) =>
  new TrainingLogs({ run, to, stages: STAGES });

Deno.test("TrainingLogs follows a training from its first iteration to its end", async () => {
  using disk = new RunOnDisk();
  // Of an earlier run, which the training will replace.
  disk.writeHistory(9, 9);
  disk.begin();
  const logs = logsOf(disk);
  strictEqual(logs.isRunning, true);
  strictEqual(await logs.update(false), 1);
  deepStrictEqual(disk.told(), [["anew", 1], [1, 2]]);

  disk.writeHistory(2, 1);
  disk.end();
  strictEqual(logs.isRunning, false);
  await logs.update(true);
  const history = [["anew", 1], [1, 2], [2, 1]];
  deepStrictEqual(disk.told(), [["anew", 1], [1, 2], ...history]);

  // Who comes later writes the same.
  const file = `${disk.to}/${STEP}/events.out.tfevents.0000000000.boxfill`;
  const bytes = Deno.readFileSync(file);
  Deno.removeSync(disk.to, { recursive: true });
  await logsOf(disk).update(true);
  deepStrictEqual(Deno.readFileSync(file), bytes);
});

Deno.test("TrainingLogs keeps what it wrote of a training that a later run finds fresh", async () => {
  using disk = new RunOnDisk();
  disk.writeHistory(2, 1);
  const told = [["anew", 1], [1, 2], [2, 1]];
  await logsOf(disk).update(true);
  deepStrictEqual(disk.told(), told);
  const before = Deno.statSync(`${disk.to}/${STEP}`).mtime;
  disk.log.emit({ type: "run_started", run: disk.run, steps: 2, cpus: 2 });
  disk.log.emit({ type: "step_restored", step: "other", reasons: [] });
  await logsOf(disk).update(false);
  deepStrictEqual(disk.told(), told);
  deepStrictEqual(Deno.statSync(`${disk.to}/${STEP}`).mtime, before);
});

Deno.test("tensorboard says what must be there", async () => {
  using disk = new RunOnDisk();
  const options = { runs: disk.root };
  await rejects(tensorboard("smal", options, STAGES), {
    message: `Cannot find run "smal" as it must be in "${disk.root}": ` +
      'did you mean "small"?',
  });
  await rejects(tensorboard("small", options, STAGES), {
    message: `Cannot write event files of "${disk.run}" as it must have ` +
      "trained something: it has not",
  });
  const to = `${disk.root}/file`;
  Deno.writeTextFileSync(to, "");
  await rejects(tensorboard("small", { ...options, to }, STAGES), {
    message: `Cannot write event files to "${to}" as it must be a folder: ` +
      "it is a file",
  });
  Deno.writeTextFileSync(`${disk.run}/outputs/${STEP}.history.json`, "[{}]");
  await rejects(tensorboard("small", options, STAGES), (error: Error) => {
    match(error.message, /tuned_model\[seed=1\]\.history\.json/);
    return true;
  });
});
