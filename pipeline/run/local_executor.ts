/**
 * Runs jobs in processes of this machine.
 *
 * Pooled jobs share worker processes, used again one job after another: a new
 * one costs a Deno start, a job in a warm one about a millisecond. A job with
 * isolation `process` has one of its own, which may read its inputs and write
 * its outputs and nothing else. Either way a process that dies, of memory or
 * by a signal, is one failed job; the runner lives.
 *
 * @module
 */
import { digestOf } from "../store/digest.ts";
import { replaceCheaply } from "../store/durable_file.ts";
import { configArguments, denoCommand } from "../plan/code_version.ts";
import type {
  Executor,
  JobHandle,
  JobStatus,
  Progress,
  Submission,
} from "./executor.ts";
import { type Exit, readExit } from "./job.ts";
import type { HostCommand, HostMessage } from "./step_host.ts";
import { TextLineStream } from "./text_lines.ts";

/** How worker processes are started. */
export interface LocalExecutorOptions {
  /** The folder with `deno.json`. */
  readonly project: string;
  /** Flags such as `--allow-write=…` for pooled workers. */
  readonly permissions: readonly string[];
  /** Folder for the main modules of isolated processes. */
  readonly entries: string;
}

const HOST_URL = new URL("./step_host.ts", import.meta.url).href;
/** Lines of a dead process's standard error shown with its end. */
const LAST_LINES = 20;

/** The executor of this machine. */
export class LocalExecutor implements Executor {
  readonly name = "local";
  readonly #options: LocalExecutorOptions;
  readonly #idle: Host[] = [];
  readonly #entries = new Map<string, string>();
  readonly #running = new Map<string, RunningJob>();

  constructor(options: LocalExecutorOptions) {
    this.#options = options;
  }

  submit(job: Submission): Promise<JobHandle> {
    const isPooled = job.isolation === "pool";
    const host = isPooled
      ? this.#idle.pop() ?? this.#startPooled()
      : this.#startIsolated(job);
    const running = new RunningJob(job);
    this.#running.set(job.folder, running);
    host.run(running).then((isAlive) => {
      if (isAlive && isPooled) this.#idle.push(host);
      else host.end();
    });
    return Promise.resolve(job);
  }

  attach(folder: string, fingerprint: string): Promise<JobHandle | null> {
    // Jobs of this executor die with their runner; those that ended stay.
    const isThere = readExit(folder, fingerprint)?.ok ?? false;
    return Promise.resolve(isThere ? { folder, fingerprint } : null);
  }

  async poll(job: JobHandle): Promise<JobStatus> {
    const running = this.#running.get(job.folder);
    const status = await running?.news() ?? endedOf(job);
    if (status.state === "ended") this.#running.delete(job.folder);
    return status;
  }

  cancel(job: JobHandle, how: "stop" | "kill"): Promise<void> {
    this.#running.get(job.folder)?.cancel(how);
    return Promise.resolve();
  }

  async close(): Promise<void> {
    for (const job of this.#running.values()) job.cancel("kill");
    await Promise.all(this.#idle.splice(0).map((host) => host.end()));
  }

  #startPooled(): Host {
    return new Host([
      "--no-prompt",
      ...this.#options.permissions,
      ...configArguments(this.#options.project),
      HOST_URL,
    ]);
  }

  #startIsolated(job: Submission): Host {
    const heapMb = Math.floor((job.resources.memoryBytes ?? 0) / 2 ** 20);
    return new Host([
      "--no-prompt",
      `--allow-read=${[job.folder, ...job.readable].join(",")}`,
      `--allow-write=${[job.folder, ...job.writable].join(",")}`,
      ...(heapMb > 0 ? [`--v8-flags=--max-old-space-size=${heapMb}`] : []),
      ...configArguments(this.#options.project),
      this.#entryOf(job.module),
    ]);
  }

  /** One for each module, so that Deno finds it in its cache. */
  #entryOf(module: string): string {
    let entry = this.#entries.get(module);
    if (entry === undefined) {
      entry = `${this.#options.entries}/${digestOf(module).slice(0, 32)}.js`;
      replaceCheaply(entry, entryText(module));
      this.#entries.set(module, entry);
    }
    return entry;
  }
}

/** Static imports need no permission to read, so the job gets none for code. */
function entryText(module: string): string {
  return `import * as stage from ${JSON.stringify(module)};\n` +
    `import { serveJobs } from ${JSON.stringify(HOST_URL)};\n` +
    `await serveJobs(() => Promise.resolve(stage));\n`;
}

function endedOf({ folder, fingerprint }: JobHandle): JobStatus {
  const exit = readExit(folder, fingerprint);
  if (exit !== null) return { state: "ended", exit };
  const message = "The process ended without saying how";
  return { state: "ended", exit: { ok: false, reason: "died", message } };
}

/** A job in a host, and the news of it not yet asked for. */
class RunningJob {
  readonly folder: string;
  readonly fingerprint: string;
  readonly log: string;
  host: Host | null = null;
  #progress: Progress | null = null;
  #exit: Exit | null = null;
  #wake = Promise.withResolvers<void>();

  constructor(job: Submission) {
    this.folder = job.folder;
    this.fingerprint = job.fingerprint;
    this.log = job.log;
  }

  async news(): Promise<JobStatus> {
    await this.#wake.promise;
    if (this.#exit !== null) return { state: "ended", exit: this.#exit };
    this.#wake = Promise.withResolvers<void>();
    return { state: "running", progress: this.#progress };
  }

  advance(progress: Progress): void {
    this.#progress = progress;
    this.#wake.resolve();
  }

  end(exit: Exit): void {
    this.#exit ??= exit;
    this.#wake.resolve();
  }

  cancel(how: "stop" | "kill"): void {
    if (how === "stop") this.host?.tell({ stop: true });
    else this.host?.kill();
  }
}

/** A worker process. */
class Host {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lastLines: string[] = [];
  readonly #drained: Promise<void>[];
  #job: RunningJob | null = null;
  #jobDone: PromiseWithResolvers<boolean> | null = null;

  constructor(args: string[]) {
    this.#process = new Deno.Command(denoCommand(), {
      args: ["run", ...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#drained = [this.#readMessages(), this.#readErrors()];
    this.#process.status.then((status) => this.#died(status));
  }

  /** Runs one job; true when the process can take another. */
  run(job: RunningJob): Promise<boolean> {
    job.host = this;
    this.#job = job;
    this.#jobDone = Promise.withResolvers<boolean>();
    this.tell({ run: job.folder });
    return this.#jobDone.promise;
  }

  tell(command: HostCommand): void {
    const line = new TextEncoder().encode(JSON.stringify(command) + "\n");
    // A broken pipe means the process has died: #died reports it.
    this.#input.write(line).catch(() => {});
  }

  kill(): void {
    try {
      this.#process.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // Already dead.
    }
  }

  async end(): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#process.status;
  }

  async #readMessages(): Promise<void> {
    for await (const line of linesOf(this.#process.stdout)) {
      const message = JSON.parse(line) as HostMessage;
      if (message.type === "progress") this.#job?.advance(message);
      if (message.type === "ended") this.#finish(true, message.problem);
    }
  }

  async #readErrors(): Promise<void> {
    for await (const line of linesOf(this.#process.stderr)) {
      this.#lastLines.push(line);
      if (this.#lastLines.length > LAST_LINES) this.#lastLines.shift();
      if (this.#job !== null) appendLog(this.#job.log, line);
    }
  }

  #finish(isAlive: boolean, problem: string | null = null): void {
    if (this.#job === null) return;
    const status = endedOf(this.#job);
    if (problem !== null) {
      this.#job.end({ ok: false, reason: "threw", message: problem });
    } else if (status.state === "ended") this.#job.end(status.exit);
    this.#job = null;
    this.#jobDone?.resolve(isAlive);
  }

  async #died(status: Deno.CommandStatus): Promise<void> {
    await Promise.all(this.#drained);
    if (this.#job === null) return;
    const how = status.signal ?? `exit code ${status.code}`;
    const tail = this.#lastLines.join("\n");
    const message = `The process of the step died (${how})` +
      (tail === "" ? "" : `:\n${tail}`);
    // An exit file in place counts for more than how the process went.
    const exit = readExit(this.#job.folder, this.#job.fingerprint) ??
      { ok: false, reason: "died", message };
    this.#job.end(exit);
    this.#finish(false);
  }
}

function linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  return stream.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
}

function appendLog(log: string, line: string): void {
  Deno.writeTextFileSync(log, `${line}\n`, { append: true });
}
