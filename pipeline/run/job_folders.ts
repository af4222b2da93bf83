/**
 * Folders for jobs, used again one job after another.
 *
 *   work/RUNNER/lock     held while the runner lives
 *   work/RUNNER/N/       one folder for each job that runs at a time
 *
 * They are emptied by renaming and overwriting, not by removing: a file system
 * that keeps making and removing files grows slower with each (ext4 passes over
 * all inodes freed in the last half minute), and a workflow of ten thousand
 * small steps would feel it.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { removeIfThere, temporaryName } from "../store/durable_file.ts";
import { type FileLock, tryLock } from "../store/file_lock.ts";
import type { Fingerprint } from "../store/fingerprint.ts";
import { clearExit, jobFiles, readJob } from "./job.ts";
import type { Isolation } from "../stage.ts";
import { namesIn, type Store } from "../store/store.ts";

/** The job folders of one runner. */
export class JobFolders implements Disposable {
  readonly #root: string;
  readonly #lock: FileLock;
  readonly #free: string[] = [];
  readonly #orphans: Map<string, string[]>;
  readonly #orphanLocks: FileLock[] = [];
  #count = 0;

  constructor(store: Store) {
    const work = store.folder("work");
    this.#orphans = this.#findOrphans(work);
    this.#root = `${work}/${temporaryName()}`;
    Deno.mkdirSync(this.#root);
    this.#lock = tryLock(`${this.#root}/lock`)!;
  }

  /** A folder for a job; isolated ones hold links and are not used again. */
  take(isolation: Isolation): string {
    const used = isolation === "pool" ? this.#free.pop() : undefined;
    if (used !== undefined) return used;
    const folder = `${this.#root}/${this.#count++}`;
    Deno.mkdirSync(folder);
    return folder;
  }

  /** Takes back the folder of a job that has ended. */
  giveBack(folder: string, isolation: Isolation): void {
    if (isolation === "pool" && folder.startsWith(this.#root)) {
      clearExit(folder);
      this.#free.push(folder);
    } else removeIfThere(folder);
  }

  /** Folders of jobs for this result whose runners died; each is given once. */
  orphansOf(fingerprint: Fingerprint): string[] {
    return this.#orphans.get(fingerprint)?.splice(0) ?? [];
  }

  [Symbol.dispose](): void {
    for (const lock of this.#orphanLocks) lock[Symbol.dispose]();
    removeIfThere(this.#root);
    this.#lock[Symbol.dispose]();
  }

  #findOrphans(work: string): Map<string, string[]> {
    const orphans: { fingerprint: string; folder: string }[] = [];
    for (const runner of namesIn(work)) {
      const lock = tryLockIn(`${work}/${runner}`);
      if (lock === null) continue;
      this.#orphanLocks.push(lock);
      for (const name of namesIn(`${work}/${runner}`)) {
        const folder = `${work}/${runner}/${name}`;
        const fingerprint = fingerprintIn(folder);
        if (fingerprint !== null) orphans.push({ fingerprint, folder });
      }
    }
    const byResult = Map.groupBy(orphans, ({ fingerprint }) => fingerprint);
    return new Map(
      [...byResult].map((
        [fingerprint, jobs],
      ) => [fingerprint, jobs.map(({ folder }) => folder)]),
    );
  }
}

/** Null when the runner lives, or has just cleaned up. */
function tryLockIn(folder: string): FileLock | null {
  return existsSync(`${folder}/lock`) ? tryLock(`${folder}/lock`) : null;
}

/** Null for what is no job, or one that was not yet described in full. */
function fingerprintIn(folder: string): string | null {
  if (!existsSync(jobFiles(folder).job)) return null;
  try {
    return readJob(folder).fingerprint;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
