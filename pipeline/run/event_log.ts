/**
 * The log of a run for programs: `events.jsonl` in its folder, one event a
 * line, of the last run that did something. Each line is in the file when the
 * event has been told, so that whoever follows it sees what happens; one that
 * is killed leaves whole lines, but for the last.
 *
 * @module
 */
import { messageOf } from "../explained_error.ts";
import { isSystemError } from "../system_error.ts";
import { type FileLock, tryLock } from "../store/file_lock.ts";
import type { RunEvent } from "./event.ts";
import { EventLines } from "./event_line.ts";

/** Writes what is told on the way to those who show it. */
export class EventLog implements Disposable {
  readonly #path: string;
  readonly #show: (event: RunEvent) => void;
  readonly #lines = new EventLines();
  /** Lines to be written once something is done. */
  #held: string[] = [];
  #open: OpenLog | null = null;
  #isOver = false;

  /**
   * @param run The run's folder.
   * @param show Told of every event, and of a log that cannot be written.
   */
  constructor(run: string, show: (event: RunEvent) => void) {
    this.#path = `${run}/events.jsonl`;
    this.#show = show;
  }

  /** Shows an event, and notes it. */
  readonly emit = (event: RunEvent): void => {
    this.#show(event);
    if (this.#isOver) return;
    const line = this.#lines.lineOf(event);
    if (line === null) return;
    this.#held.push(line);
    if (this.#open === null && isIdle(event)) return;
    try {
      this.#open ??= openLog(this.#path);
      this.#open.write(this.#held.join(""));
      this.#held = [];
    } catch (error) {
      this.#fail(error);
    }
  };

  /** A run is not worth less because its log has no room. */
  #fail(error: unknown): void {
    if (!isSystemError(error)) throw error;
    this.#isOver = true;
    const message = messageOf(error, this.#path);
    this.#show({ type: "event_log_failed", message });
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#open?.[Symbol.dispose]();
    this.#open = null;
  }
}

/** Whether a run is writing its log at this moment. */
export function isLogBeingWritten(run: string): boolean {
  const path = lockOf(`${run}/events.jsonl`);
  try {
    // Opened to be read alone, for those who may do no more.
    using file = Deno.openSync(path);
    return !file.tryLockSync(false);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function lockOf(path: string): string {
  return `${path}.lock`;
}

/** Told by a run that finds all fresh, which leaves the log as it is. */
function isIdle({ type }: RunEvent): boolean {
  return type === "run_started" || type === "step_fresh" ||
    type === "run_ended";
}

interface OpenLog extends Disposable {
  write(text: string): void;
}

/** Begins the log anew, unless another run of this name is writing it. */
function openLog(path: string): OpenLog {
  let lock: FileLock | null = null;
  let file: Deno.FsFile | null = null;
  try {
    lock = lockSoon(lockOf(path));
    file = Deno.openSync(path, { create: true, append: true });
    if (lock !== null) file.truncateSync(0);
    return logIn(file, { path, lock });
  } catch (error) {
    file?.close();
    lock?.[Symbol.dispose]();
    throw error;
  }
}

/** Those who ask whether a run goes on hold the lock for an instant. */
function lockSoon(path: string): FileLock | null {
  for (let left = 5; left > 0; left--) {
    const lock = tryLock(path);
    if (lock !== null) return lock;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  return null;
}

/** @param held The lock, or null while another run of this name has it. */
function logIn(
  file: Deno.FsFile,
  held: { readonly path: string; readonly lock: FileLock | null },
): OpenLog {
  const encoder = new TextEncoder();
  let { lock } = held;
  return {
    write(text) {
      // When the other run ends, this one still goes on.
      lock ??= tryLock(lockOf(held.path));
      const bytes = encoder.encode(text);
      let written = 0;
      while (written < bytes.length) {
        written += file.writeSync(bytes.subarray(written));
      }
    },
    [Symbol.dispose]() {
      file.close();
      lock?.[Symbol.dispose]();
    },
  };
}
