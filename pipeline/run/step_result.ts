/**
 * What became of the steps of a run.
 *
 * @module
 */
import type { Fingerprint } from "../store/fingerprint.ts";
import type { Content } from "../store/tree.ts";
import type { RunCounts, RunOutcome } from "./event.ts";

/** What became of one step. */
export interface StepResult {
  readonly state: "fresh" | "restored" | "run" | "failed" | "left";
  readonly fingerprint: Fingerprint | null;
  readonly outputs: Readonly<Record<string, Content>>;
  readonly message: string | null;
}

/** What became of a run. */
export interface RunResult {
  readonly outcome: RunOutcome;
  readonly counts: RunCounts;
  readonly seconds: number;
  readonly steps: ReadonlyMap<string, StepResult>;
}

/** A step that was not reached. */
export const LEFT: StepResult = {
  state: "left",
  fingerprint: null,
  outputs: {},
  message: null,
};

/** How many steps came to what. */
export function countsOf(results: Iterable<StepResult>): RunCounts {
  const counts = { fresh: 0, restored: 0, run: 0, failed: 0, left: 0 };
  for (const { state } of results) counts[state]++;
  return counts;
}

/** How a run as a whole went. */
export function outcomeOf(
  { failed, left }: RunCounts,
  stop: AbortSignal,
): RunOutcome {
  if (failed > 0) return "failed";
  return stop.aborted && left > 0 ? "stopped" : "succeeded";
}
