/**
 * Shows what happens in a run: the only place that prints while one goes on.
 *
 * @module
 */
import type { RunEvent } from "../run/event.ts";
import { EventLines } from "../run/event_line.ts";
import { ProgressThrottle } from "../run/progress_throttle.ts";
import { describeEvent } from "./describe_event.ts";

/** Takes events; disposed at the end of the run. */
export interface Reporter extends Disposable {
  readonly report: (event: RunEvent) => void;
}

/** A reporter for the options of a command and the kind of output. */
export async function makeReporter(
  options: { readonly json?: boolean; readonly quiet?: boolean },
): Promise<Reporter> {
  if (options.json) return jsonReporter(console.log);
  if (options.quiet) return quietReporter(console.log);
  return Deno.stdout.isTerminal()
    ? await liveReporter()
    : plainReporter(console.log);
}

type Print = (text: string) => void;

/** Each event as a line of JSON, as in the run's log. */
export function jsonReporter(print: Print): Reporter {
  const lines = new EventLines();
  return reporter((event) => {
    const line = lines.lineOf(event);
    if (line !== null) print(line.trimEnd());
  });
}

/** What goes wrong, and the end. */
export function quietReporter(print: Print): Reporter {
  return reporter((event) => {
    const text = isLoud(event) ? describeEvent(event, false) : null;
    if (text !== null) print(text);
  });
}

function isLoud({ type }: RunEvent): boolean {
  return type === "step_failed" || type === "run_ended" ||
    type === "step_not_deterministic" || type === "damage_found" ||
    type === "event_log_failed";
}

/** A line of progress in a log file every so often. */
const PLAIN_INTERVAL_MS = 5000;

/** Lines for logs and pipes. */
export function plainReporter(print: Print, nowMs?: () => number): Reporter {
  const throttle = new ProgressThrottle(PLAIN_INTERVAL_MS, nowMs);
  return reporter((event) => {
    if (event.type === "step_started") throttle.told(event.step);
    const isTooSoon = event.type === "step_progress" &&
      !throttle.isDue(event.step);
    const text = isTooSoon ? null : describeEvent(event, false);
    if (text !== null) print(text);
  });
}

function reporter(report: (event: RunEvent) => void): Reporter {
  return { report, [Symbol.dispose]: () => {} };
}

/** Lines that stay above lines that show what is running now. */
async function liveReporter(): Promise<Reporter> {
  const { StatusLines } = await import("./status_lines.ts");
  const status = new StatusLines();
  return {
    report(event) {
      const text = event.type === "step_progress"
        ? null
        : describeEvent(event, !Deno.noColor);
      if (text !== null) status.print(text);
      status.update(event);
    },
    [Symbol.dispose]: () => status.end(),
  };
}
