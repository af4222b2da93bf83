/**
 * All that can happen in a run, told apart by `type`. The runner says it, a
 * reporter shows it.
 *
 * @module
 */
import type { Progress } from "./executor.ts";
import type { Reason } from "../plan/staleness.ts";

/** Something that happened in a run. */
export type RunEvent =
  | {
    readonly type: "run_started";
    readonly run: string;
    readonly steps: number;
    readonly cpus: number;
  }
  | { readonly type: "step_fresh"; readonly step: string }
  /** The store had the result. */
  | {
    readonly type: "step_restored";
    readonly step: string;
    readonly reasons: readonly Reason[];
  }
  | {
    readonly type: "step_started";
    readonly step: string;
    readonly reasons: readonly Reason[];
    /** 1 for a step that is not split. */
    readonly shards: number;
  }
  | {
    readonly type: "step_progress";
    readonly step: string;
    readonly progress: Progress;
    /** Units a second of late, what was there before left out; else null. */
    readonly rate: number | null;
    readonly secondsLeft: number | null;
  }
  /** This result is being computed elsewhere; it will be shared. */
  | {
    readonly type: "step_waiting";
    readonly step: string;
    /** The step of this run that has the same result; null: another run's. */
    readonly twin: string | null;
  }
  | {
    readonly type: "step_retried";
    readonly step: string;
    readonly attempt: number;
    readonly waitMs: number;
    readonly message: string;
  }
  | {
    readonly type: "step_ended";
    readonly step: string;
    /**
     * Of the computation, waiting left out, whoever did it; of shards that this
     * run computed, the time from the first one's begin.
     */
    readonly seconds: number;
    readonly peakMemoryBytes: number;
    /** Its bytes are those of its last result, so its dependants stay fresh. */
    readonly unchanged: boolean;
  }
  /** A forced step gave other bytes for the same fingerprint. */
  | { readonly type: "step_not_deterministic"; readonly step: string }
  | {
    readonly type: "step_failed";
    readonly step: string;
    readonly message: string;
    /** File with what it said. */
    readonly log: string;
    readonly logTail: readonly string[];
  }
  | {
    readonly type: "step_skipped";
    readonly step: string;
    /** The failed step it needs. */
    readonly because: string;
  }
  /** An object was damaged; what needs it is planned again. */
  | { readonly type: "damage_found"; readonly digest: string }
  /** The run's log has no more lines, such as on a full disk; the run goes on. */
  | { readonly type: "event_log_failed"; readonly message: string }
  | { readonly type: "run_stopping"; readonly running: number }
  | {
    readonly type: "run_ended";
    readonly outcome: RunOutcome;
    readonly counts: RunCounts;
    readonly seconds: number;
  };

/** How a run ended. */
export type RunOutcome = "succeeded" | "failed" | "stopped";

/** What became of the steps. */
export interface RunCounts {
  readonly fresh: number;
  readonly restored: number;
  readonly run: number;
  readonly failed: number;
  /** Not reached. */
  readonly left: number;
}
