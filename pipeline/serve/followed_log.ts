/**
 * The log of a run, `events.jsonl` in its folder, as it grows: the contract is
 * pipeline/run/event_log.ts. It is only read, and may begin anew.
 *
 * @module
 */
import type { LoggedEvent } from "../run/event_line.ts";
import { isSystemError } from "../system_error.ts";
import {
  NO_PROGRESS,
  progressAfter,
  type RunProgress,
} from "./run_progress.ts";

/** A log that does not stop growing is not read to its end at once. */
const CHUNK_BYTES = 1 << 20;

/** Reads what a run has told since the last look. */
export class FollowedLog {
  readonly #path: string;
  #read = 0;
  #inode: number | null = null;
  /** Bytes of a line whose end is not there yet. */
  #begun: Uint8Array = new Uint8Array(0);
  #progress: RunProgress = NO_PROGRESS;

  /** @param run Folder of the run. */
  constructor(run: string) {
    this.#path = `${run}/events.jsonl`;
  }

  /** How far the run is now. */
  look(): RunProgress {
    const info = statOrNull(this.#path);
    if (info === null) return this.#progress;
    if (info.size < this.#read || info.ino !== this.#inode) this.#beginAnew();
    this.#inode = info.ino;
    while (this.#read < info.size) {
      const chunk = readFrom(this.#path, this.#read);
      if (chunk.length === 0) break;
      this.#read += chunk.length;
      this.#take(chunk);
    }
    return this.#progress;
  }

  #beginAnew(): void {
    this.#read = 0;
    this.#begun = new Uint8Array(0);
    this.#progress = NO_PROGRESS;
  }

  #take(chunk: Uint8Array): void {
    const bytes = new Uint8Array(this.#begun.length + chunk.length);
    bytes.set(this.#begun);
    bytes.set(chunk, this.#begun.length);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    this.#begun = bytes.slice(end);
    const lines = new TextDecoder().decode(bytes.subarray(0, end)).split("\n");
    for (const line of lines) {
      const event = eventIn(line);
      if (event === null) continue;
      this.#progress = progressAfter(this.#progress, event);
    }
  }
}

const LINE_FEED = 10;

function readFrom(path: string, start: number): Uint8Array {
  using file = Deno.openSync(path);
  file.seekSync(start, Deno.SeekMode.Start);
  const buffer = new Uint8Array(CHUNK_BYTES);
  return buffer.slice(0, file.readSync(buffer) ?? 0);
}

/** A line that a kill cut short, or that is none of ours, tells nothing. */
function eventIn(line: string): LoggedEvent | null {
  if (line === "") return null;
  try {
    const event = JSON.parse(line) as LoggedEvent | null;
    const isEvent = typeof event?.at === "string" &&
      typeof event.type === "string";
    return isEvent ? event : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Whether a run holds the lock of its log: it goes on at this moment. */
export function isGoingOn(run: string): boolean {
  const path = `${run}/events.jsonl.lock`;
  if (statOrNull(path) === null) return false;
  // As isLogBeingWritten does, for those who may only read.
  using file = Deno.openSync(path);
  return !file.tryLockSync(false);
}

/** Of the log's end, which holds its last whole line. */
const TAIL_BYTES = 1 << 16;

/** The last event of a run's log; null when it has none, or cannot be read. */
export function lastEvent(run: string): LoggedEvent | null {
  const path = `${run}/events.jsonl`;
  try {
    const { size } = Deno.statSync(path);
    const tail = readFrom(path, Math.max(0, size - TAIL_BYTES));
    const lines = new TextDecoder().decode(tail).split("\n");
    return lines.map(eventIn).findLast((event) => event !== null) ?? null;
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

function statOrNull(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
