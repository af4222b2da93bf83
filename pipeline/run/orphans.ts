/**
 * Jobs whose runners died: what they finished is not done again, what they did
 * not finish is cleared away.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { digestOfFile } from "../store/digest.ts";
import { removeIfThere } from "../store/durable_file.ts";
import { type FileLock, tryLock } from "../store/file_lock.ts";
import type { Fingerprint } from "../store/fingerprint.ts";
import { namesIn, type Store } from "../store/store.ts";
import type { Executor, JobHandle } from "./executor.ts";
import { NEW } from "./job_folders.ts";
import { type Exit, jobFiles, type JobOutput, readJob } from "./job.ts";

/** The folder of a dead runner, which is locked so that no other looks at it. */
interface DeadRunner {
  readonly folder: string;
  readonly lock: FileLock;
}

/** Jobs left behind in a store. */
export class Orphans implements Disposable {
  readonly #runners: DeadRunner[] = [];
  readonly #jobs = new Map<string, JobHandle[]>();

  /** Finds them; those of which the executor knows nothing are removed. */
  static async find(store: Store, executor: Executor): Promise<Orphans> {
    const orphans = new Orphans();
    const work = store.folder("work");
    for (const name of namesIn(work)) {
      if (name.startsWith(NEW)) continue;
      const folder = `${work}/${name}`;
      const lock = tryLockIn(folder);
      if (lock === null) continue;
      orphans.#runners.push({ folder, lock });
      for (const job of jobFoldersIn(folder)) {
        await orphans.#sort(job, { store, executor });
      }
    }
    return orphans;
  }

  async #sort(
    folder: string,
    { store, executor }: { store: Store; executor: Executor },
  ): Promise<void> {
    const fingerprint = fingerprintIn(folder);
    // A result that was acknowledged before its runner died needs no job.
    const isWanted = fingerprint !== null &&
      store.readResult(fingerprint) === null;
    const job = isWanted ? await executor.attach(folder, fingerprint) : null;
    if (job === null) return removeIfThere(folder);
    const jobs = this.#jobs.get(job.fingerprint);
    if (jobs === undefined) this.#jobs.set(job.fingerprint, [job]);
    else jobs.push(job);
  }

  /** A job for this result, to be followed and removed by who takes it. */
  take(fingerprint: Fingerprint): JobHandle | undefined {
    return this.#jobs.get(fingerprint)?.pop();
  }

  /** Removes the folders of runners that hold no job any more. */
  [Symbol.dispose](): void {
    for (const { folder, lock } of this.#runners) {
      if (jobFoldersIn(folder).length === 0) removeIfThere(folder);
      lock[Symbol.dispose]();
    }
  }
}

/** Null when the runner lives, or has just cleaned up. */
function tryLockIn(folder: string): FileLock | null {
  return existsSync(`${folder}/lock`) ? tryLock(`${folder}/lock`) : null;
}

function jobFoldersIn(runner: string): string[] {
  return namesIn(runner).filter((name) => name !== "lock")
    .map((name) => `${runner}/${name}`);
}

/** Null for what is no job, or one that was not yet described in full. */
function fingerprintIn(folder: string): Fingerprint | null {
  if (!existsSync(jobFiles(folder).job)) return null;
  try {
    return readJob(folder).fingerprint as Fingerprint;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Whether the outputs of a job are there, byte for byte as it says. */
export function areOutputsWhole(
  folder: string,
  exit: Exit & { ok: true },
): boolean {
  return Object.entries(exit.outputs).every(([name, output]) =>
    filesOf(jobFiles(folder).out(name), output).every(([path, digest]) =>
      existsSync(path) && digestOfFile(path) === digest
    )
  );
}

function filesOf(path: string, output: JobOutput): [string, string][] {
  if (output.form === "file") return [[path, output.digest]];
  return output.entries.map((entry) => [`${path}/${entry.path}`, entry.digest]);
}
