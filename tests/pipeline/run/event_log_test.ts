/** The log of a run for programs: `events.jsonl`. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { LoggedEvent } from "../../../pipeline/run/event_line.ts";
import {
  EventLog,
  isLogBeingWritten,
} from "../../../pipeline/run/event_log.ts";
import { EventLogReader } from "../../../pipeline/run/event_log_reader.ts";
import { ended, EngineProject, until } from "../engine_project.ts";

const TEXTS = `
workflow: texts
params: { word: hi, sleepMs: 0 }
steps:
  texts:
    stage: make_texts
    params: { count: 8, word: "\${params.word}" }
  loud:
    stage: shout
    inputs: { texts: texts.texts }
    params: { sleepMs: "\${params.sleepMs}" }
`;

const LOG = "runs/texts/events.jsonl";

/** Every line, parsed; the last one ends. */
function eventsOf(project: EngineProject): LoggedEvent[] {
  const text = project.read(LOG);
  strictEqual(text.at(-1), "\n");
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

function namesOf(events: readonly LoggedEvent[]): string[] {
  return events.map((event) =>
    "step" in event ? `${event.type} ${event.step}` : event.type
  );
}

Deno.test("a run logs what happens, in its order, with times that do not go back", async () => {
  using project = new EngineProject(TEXTS);
  strictEqual((await project.run("run", "--jobs", "1")).code, 0);
  const events = eventsOf(project);
  const names = namesOf(events).filter((name, i, all) => name !== all[i - 1]);
  deepStrictEqual(names, [
    "run_started",
    "step_started texts",
    "step_ended texts",
    "step_started loud",
    "step_progress loud",
    "step_ended loud",
    "run_ended",
  ]);
  const times = events.map(({ at }) => at);
  deepStrictEqual(times.toSorted(), times);
  deepStrictEqual(
    times,
    times.map((time) => new Date(time).toISOString()),
  );
  const told = events.findLast((event) => event.type === "step_progress")!;
  deepStrictEqual(told.progress, { done: 8, total: 8, unit: "texts" });
});

Deno.test("a run that finds all fresh leaves the log as it is; the next deed begins it anew", async () => {
  using project = new EngineProject(TEXTS);
  await project.run("run");
  const stamp = () => {
    const { mtime, ino, size } = Deno.statSync(`${project.folder}/${LOG}`);
    return { mtime: mtime!.getTime(), ino, size };
  };
  const before = stamp();
  match((await project.run("run")).out, /^all 2 steps fresh/);
  deepStrictEqual(stamp(), before);

  await project.run("run", "--set", "sleepMs=1");
  deepStrictEqual(
    namesOf(eventsOf(project)).filter((name) => name !== "step_progress loud"),
    [
      "run_started",
      "step_fresh texts",
      "step_started loud",
      "step_ended loud",
      "run_ended",
    ],
  );
});

Deno.test("kill -9 leaves whole lines, and a reader that follows sees them live", async () => {
  using project = new EngineProject(TEXTS);
  const reader = new EventLogReader(`${project.folder}/runs/texts`);
  deepStrictEqual(reader.read(), { isAnew: false, events: [] });

  const process = project.spawn("run", "--set", "sleepMs=1500");
  const seen: LoggedEvent[] = [];
  await until(() => {
    seen.push(...reader.read().events);
    return seen.some((event) => event.type === "step_progress");
  });
  process.kill("SIGKILL");
  await ended(process);
  seen.push(...reader.read().events);
  deepStrictEqual(seen, eventsOf(project));
  ok(!namesOf(seen).includes("run_ended"));

  // The next run begins anew, which the reader tells.
  await project.run("run");
  const { isAnew, events } = reader.read();
  strictEqual(isAnew, true);
  deepStrictEqual(events, eventsOf(project));
  deepStrictEqual(reader.read(), { isAnew: false, events: [] });
});

Deno.test("EventLogReader passes over what is no event, and waits for whole lines", () => {
  using project = new EngineProject("");
  const reader = new EventLogReader(project.folder);
  const at = "2026-01-02T03:04:05.678Z";
  const line = (step: string) =>
    JSON.stringify({ at, type: "step_fresh", step });
  const cut = line("é").slice(0, -4);
  project.write("events.jsonl", `${line("a")}\n{"at":"x"}\n[1]\n{"a\n${cut}`);
  deepStrictEqual(namesOf(reader.read().events), ["step_fresh a"]);
  deepStrictEqual(namesOf(reader.read().events), []);

  const append = (text: string) =>
    Deno.writeTextFileSync(`${project.folder}/events.jsonl`, text, {
      append: true,
    });
  append(`${line("é").slice(-4)}\n${line("b")}\n`);
  deepStrictEqual(namesOf(reader.read().events), [
    "step_fresh é",
    "step_fresh b",
  ]);

  Deno.removeSync(`${project.folder}/events.jsonl`);
  deepStrictEqual(reader.read(), { isAnew: true, events: [] });
});

Deno.test("EventLogReader knows a log that began anew and has grown as long", () => {
  using project = new EngineProject("");
  const reader = new EventLogReader(project.folder);
  const log = (second: number) => {
    const at = `2026-01-02T03:04:0${second}.000Z`;
    const event = { at, type: "step_fresh", step: "a".repeat(99) };
    project.write("events.jsonl", JSON.stringify(event) + "\n");
  };
  log(1);
  reader.read();
  log(2);
  const { isAnew, events } = reader.read();
  deepStrictEqual([isAnew, events.length], [true, 1]);
});

Deno.test("two runs of one name at once write to one log, in whole lines", () => {
  using project = new EngineProject("");
  const [one, two] = [0, 1].map(() => new EventLog(project.folder, () => {}));
  const start = (log: EventLog, step: string) =>
    log.emit({ type: "step_restored", step, reasons: [] });
  start(one!, "a");
  start(two!, "b"); // does not cut off what the first is writing
  start(one!, "c");
  one![Symbol.dispose]();
  strictEqual(isLogBeingWritten(project.folder), false);
  start(two!, "d");
  strictEqual(isLogBeingWritten(project.folder), true);
  two![Symbol.dispose]();
  const { events } = new EventLogReader(project.folder).read();
  deepStrictEqual(
    namesOf(events),
    ["a", "b", "c", "d"].map((step) => `step_restored ${step}`),
  );

  using third = new EventLog(project.folder, () => {});
  start(third, "e");
  const again = new EventLogReader(project.folder).read().events;
  deepStrictEqual(namesOf(again), ["step_restored e"]);
});

Deno.test("a run whose log cannot be written says so once and goes on", async () => {
  using project = new EngineProject(TEXTS);
  Deno.mkdirSync(`${project.folder}/${LOG}`, { recursive: true });
  const { code, out } = await project.run("run");
  strictEqual(code, 0);
  const warnings = out.split("\n").filter((line) => line.startsWith("warning"));
  deepStrictEqual(warnings, [
    `warning   the run goes on without events.jsonl: Cannot open ` +
    `"${project.folder}/${LOG}" as it must be a file: Is a directory`,
  ]);
});

Deno.test("docs/workflows.md lists every event", () => {
  const source = Deno.readTextFileSync("pipeline/run/event.ts");
  const docs = Deno.readTextFileSync("docs/workflows.md");
  const types = [...source.matchAll(/type: "(\w+)"/g)].map(([, type]) => type!);
  ok(types.length > 10);
  deepStrictEqual(types.filter((type) => !docs.includes(`| \`${type}\``)), []);
});
