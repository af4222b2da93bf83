/**
 * How far a run is, by its log as that grows; see pipeline/run/event_log.ts.
 *
 * @module
 */
import { EventLogReader } from "../run/event_log_reader.ts";
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
