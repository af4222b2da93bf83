/**
 * Runs one unit of work: locks its result, shares it with other runs, retries,
 * keeps its time limit, and takes its outputs into the store.
 *
 * @module
 */
import { removeIfThere } from "../store/durable_file.ts";
import { isSame } from "./active_step.ts";
import { commit } from "./commit_result.ts";
import { prepareJob } from "./prepare_job.ts";
import type { RunEvent } from "./event.ts";
import type { Executor, JobHandle, Progress } from "./executor.ts";
import { type FileLock, tryLock, waitForLock } from "../store/file_lock.ts";
import type { Fingerprint, ResultRecord } from "../store/fingerprint.ts";
import type { Exit } from "./job.ts";
import { JobFolders } from "./job_folders.ts";
import { areOutputsWhole, type Orphans } from "./orphans.ts";
import type { ResourcePool } from "./resource_pool.ts";
import type { Store } from "../store/store.ts";
import type { WorkUnit } from "./work_unit.ts";

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

/** An attempt that ended badly, to be shown with its step. */
export class UnitFailure extends Error {
  constructor(readonly exit: Exit & { ok: false }) {
    super(exit.message);
  }
}

/** What a unit runner works with. */
export interface UnitRunnerOptions {
  readonly store: Store;
  readonly executor: Executor;
  readonly pool: ResourcePool;
  /** What earlier runners left. */
  readonly orphans: Orphans;
  readonly forced: ReadonlySet<string>;
  readonly stop: AbortSignal;
  readonly emit: (event: RunEvent) => void;
  /** The store's result for a fingerprint, if it is whole. */
  readonly seen: (fingerprint: Fingerprint) => ResultRecord | null;
  /** Resolves when resources may have become free. */
  readonly roused: () => Promise<void>;
  readonly rouse: () => void;
}

/** Where a unit says how it goes. */
export interface UnitReport {
  /** File for what its stage says. */
  readonly log: string;
  readonly advanced: (progress: Progress) => void;
  /** What it computes with is free, though its result is not yet on disk. */
  readonly computed: () => void;
}

/** Runs units; their resources are taken by the caller. */
export class UnitRunner implements Disposable {
  readonly #options: UnitRunnerOptions;
  readonly #jobs = new Set<JobHandle>();
  readonly #folders: JobFolders;
  /** Steps of this run by what they hold the lock of. */
  readonly #making = new Map<Fingerprint, string>();

  constructor(options: UnitRunnerOptions) {
    this.#options = options;
    this.#folders = new JobFolders(options.store);
  }

  /** The unit's result: another run's, or made here. Resources are held. */
  async run(unit: WorkUnit, report: UnitReport): Promise<ResultRecord> {
    using _lock = await this.#lock(unit);
    const isForced = this.#options.forced.has(unit.step.id);
    const seen = this.#options.seen(unit.fingerprint);
    if (seen !== null && !isForced) return seen;
    const record = await this.#compute(unit, report);
    const isOther = seen !== null && !isSame(seen.outputs, record.outputs);
    if (isOther && unit.shard === null) {
      const { id } = unit.step;
      this.#options.emit({ type: "step_not_deterministic", step: id });
    }
    return record;
  }

  async #lock(unit: WorkUnit): Promise<Disposable> {
    const { store, pool, stop, emit } = this.#options;
    const path = `${store.folder("locks")}/${unit.fingerprint}`;
    const lock = tryLock(path);
    if (lock !== null) return this.#held(unit, lock);
    // Others may use the cores meanwhile; they are taken again afterwards.
    const twin = this.#making.get(unit.fingerprint) ?? null;
    emit({ type: "step_waiting", step: unit.step.id, twin });
    const { resources } = unit.step;
    pool.giveBack(resources);
    this.#options.rouse();
    try {
      return this.#held(unit, await waitForLock(path, { signal: stop }));
    } finally {
      while (!pool.tryTake(resources)) await this.#options.roused();
    }
  }

  /** Notes who holds a lock, for as long as it is held. */
  #held({ fingerprint, step }: WorkUnit, lock: FileLock): Disposable {
    this.#making.set(fingerprint, step.id);
    return {
      [Symbol.dispose]: () => {
        this.#making.delete(fingerprint);
        lock[Symbol.dispose]();
      },
    };
  }

  async #compute(unit: WorkUnit, report: UnitReport): Promise<ResultRecord> {
    const { store, emit, stop } = this.#options;
    removeIfThere(report.log);
    for (let attempt = 0;; attempt++) {
      const ended = await this.#adoptable(unit.fingerprint) ??
        await this.#runJob(unit, report);
      if (ended.exit.ok) {
        report.computed();
        const record = await commit(unit, ended.exit, ended.folder, store);
        this.#folders.giveBack(ended.folder, unit.step.isolation);
        removeScratch(unit, store);
        return record;
      }
      const { message } = ended.exit;
      // Not used again, as nobody knows what a failed job left in it.
      removeIfThere(ended.folder);
      const isFinal = attempt >= unit.step.retries || stop.aborted ||
        ended.exit.reason === "inputDamaged";
      if (isFinal) throw new UnitFailure(ended.exit);
      const waitMs = Math.min(FIRST_RETRY_MS * 2 ** attempt, LONGEST_RETRY_MS);
      const step = unit.step.id;
      emit({
        type: "step_retried",
        step,
        attempt: attempt + 1,
        waitMs,
        message,
      });
      await pause(waitMs, stop);
    }
  }

  /** A job that ended well though its runner died before it took it over. */
  async #adoptable(
    fingerprint: Fingerprint,
  ): Promise<{ exit: Exit; folder: string } | null> {
    const { orphans } = this.#options;
    for (
      let job = orphans.take(fingerprint);
      job !== undefined;
      job = orphans.take(fingerprint)
    ) {
      const exit = await this.#follow(job, null, null);
      const { folder } = job;
      if (exit.ok && areOutputsWhole(folder, exit)) return { exit, folder };
      removeIfThere(folder);
    }
    return null;
  }

  async #runJob(
    unit: WorkUnit,
    report: UnitReport,
  ): Promise<{ exit: Exit; folder: string }> {
    const { store, executor, pool } = this.#options;
    const folder = this.#folders.take(unit.step.isolation);
    const submission = prepareJob(unit, store, {
      folder,
      log: report.log,
      cpus: pool.cpusOf(unit.step.resources),
    });
    const job = await executor.submit(submission);
    const exit = await this.#follow(job, unit.step.timeoutMs, report);
    return { exit, folder };
  }

  /** Waits for a job's end; the time limit is kept here, for any executor. */
  async #follow(
    job: JobHandle,
    timeoutMs: number | null,
    report: UnitReport | null,
  ): Promise<Exit> {
    const { executor } = this.#options;
    let isLate = false;
    const timer = timeoutMs === null ? null : setTimeout(() => {
      isLate = true;
      executor.cancel(job, "kill");
    }, timeoutMs);
    this.#jobs.add(job);
    try {
      for (;;) {
        const status = await executor.poll(job);
        if (status.state === "ended") {
          return isLate && !status.exit.ok ? timedOut(timeoutMs!) : status.exit;
        }
        if (status.progress !== null) report?.advanced(status.progress);
      }
    } finally {
      this.#jobs.delete(job);
      if (timer !== null) clearTimeout(timer);
    }
  }

  [Symbol.dispose](): void {
    this.#folders[Symbol.dispose]();
  }

  /** Asks all running jobs to stop, or ends them; how many there are. */
  cancelAll(how: "stop" | "kill"): number {
    for (const job of this.#jobs) this.#options.executor.cancel(job, how);
    return this.#jobs.size;
  }
}

function timedOut(timeoutMs: number): Exit {
  const message = `The step took longer than its timeout of ` +
    `${timeoutMs / 1000} s and was ended`;
  return { ok: false, reason: "timedOut", message };
}

function removeScratch(unit: WorkUnit, store: Store): void {
  removeIfThere(`${store.root}/scratch/${unit.fingerprint}`);
  removeIfThere(`${store.root}/scratch/${unit.fingerprint}.lock`);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const wake = () => resolve();
  signal.addEventListener("abort", wake);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", wake);
}
