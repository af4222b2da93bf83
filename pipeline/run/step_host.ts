/**
 * The far side of the local executor: a process that runs jobs one by one.
 *
 * It reads {@link HostCommand} lines on its standard input and writes
 * {@link HostMessage} lines on its standard output, each behind the mark it was
 * given: lines without are a stage's, and the runner puts them into the job's
 * log. When the input closes, the runner is gone, and so is this process.
 *
 * @module
 */
import { messageOf } from "../explained_error.ts";
import type { Progress } from "./executor.ts";
import { type Job, readJob } from "./job.ts";
import { type JobHooks, runJob } from "./run_job.ts";
import type { Stage } from "../stage.ts";
import { TextLineStream } from "./text_lines.ts";

/** What a host tells its runner. */
export type HostMessage =
  | ({ readonly type: "progress" } & Progress)
  /** The exit file is in place, or says why it could not be written. */
  | { readonly type: "ended"; readonly problem: string | null };

/** Asks for the job in a folder. */
interface RunCommand {
  readonly run: string;
  readonly mark: string;
}

/** What a runner tells its host. */
export type HostCommand =
  | RunCommand
  | { readonly stop: true };

/** Gives the module of a stage, by URL. */
export type ImportStage = (module: string) => Promise<Record<string, unknown>>;

/** The main module of pooled workers. */
export const HOST_URL = import.meta.url;

/**
 * Text of the main module of a process for the stages of one module. Static
 * imports need no permission to read, so the process gets none for code.
 */
export function entryText(module: string): string {
  return `import * as stage from ${JSON.stringify(module)};\n` +
    `import { serveJobs } from ${JSON.stringify(HOST_URL)};\n` +
    `await serveJobs(() => Promise.resolve(stage));\n`;
}

const PROGRESS_INTERVAL_MS = 200;

/** Serves jobs until the standard input closes. */
export async function serveJobs(importStage: ImportStage): Promise<void> {
  ignoreInterrupts();
  let running = new AbortController();
  const lines = Deno.stdin.readable
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) {
    const command = JSON.parse(line) as HostCommand;
    if ("stop" in command) {
      running.abort(new Error("The run was stopped"));
    } else {
      running = new AbortController();
      // Not awaited: a stop must be heard while the job runs.
      serveJob(command, importStage, running.signal);
    }
  }
  Deno.exit(0);
}

/** The terminal sends Ctrl-C to all; the runner decides what it means. */
function ignoreInterrupts(): void {
  Deno.addSignalListener("SIGINT", () => {});
}

async function serveJob(
  { run: folder, mark }: RunCommand,
  importStage: ImportStage,
  signal: AbortSignal,
): Promise<void> {
  let problem: string | null = null;
  let isOver = false;
  const send = (message: HostMessage) => {
    // Progress of a job that has ended would be taken for the next one's.
    if (!isOver) tell(mark, message);
  };
  try {
    const job = readJob(folder);
    const log = openLog(job.log);
    redirectConsole(log);
    const progress = throttledProgress(send);
    await runInFolder(folder, job, importStage, { log, signal, progress });
  } catch (error) {
    // Such as a full disk: not even the exit file can be written.
    problem = messageOf(error, folder);
  }
  send({ type: "ended", problem });
  isOver = true;
}

async function runInFolder(
  folder: string,
  job: Job,
  importStage: ImportStage,
  hooks: JobHooks,
): Promise<void> {
  const stage = await findStage(job, importStage);
  const exit = await runJob(folder, job, stage, hooks);
  if (!exit.ok) hooks.log(exit.message);
}

async function findStage(job: Job, importStage: ImportStage): Promise<Stage> {
  const exports = Object.values(await importStage(job.module));
  const stage = exports.find((value) =>
    typeof value === "object" && value !== null && "run" in value &&
    "name" in value && value.name === job.stage
  );
  if (stage !== undefined) return stage as Stage;
  throw new Error(
    `Cannot run "${job.name}" as ${job.module} must export stage ` +
      `"${job.stage}": it does not`,
  );
}

/** Lines with the time of day; each is in the file when the call returns. */
function openLog(path: string): (message: string) => void {
  return (message) => {
    const time = new Date().toISOString().slice(11, 19);
    Deno.writeTextFileSync(path, `${time} ${message}\n`, { append: true });
  };
}

/**
 * What a stage says on the console gets the time of day. Tables, counts and
 * timers are printed as they are: the runner puts them into the log.
 */
function redirectConsole(log: (message: string) => void): void {
  const say = (...values: unknown[]) =>
    log(
      values.map((value) =>
        typeof value === "string" ? value : Deno.inspect(value)
      ).join(" "),
    );
  const names = ["log", "info", "warn", "error", "debug", "dirxml"] as const;
  for (const name of names) console[name] = say;
  console.dir = (value, options) => log(Deno.inspect(value, options));
  console.clear = () => {};
}

function throttledProgress(
  send: (message: HostMessage) => void,
): JobHooks["progress"] {
  let lastMs = -Infinity;
  return (done, total, unit, detail) => {
    const nowMs = performance.now();
    // Where a step begins is told whatever came before: time counts from there.
    const isBeginning = done === (detail?.before ?? 0);
    const isDue = nowMs - lastMs >= PROGRESS_INTERVAL_MS;
    if (done < total && !isBeginning && !isDue) return;
    lastMs = nowMs;
    const { numbers, ...others } = detail ?? {};
    const told = numbers && { numbers: finiteOf(numbers) };
    send({ type: "progress", done, total, unit, ...others, ...told });
  };
}

/** JSON has no word for other numbers. */
function finiteOf(
  numbers: Readonly<Record<string, number>>,
): Record<string, number> {
  const entries = Object.entries(numbers);
  return Object.fromEntries(entries.filter(([, it]) => Number.isFinite(it)));
}

const encoder = new TextEncoder();

function tell(mark: string, message: HostMessage): void {
  const line = encoder.encode(`${mark}${JSON.stringify(message)}\n`);
  let written = 0;
  while (written < line.length) {
    written += Deno.stdout.writeSync(line.subarray(written));
  }
}

if (import.meta.main) await serveJobs((module) => import(module));
