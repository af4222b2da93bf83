/**
 * A job: one run of a stage, described by files, so that whoever can see them
 * can run it: a worker process here, a node of a cluster elsewhere.
 *
 *   job.json      what to do, written by the runner
 *   out.NAME      outputs, flushed and sealed, written by the stage
 *   exit.json     how it ended, renamed into place: the only truth about it
 *
 * @module
 */
import { existsSync } from "node:fs";
import { readTextIfThere } from "../store/durable_file.ts";
import type { Tree } from "../store/tree.ts";

/** Where a job finds one content. */
export type JobInput =
  | { readonly form: "file"; readonly path: string; readonly digest: string }
  | {
    readonly form: "tree";
    /** File with the tree's list. */
    readonly list: string;
    /** Folder in which each path lies; null: each digest in the store. */
    readonly root: string | null;
  };

/** An input of a job: one, none, or a list with the steps it came from. */
export type JobInputs = Readonly<
  Record<
    string,
    | JobInput
    | null
    | readonly { readonly step: string; readonly at: JobInput }[]
  >
>;

/** What to run; paths are absolute. */
export interface Job {
  readonly schema: 1;
  /** Of the result that the job is to make. */
  readonly fingerprint: string;
  /** For messages: the step, and the shard. */
  readonly name: string;
  readonly stage: string;
  /** URL of the module that exports the stage. */
  readonly module: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Cores it may keep busy; its results do not depend on them. */
  readonly cpus: number;
  readonly inputs: JobInputs;
  /** Where the objects of the store lie. */
  readonly objects: string;
  /** Survives the job; locked while a process works in it. */
  readonly scratch: string;
  /** File for what the stage says; made when it says something. */
  readonly log: string;
}

/** One output of a job: a file, or the files of a folder. */
export type JobOutput =
  | {
    readonly form: "file";
    readonly digest: string;
    readonly sizeBytes: number;
  }
  | { readonly form: "tree"; readonly entries: Tree };

/** How a job ended. */
export type Exit =
  | {
    readonly ok: true;
    readonly outputs: Readonly<Record<string, JobOutput>>;
    readonly metrics: Readonly<Record<string, number>>;
    readonly seconds: number;
    readonly peakMemoryBytes: number;
  }
  | {
    readonly ok: false;
    readonly reason: "threw" | "died" | "timedOut" | "cancelled";
    readonly message: string;
  }
  | {
    readonly ok: false;
    /** An input's bytes did not fit their digest. */
    readonly reason: "inputDamaged";
    readonly message: string;
    readonly digest: string;
  };

/** The files of a job in its folder. */
export function jobFiles(folder: string) {
  return {
    job: `${folder}/job.json`,
    exit: `${folder}/exit.json`,
    spare: `${folder}/exit.spare`,
    out: (output: string) => `${folder}/out.${output}`,
  };
}

/** Reads a job's description. */
export function readJob(folder: string): Job {
  return JSON.parse(Deno.readTextFileSync(jobFiles(folder).job));
}

/** Says how a job ended, once and whole. */
export function writeExit(folder: string, fingerprint: string, exit: Exit) {
  const { spare, exit: path } = jobFiles(folder);
  Deno.writeTextFileSync(spare, JSON.stringify({ fingerprint, exit }));
  Deno.renameSync(spare, path);
}

/** Makes a job's folder ready for another job. */
export function clearExit(folder: string): void {
  const { spare, exit } = jobFiles(folder);
  if (existsSync(exit)) Deno.renameSync(exit, spare);
}

/**
 * How the job for a result ended, or null while it has not. Folders are used
 * again, so the end of another job is none.
 */
export function readExit(folder: string, fingerprint: string): Exit | null {
  const text = readTextIfThere(jobFiles(folder).exit);
  return text === null ? null : parseExit(text, fingerprint);
}

/** A loss of power may cut the file short: then the job has not ended. */
function parseExit(text: string, fingerprint: string): Exit | null {
  try {
    const said = JSON.parse(text);
    return said.fingerprint === fingerprint ? said.exit : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
