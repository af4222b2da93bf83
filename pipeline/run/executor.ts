/**
 * Who runs jobs: the runner hands a job's folder to an executor and asks how
 * it is. The truth about an end is the job's exit file, never a process table,
 * so an executor may live on another machine that sees the same files.
 *
 * @module
 */
import type { Exit } from "./job.ts";
import type { Isolation, ProgressDetail } from "../stage.ts";
import type { Resources } from "../workflow/workflow.ts";

/** A job to be run: its folder holds `job.json`. */
export interface Submission {
  /** Unique among all runs; a cluster shows it as the job's name. */
  readonly name: string;
  readonly folder: string;
  /** Of the result that it is to make. */
  readonly fingerprint: string;
  /** File for what the job says. */
  readonly log: string;
  readonly module: string;
  readonly isolation: Isolation;
  readonly resources: Resources;
  /** What an isolated process may read, beside the job's own folder. */
  readonly readable: readonly string[];
  /** What an isolated process may write, beside the job's own folder. */
  readonly writable: readonly string[];
}

/** A submitted job. */
export interface JobHandle {
  readonly folder: string;
  readonly fingerprint: string;
}

/** How far a job is. */
export interface Progress extends ProgressDetail {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
}

/** News of a job. */
export type JobStatus =
  | { readonly state: "running"; readonly progress: Progress | null }
  | { readonly state: "ended"; readonly exit: Exit };

/** Runs jobs somewhere. */
export interface Executor {
  readonly name: string;
  /** Starts a job. */
  submit(job: Submission): Promise<JobHandle>;
  /**
   * Finds a job that an earlier runner submitted, running or ended well; null
   * when nothing will come of it.
   */
  attach(folder: string, fingerprint: string): Promise<JobHandle | null>;
  /** Waits for the next news of a job. */
  poll(job: JobHandle): Promise<JobStatus>;
  /** Asks a job to stop at its next checkpoint, or ends it at once. */
  cancel(job: JobHandle, how: "stop" | "kill"): Promise<void>;
  /** Ends whatever still runs. */
  close(): Promise<void>;
}
