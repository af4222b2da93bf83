import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { RunEvent } from "../../../pipeline/run/event.ts";
import { lastEvent } from "../../../pipeline/run/run_state.ts";
import { FollowedLog } from "../../../pipeline/serve/followed_log.ts";
import { progressStream } from "../../../pipeline/serve/progress_stream.ts";

const EVENTS: readonly RunEvent[] = [
  { type: "run_started", run: "a", steps: 4, cpus: 2 },
  { type: "step_fresh", step: "draw" },
  { type: "step_started", step: "train", reasons: [], shards: 1 },
  {
    type: "step_progress",
    step: "train",
    progress: { done: 30, total: 120, unit: "iterations" },
    rate: 2,
    secondsLeft: 45,
  },
];

const FAILED: readonly RunEvent[] = [
  {
    type: "step_failed",
    step: "train",
    message: "loss is NaN",
    log: "train.log",
    logTail: [],
  },
  { type: "step_skipped", step: "score", because: "train" },
  {
    type: "run_ended",
    outcome: "failed",
    counts: { fresh: 1, restored: 0, run: 0, failed: 1, left: 1 },
    seconds: 3,
  },
];

function linesOf(events: readonly RunEvent[]): string {
  const at = "2026-01-01T00:00:00.000Z";
  return events.map((event) => JSON.stringify({ at, ...event }) + "\n")
    .join("");
}

/** A run's folder that is removed in the end. */
async function withRun(
  use: (folder: string) => void | Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "run_" });
  try {
    await use(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("FollowedLog tells what a growing log says, cut lines included", async () => {
  await withRun((folder) => {
    const log = new FollowedLog(folder);
    deepStrictEqual(log.look().steps, []);
    const path = `${folder}/events.jsonl`;
    const text = linesOf(EVENTS);
    Deno.writeTextFileSync(path, text.slice(0, -20));
    deepStrictEqual(log.look().steps.map(({ step, state }) => [step, state]), [
      ["draw", "fresh"],
      ["train", "running"],
    ]);
    strictEqual(log.look().steps[1]!.share, null);
    const rest = text.slice(-20) + "no JSON\n" + '{"type":"x"}\n' + "null\n";
    Deno.writeTextFileSync(path, rest, { append: true });
    deepStrictEqual(log.look().steps[1], {
      step: "train",
      state: "running",
      share: 0.25,
      text: "30/120 iterations  2 iterations/s  45 s left",
    });
    Deno.writeTextFileSync(path, linesOf(FAILED), { append: true });
    const { outcome, total, steps } = log.look();
    deepStrictEqual([outcome, total], ["failed", 4]);
    deepStrictEqual(steps.slice(1), [
      { step: "train", state: "failed", share: null, text: "loss is NaN" },
      {
        step: "score",
        state: "skipped",
        share: null,
        text: "as train failed",
      },
    ]);
  });
});

Deno.test("FollowedLog begins anew when the log does", async () => {
  await withRun((folder) => {
    const path = `${folder}/events.jsonl`;
    const log = new FollowedLog(folder);
    Deno.writeTextFileSync(path, linesOf([...EVENTS, ...FAILED]));
    strictEqual(log.look().outcome, "failed");
    Deno.truncateSync(path);
    Deno.writeTextFileSync(path, linesOf(EVENTS.slice(0, 2)));
    const { outcome, steps } = log.look();
    deepStrictEqual([outcome, steps.length], [null, 1]);
  });
});

Deno.test("progressStream tells at once, then what has changed, until it is left", async () => {
  await withRun(async (folder) => {
    const path = `${folder}/events.jsonl`;
    Deno.writeTextFileSync(path, linesOf(EVENTS.slice(0, 1)));
    const reader = progressStream(folder, 10).getReader();
    const next = async () => {
      const { value } = await reader.read();
      const text = new TextDecoder().decode(value);
      const data = /^event: progress\ndata: (.*)\n\n$/.exec(text)![1]!;
      return JSON.parse(data);
    };
    const { total, steps, isGoingOn } = await next();
    deepStrictEqual([total, steps, isGoingOn], [4, [], false]);
    Deno.writeTextFileSync(path, linesOf(EVENTS.slice(1, 2)), { append: true });
    deepStrictEqual((await next()).steps.length, 1);
    using lock = Deno.openSync(`${path}.lock`, { create: true, write: true });
    lock.lockSync(true);
    strictEqual((await next()).isGoingOn, true);
    await reader.cancel();
  });
});

Deno.test("progressStream ends by an error when the log can no longer be read", async () => {
  await withRun(async (folder) => {
    const path = `${folder}/events.jsonl`;
    Deno.writeTextFileSync(path, linesOf(EVENTS.slice(0, 1)));
    const reader = progressStream(folder, 10).getReader();
    await reader.read();
    Deno.removeSync(path);
    Deno.mkdirSync(path);
    await rejects(reader.read(), Deno.errors.IsADirectory);
  });
});

Deno.test("lastEvent tells the last whole line of a log of any length", async () => {
  await withRun((folder) => {
    const path = `${folder}/events.jsonl`;
    strictEqual(lastEvent(folder), null);
    const text = linesOf([...Array(2000).fill(EVENTS[3]), ...FAILED]);
    Deno.writeTextFileSync(path, text);
    strictEqual(lastEvent(folder)?.type, "run_ended");
    Deno.truncateSync(path, text.length - 1 - "}}".length);
    strictEqual(lastEvent(folder)?.type, "step_skipped");
    Deno.removeSync(path);
    Deno.mkdirSync(path);
    strictEqual(lastEvent(folder), null);
  });
});
