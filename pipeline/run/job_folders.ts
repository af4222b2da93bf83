/**
 * Folders for jobs, used again one job after another.
 *
 *   work/RUNNER/lock     held while the runner lives
 *   work/RUNNER/N/       one folder for each job that runs at a time
 *   work/new-RUNNER/     not locked yet
 *
 * They are emptied by renaming and overwriting, not by removing: a file system
 * that keeps making and removing files grows slower with each (ext4 passes over
 * all inodes freed in the last half minute), and a workflow of ten thousand
 * small steps would feel it.
 *
 * @module
 */
import { removeIfThere, temporaryName } from "../store/durable_file.ts";
import { type FileLock, tryLock } from "../store/file_lock.ts";
import type { Store } from "../store/store.ts";
import type { Isolation } from "../stage.ts";
import { clearExit } from "./job.ts";

/** What names of folders start with that are not locked yet. */
export const NEW = "new-";

/** The job folders of one runner; there are none until one is asked for. */
export class JobFolders implements Disposable {
  readonly #store: Store;
  readonly #free: string[] = [];
  #root: string | null = null;
  #lock: FileLock | null = null;
  #count = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** A folder for a job; isolated ones hold links and are not used again. */
  take(isolation: Isolation): string {
    const used = isolation === "pool" ? this.#free.pop() : undefined;
    if (used !== undefined) return used;
    this.#root ??= this.#makeRoot();
    const folder = `${this.#root}/${this.#count++}`;
    Deno.mkdirSync(folder);
    return folder;
  }

  /** Takes back the folder of a job that has ended well. */
  giveBack(folder: string, isolation: Isolation): void {
    const isOurs = this.#root !== null && folder.startsWith(`${this.#root}/`);
    if (isolation === "pool" && isOurs) {
      clearExit(folder);
      this.#free.push(folder);
    } else removeIfThere(folder);
  }

  /** The lock is held before others see the name, so none takes it for dead. */
  #makeRoot(): string {
    const name = temporaryName();
    const aside = this.#store.folder("work", `${NEW}${name}`);
    this.#lock = tryLock(`${aside}/lock`);
    const root = `${this.#store.root}/work/${name}`;
    Deno.renameSync(aside, root);
    return root;
  }

  [Symbol.dispose](): void {
    if (this.#root !== null) removeIfThere(this.#root);
    this.#lock?.[Symbol.dispose]();
  }
}
