/**
 * Runs jobs in processes of this machine.
 *
 * Pooled jobs share worker processes, used again one job after another: a new
 * one costs a Deno start, a job in a warm one about a millisecond. A job with
 * isolation `process` has one of its own, which may read its inputs and write
 * its outputs and nothing else. Either way a process that dies, of memory or
 * by a signal, is one failed job; the runner lives. None outlives a failed job.
 *
 * @module
 */
import { messageOf } from "../explained_error.ts";
import { digestOf } from "../store/digest.ts";
import { replaceCheaply } from "../store/durable_file.ts";
import { configArguments, denoCommand } from "../plan/deno_project.ts";
import type {
  Executor,
  JobHandle,
  JobStatus,
  Progress,
  Submission,
} from "./executor.ts";
import { type Exit, readExit } from "./job.ts";
import { entryText, HOST_URL } from "./step_host.ts";
import type { HostCommand, HostMessage } from "./step_host.ts";
import { linesOf } from "./text_lines.ts";

/** How worker processes are started. */
export interface LocalExecutorOptions {
  /** The folder with `deno.json`. */
  readonly project: string;
  /** Flags such as `--allow-write=…` for pooled workers. */
  readonly permissions: readonly string[];
  /** Environment variables set for all workers, for native code to see. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Folder for the main modules of isolated processes. */
  readonly entries: string;
}

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
      ? this.#takeIdle() ?? this.#startPooled()
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

  /** One that still lives: what a job left behind may have ended it since. */
  #takeIdle(): Host | undefined {
    let host = this.#idle.pop();
    while (host !== undefined && !host.isAlive) host = this.#idle.pop();
    return host;
  }

  #startPooled(): Host {
    return new Host([
      "--no-prompt",
      ...this.#options.permissions,
      ...configArguments(this.#options.project),
      HOST_URL,
    ], this.#options.environment);
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
    ], this.#options.environment);
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

function endedOf({ folder, fingerprint }: JobHandle): JobStatus {
  const exit = readExit(folder, fingerprint);
  if (exit !== null) return { state: "ended", exit };
  const message = "The process ended without saying how";
  return { state: "ended", exit: { ok: false, reason: "died", message } };
}

/** A job in a host, and the news of it not yet asked for. */
class RunningJob {
  host: Host | null = null;
  #progress: Progress | null = null;
  #exit: Exit | null = null;
  #wake = Promise.withResolvers<void>();

  constructor(readonly of: Submission) {}

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
  /** False as soon as the process has died or was killed. */
  isAlive = true;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lastLines: string[] = [];
  readonly #drained: Promise<void>[];
  /** Starts what the process tells; no stage can print it by accident. */
  readonly #mark = crypto.randomUUID();
  #job: RunningJob | null = null;
  #jobDone: PromiseWithResolvers<boolean> | null = null;
  /** What went wrong with the process itself, such as a full disk. */
  #problem: string | null = null;

  constructor(args: string[], env: Readonly<Record<string, string>> = {}) {
    this.#process = new Deno.Command(denoCommand(), {
      args: ["run", ...args],
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#drained = [this.#readMessages(), this.#readErrors()]
      .map((read) => read.catch((error) => this.#fail(messageOf(error))));
    this.#process.status.then((status) => this.#died(status));
  }

  /** Runs one job; true when the process can take another. */
  run(job: RunningJob): Promise<boolean> {
    job.host = this;
    this.#job = job;
    this.#jobDone = Promise.withResolvers<boolean>();
    this.#lastLines.length = 0;
    this.tell({ run: job.of.folder, mark: this.#mark });
    // Should it have died before: #died has been and comes no more.
    if (!this.isAlive) this.#process.status.then((how) => this.#died(how));
    return this.#jobDone.promise;
  }

  tell(command: HostCommand): void {
    const line = new TextEncoder().encode(JSON.stringify(command) + "\n");
    // A broken pipe means the process has died: #died reports it.
    this.#input.write(line).catch(() => {});
  }

  kill(): void {
    this.isAlive = false;
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
      // A stage may have printed a part of a line before.
      const [printed, message] = line.split(this.#mark, 2);
      if (printed !== "" || message === undefined) this.#logLine(printed!);
      if (message !== undefined) this.#heed(JSON.parse(message));
    }
  }

  #heed(message: HostMessage): void {
    if (message.type === "progress") this.#job?.advance(message);
    else if (message.problem !== null) this.#fail(message.problem);
    else this.#finish();
  }

  async #readErrors(): Promise<void> {
    for await (const line of linesOf(this.#process.stderr)) {
      this.#lastLines.push(line);
      if (this.#lastLines.length > LAST_LINES) this.#lastLines.shift();
      this.#logLine(line);
    }
  }

  #logLine(line: string): void {
    if (this.#job === null) return;
    Deno.writeTextFileSync(this.#job.of.log, `${line}\n`, { append: true });
  }

  /** Gives the process up; #died ends its job. */
  #fail(problem: string): void {
    this.#problem ??= problem;
    this.kill();
  }

  #finish(): void {
    if (this.#job === null) return;
    const status = endedOf(this.#job.of);
    // The job ends with the process, as its folder is removed then.
    if (status.state === "ended" && status.exit.ok) this.#endJob(status.exit);
    else this.kill();
  }

  #endJob(exit: Exit): void {
    this.#job?.end(exit);
    this.#job = null;
    this.#jobDone?.resolve(this.isAlive);
  }

  async #died(status: Deno.CommandStatus): Promise<void> {
    this.isAlive = false;
    await Promise.all(this.#drained);
    if (this.#job === null) return;
    // An exit file in place counts for more than how the process went.
    const exit = readExit(this.#job.of.folder, this.#job.of.fingerprint);
    this.#endJob(exit ?? this.#deathBy(status));
  }

  #deathBy(status: Deno.CommandStatus): Exit {
    if (this.#problem !== null) {
      return { ok: false, reason: "threw", message: this.#problem };
    }
    const how = status.signal ?? `exit code ${status.code}`;
    const tail = this.#lastLines.join("\n");
    const message = `The process of the step died (${how})` +
      (tail === "" ? "" : `:\n${tail}`);
    return { ok: false, reason: "died", message };
  }
}
