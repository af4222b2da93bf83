/**
 * Events as lines of JSON, for programs: in the log of a run and, with
 * `--json`, on standard output.
 *
 * @module
 */
import type { RunEvent } from "./event.ts";
import { ProgressThrottle } from "./progress_throttle.ts";

/** An event with its time, ISO 8601 in UTC with milliseconds. */
export type LoggedEvent = RunEvent & { readonly at: string };

const PROGRESS_INTERVAL_MS = 1000;

/** Makes lines of events; progress once a second a step, and at its end. */
export class EventLines {
  readonly #throttle = new ProgressThrottle(PROGRESS_INTERVAL_MS);

  /** The line of an event, with its line feed; null for one to pass over. */
  lineOf(event: RunEvent): string | null {
    if (event.type === "step_progress") {
      const { done, total } = event.progress;
      const isDue = this.#throttle.isDue(event.step);
      if (!isDue && done < total) return null;
    }
    const logged: LoggedEvent = { at: new Date().toISOString(), ...event };
    return JSON.stringify(logged) + "\n";
  }
}
