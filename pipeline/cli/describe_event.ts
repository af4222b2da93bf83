/**
 * What happens in a run, in words.
 *
 * @module
 */
import { styleText } from "node:util";
import type { RunEvent } from "../run/event.ts";
import { describeReasons, type Reason } from "../plan/staleness.ts";
import { progressLine } from "./progress_line.ts";
import { formatBytes, formatSeconds } from "./units_of_measure.ts";

/** An event as a person reads it; null for what needs no line. */
export function describeEvent(
  event: RunEvent,
  isColoured: boolean,
): string | null {
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    // Asked itself, it finds no TERM where Deno hides the environment.
    isColoured ? styleText(format, text, { validateStream: false }) : text;
  switch (event.type) {
    case "run_started":
    case "step_fresh":
      return null;
    case "step_restored":
      return `${paint("cyan", "restored")}  ${event.step}` +
        because(event.reasons);
    case "step_started":
      return `${paint("yellow", "running")}   ${event.step}` +
        (event.shards > 1 ? ` in ${event.shards} shards` : "") +
        because(event.reasons);
    case "step_progress":
      return `          ${progressLine(event)}`;
    case "step_waiting":
      return `waiting   ${event.step}: ` +
        (event.twin === null
          ? "another run is making it"
          : `${event.twin}, which does the same, is making it`);
    case "step_retried":
      return `${paint("yellow", "retrying")}  ${event.step}: attempt ` +
        `${event.attempt} failed; next in ${
          formatSeconds(event.waitMs / 1000)
        }` +
        `\n${indent(event.message)}`;
    case "step_ended":
      return `${paint("green", "done")}      ${event.step}  ` +
        `${formatSeconds(event.seconds)}, ` +
        formatBytes(event.peakMemoryBytes) +
        (event.unchanged ? ", same bytes as before" : "");
    case "step_not_deterministic":
      return `${paint("yellow", "warning")}   ${event.step} gave other bytes ` +
        `for the same inputs: it is not deterministic`;
    case "step_failed":
      return failureText(event, paint("red", "failed"));
    case "step_skipped":
      return `skipped   ${event.step}: it needs ${event.because}`;
    case "damage_found":
      return `${paint("yellow", "damaged")}   object ` +
        `${event.digest.slice(0, 12)}: what needs it is made again`;
    case "event_log_failed":
      return `${paint("yellow", "warning")}   the run goes on without ` +
        `events.jsonl: ${event.message}`;
    case "run_stopping":
      return event.running === 1
        ? "stopping: waiting for 1 running job to stop; Ctrl-C again ends it " +
          "at once"
        : `stopping: waiting for ${event.running} running jobs to stop; ` +
          `Ctrl-C again ends them at once`;
    case "run_ended":
      return endText(event);
  }
}

function because(reasons: readonly Reason[]): string {
  return reasons.length === 0 ? "" : `: ${describeReasons(reasons)}`;
}

function failureText(
  event: RunEvent & { readonly type: "step_failed" },
  head: string,
): string {
  const lines = [`${head}    ${event.step}`, indent(event.message)];
  const tail = untold(event.logTail, event.message);
  if (tail.length > 0) {
    lines.push(`  last lines of ${event.log}:`, indent(tail.join("\n")));
  }
  return lines.join("\n");
}

/** Lines of a log that are not in the message, nor only lead to such as are. */
function untold(lines: readonly string[], message: string): string[] {
  const told = new Set(message.split("\n"));
  const isTold = (line: string | undefined) =>
    line !== undefined && told.has(withoutTime(line));
  return lines.filter((line, i) =>
    !isTold(line) && !(line.endsWith(":") && isTold(lines[i + 1]))
  );
}

/** A line of a log without the time of day it may begin with. */
function withoutTime(line: string): string {
  return line.replace(/^\d\d:\d\d:\d\d /, "");
}

function endText(event: RunEvent & { readonly type: "run_ended" }): string {
  const { fresh, restored, run, failed, left } = event.counts;
  const time = formatSeconds(event.seconds);
  if (run + restored + failed + left === 0) {
    return `all ${fresh} steps fresh: nothing to do (${time})`;
  }
  const parts = [
    [run, "run"],
    [restored, "restored"],
    [fresh, "fresh"],
    [failed, "failed"],
    [left, "not reached"],
  ].filter(([count]) => count !== 0).map(([count, what]) => `${count} ${what}`);
  return `${event.outcome}: ${parts.join(", ")} (${time})`;
}

function indent(text: string): string {
  return text.split("\n").map((line) => `    ${line}`).join("\n");
}
