/**
 * How far a run is, by its log as that grows; see pipeline/run/event_log.ts.
 *
 * @module
 */
import type { LoggedEvent } from "../run/event_line.ts";
import { eventIn, EventLogReader } from "../run/event_log_reader.ts";
import { isSystemError } from "../system_error.ts";
import {
  NO_PROGRESS,
  progressAfter,
  type RunProgress,
} from "./run_progress.ts";

/** Reads what a run has told since the last look. */
export class FollowedLog {
  readonly #reader: EventLogReader;
  #progress: RunProgress = NO_PROGRESS;

  /** @param run Folder of the run. */
  constructor(run: string) {
    this.#reader = new EventLogReader(run);
  }

  /** How far the run is now. */
  look(): RunProgress {
    const { isAnew, events } = this.#reader.read();
    const before = isAnew ? NO_PROGRESS : this.#progress;
    this.#progress = events.reduce(progressAfter, before);
    return this.#progress;
  }
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

function readFrom(path: string, start: number): Uint8Array {
  using file = Deno.openSync(path);
  file.seekSync(start, Deno.SeekMode.Start);
  const buffer = new Uint8Array(TAIL_BYTES);
  return buffer.slice(0, file.readSync(buffer) ?? 0);
}
