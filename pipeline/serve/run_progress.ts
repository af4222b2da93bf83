/**
 * How far a run is, from the events that it wrote.
 *
 * @module
 */
import { progressLine } from "../cli/progress_line.ts";
import type { RunEvent } from "../run/event.ts";
import type { LoggedEvent } from "../run/event_line.ts";

/** How far one step is. */
export interface StepProgress {
  readonly step: string;
  readonly state:
    | "running"
    | "waiting"
    | "done"
    | "restored"
    | "fresh"
    | "failed"
    | "skipped";
  /** 0…1; null when it is not known. */
  readonly share: number | null;
  /** For people: how far, how fast, how long still; or why it failed. */
  readonly text: string;
}

/** How far a run is. */
export interface RunProgress {
  /** ISO 8601; null when nothing was told yet. */
  readonly startedAt: string | null;
  /** When something was told last. */
  readonly toldAt: string | null;
  /** Steps that the run has. */
  readonly total: number;
  /** `succeeded`, `failed` or `stopped`; null as long as it has not ended. */
  readonly outcome: string | null;
  /** In the order in which they were first told of. */
  readonly steps: readonly StepProgress[];
}

/** What is known before anything was told. */
export const NO_PROGRESS: RunProgress = {
  startedAt: null,
  toldAt: null,
  total: 0,
  outcome: null,
  steps: [],
};

/**
 * What is known after one more event.
 *
 * @example
 * ```ts
 * import { NO_PROGRESS, progressAfter } from "./run_progress.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const at = "2026-01-01T00:00:00.000Z";
 * const started = { at, type: "run_started", run: "a", steps: 2, cpus: 1 } as const;
 * const fresh = { at, type: "step_fresh", step: "draw" } as const;
 * const { total, steps } = [started, fresh].reduce(progressAfter, NO_PROGRESS);
 * deepStrictEqual([total, steps], [2, [
 *   { step: "draw", state: "fresh", share: 1, text: "" },
 * ]]);
 * ```
 */
export function progressAfter(
  before: RunProgress,
  event: LoggedEvent,
): RunProgress {
  const known = { ...before, toldAt: event.at };
  if (event.type === "run_started") {
    return {
      ...NO_PROGRESS,
      startedAt: event.at,
      toldAt: event.at,
      total: event.steps,
    };
  }
  if (event.type === "run_ended") return { ...known, outcome: event.outcome };
  const step = stepAfter(event);
  return step === null ? known : { ...known, steps: put(before.steps, step) };
}

function put(
  steps: readonly StepProgress[],
  step: StepProgress,
): StepProgress[] {
  const at = steps.findIndex((known) => known.step === step.step);
  return at < 0 ? [...steps, step] : steps.with(at, step);
}

function stepAfter(event: RunEvent): StepProgress | null {
  switch (event.type) {
    case "step_fresh":
      return { step: event.step, state: "fresh", share: 1, text: "" };
    case "step_restored":
      return { step: event.step, state: "restored", share: 1, text: "" };
    case "step_started":
      return { step: event.step, state: "running", share: null, text: "" };
    case "step_progress":
      return runningStep(event);
    case "step_waiting":
      return {
        step: event.step,
        state: "waiting",
        share: null,
        text: `for ${event.twin ?? "another run"}`,
      };
    case "step_ended":
      return {
        step: event.step,
        state: "done",
        share: 1,
        text: `${Number(event.seconds.toPrecision(2))} s`,
      };
    case "step_failed":
      return {
        step: event.step,
        state: "failed",
        share: null,
        text: event.message,
      };
    case "step_skipped":
      return {
        step: event.step,
        state: "skipped",
        share: null,
        text: `as ${event.because} failed`,
      };
    default:
      return null;
  }
}

function runningStep(
  event: Extract<RunEvent, { type: "step_progress" }>,
): StepProgress {
  const { done, total } = event.progress;
  const share = total > 0 ? Math.min(1, done / total) : null;
  // The line begins with the step, which stands beside it.
  const text = progressLine(event).slice(event.step.length).trim();
  return { step: event.step, state: "running", share, text };
}
