/**
 * Shows what happens in a run: the only place that prints while one goes on.
 *
 * @module
 */
import type { RunEvent } from "../run/event.ts";
import { describeEvent } from "./describe_event.ts";

/** Takes events; disposed at the end of the run. */
export interface Reporter extends Disposable {
  readonly report: (event: RunEvent) => void;
}

/** A reporter for the options of a command and the kind of output. */
export async function makeReporter(
  options: { readonly json?: boolean; readonly quiet?: boolean },
): Promise<Reporter> {
  if (options.json) return jsonReporter();
  const isLive = Deno.stdout.isTerminal() && !options.quiet;
  return isLive ? await liveReporter() : plainReporter(options.quiet ?? false);
}

/** Each event as a line of JSON. */
function jsonReporter(): Reporter {
  return {
    report: (event) => console.log(JSON.stringify(event)),
    [Symbol.dispose]: () => {},
  };
}

/** A line of progress in a log file every so often. */
const PLAIN_INTERVAL_MS = 5000;

/** Lines for logs and pipes. */
function plainReporter(isQuiet: boolean): Reporter {
  const lastMs = new Map<string, number>();
  return {
    report(event) {
      if (isQuiet && !isLoud(event)) return;
      if (event.type === "step_progress") {
        const nowMs = performance.now();
        const last = lastMs.get(event.step) ?? 0;
        if (nowMs - last < PLAIN_INTERVAL_MS) return;
        lastMs.set(event.step, nowMs);
      }
      const text = describeEvent(event, false);
      if (text !== null) console.log(text);
    },
    [Symbol.dispose]: () => {},
  };
}

function isLoud(event: RunEvent): boolean {
  return event.type === "step_failed" || event.type === "run_ended" ||
    event.type === "step_not_deterministic" || event.type === "damage_found";
}

/** Lines that stay above lines that show what is running now. */
async function liveReporter(): Promise<Reporter> {
  const { StatusLines } = await import("./status_lines.ts");
  const status = new StatusLines();
  return {
    report(event) {
      const text = event.type === "step_progress"
        ? null
        : describeEvent(event, true);
      if (text !== null) status.print(text);
      status.update(event);
    },
    [Symbol.dispose]: () => status.end(),
  };
}
