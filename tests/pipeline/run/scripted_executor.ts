/**
 * An executor that computes in this process and notes what it was given: for
 * tests of the runner with many steps.
 *
 * @module
 */
import type {
  Executor,
  JobHandle,
  JobStatus,
  Submission,
} from "../../../pipeline/run/executor.ts";
import { readExit, readJob } from "../../../pipeline/run/job.ts";
import { runJob } from "../../../pipeline/run/run_job.ts";
import type { Stage } from "../../../pipeline/stage.ts";

/** Runs jobs of some stages one after the other, in no time. */
export class ScriptedExecutor implements Executor {
  readonly name = "scripted";
  /** Names of the jobs, in the order in which they began. */
  readonly ran: string[] = [];
  readonly #stages: ReadonlyMap<string, Stage>;
  /** Folders in which `attach` looked for a job. */
  readonly attached: string[] = [];

  constructor(stages: readonly Stage[]) {
    this.#stages = new Map(stages.map((stage) => [stage.name, stage]));
  }

  async submit(job: Submission): Promise<JobHandle> {
    this.ran.push(job.name);
    const described = readJob(job.folder);
    const stage = this.#stages.get(described.stage)!;
    await runJob(job.folder, described, stage, {
      log: () => {},
      progress: () => {},
      signal: new AbortController().signal,
    });
    return job;
  }

  attach(folder: string, fingerprint: string): Promise<JobHandle | null> {
    this.attached.push(folder);
    const isThere = readExit(folder, fingerprint)?.ok ?? false;
    return Promise.resolve(isThere ? { folder, fingerprint } : null);
  }

  poll({ folder, fingerprint }: JobHandle): Promise<JobStatus> {
    const exit = readExit(folder, fingerprint)!;
    return Promise.resolve({ state: "ended", exit });
  }

  cancel(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
