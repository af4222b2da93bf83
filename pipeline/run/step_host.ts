/**
 * The far side of the local executor: a process that runs jobs one by one.
 *
 * It reads `{"run": folder}` and `{"stop": true}` lines on its standard input
 * and writes {@link HostMessage} lines on its standard output. What stages
 * print goes to the job's log. When the input closes, the runner is gone, and
 * so is this process.
 *
 * @module
 */
import { type Job, readJob } from "./job.ts";
import { type JobHooks, runJob } from "./run_job.ts";
import type { Stage } from "../stage.ts";
import { TextLineStream } from "./text_lines.ts";

/** What a host tells its runner. */
export type HostMessage =
  | { readonly type: "ready" }
  | {
    readonly type: "progress";
    readonly done: number;
    readonly total: number;
    readonly unit: string;
  }
  /** The exit file is in place, or says why it could not be written. */
  | { readonly type: "ended"; readonly problem: string | null };

/** What a runner tells its host. */
export type HostCommand =
  | { readonly run: string }
  | { readonly stop: true };

/** Gives the module of a stage, by URL. */
export type ImportStage = (module: string) => Promise<Record<string, unknown>>;

const PROGRESS_INTERVAL_MS = 200;

/** Serves jobs until the standard input closes. */
export async function serveJobs(importStage: ImportStage): Promise<void> {
  ignoreInterrupts();
  tell({ type: "ready" });
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
      serveJob(command.run, importStage, running.signal);
    }
  }
  Deno.exit(0);
}

/** The terminal sends Ctrl-C to all; the runner decides what it means. */
function ignoreInterrupts(): void {
  Deno.addSignalListener("SIGINT", () => {});
}

async function serveJob(
  folder: string,
  importStage: ImportStage,
  signal: AbortSignal,
): Promise<void> {
  let problem: string | null = null;
  try {
    const job = readJob(folder);
    const log = openLog(job.log);
    redirectConsole(log);
    await runInFolder(folder, job, importStage, { log, signal });
  } catch (error) {
    // Such as a full disk: not even the exit file can be written.
    problem = String(error);
  }
  tell({ type: "ended", problem });
}

async function runInFolder(
  folder: string,
  job: Job,
  importStage: ImportStage,
  hooks: Pick<JobHooks, "log" | "signal">,
): Promise<void> {
  const stage = await findStage(job, importStage);
  const progress = throttledProgress();
  const exit = await runJob(folder, job, stage, { ...hooks, progress });
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

/** Standard output belongs to the protocol. */
function redirectConsole(log: (message: string) => void): void {
  for (const name of ["log", "info", "warn", "error", "debug"] as const) {
    console[name] = (...values: unknown[]) =>
      log(
        values.map((value) =>
          typeof value === "string" ? value : Deno.inspect(value)
        ).join(" "),
      );
  }
}

function throttledProgress() {
  let lastMs = -Infinity;
  return (done: number, total: number, unit: string): void => {
    const nowMs = performance.now();
    if (done < total && nowMs - lastMs < PROGRESS_INTERVAL_MS) return;
    lastMs = nowMs;
    tell({ type: "progress", done, total, unit });
  };
}

const encoder = new TextEncoder();

function tell(message: HostMessage): void {
  const line = encoder.encode(JSON.stringify(message) + "\n");
  let written = 0;
  while (written < line.length) {
    written += Deno.stdout.writeSync(line.subarray(written));
  }
}

if (import.meta.main) await serveJobs((module) => import(module));
