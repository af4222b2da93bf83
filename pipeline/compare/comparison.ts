/**
 * Two runs compared: all that is said of them, before it is written in any
 * form. As JSON it is what scripts read, so its names are part of the
 * interface.
 *
 * @module
 */
import type { RunRecord } from "../run/run_record.ts";
import type { Stage } from "../stage.ts";
import { formatDiagnostics } from "../workflow/diagnostic.ts";
import { quote } from "../workflow/wording.ts";
import type { ComparedRun } from "./compared_run.ts";
import { type Check, idleRules, judge } from "./judge.ts";
import { type MetricChange, metricChanges } from "./metric_changes.ts";
import { compareSteps, firstParted, type StepComparison } from "./parting.ts";
import type { Policy } from "./policy.ts";
import { type SettingChanges, settingChanges } from "./setting_changes.ts";
import { pairSteps, type StepPair } from "./step_pairs.ts";
import { type TimeChange, timeChanges } from "./time_changes.ts";

/** What is said of one run. */
export interface RunSummary {
  /** As the user named it. */
  readonly named: string;
  readonly workflow: string;
  readonly startedAt: string;
  readonly commit: string | null;
  readonly steps: number;
}

/** A table; its cells are texts, which each form of output escapes. */
export interface ComparedTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that are only in the JSON. */
  readonly left: number;
}

/** What a project says beyond params and numbers. */
export interface ComparedSection {
  /** Key of its data. */
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly tables: readonly ComparedTable[];
  /** For the JSON. */
  readonly data: unknown;
}

/** What a project is given to say it. */
export interface ComparedRuns {
  readonly a: ComparedRun;
  readonly b: ComparedRun;
  readonly pairs: readonly StepPair[];
  /** Of whatever is drawn by lot. */
  readonly seed: number;
  /** Whether items of runs are to be left alone, as they take long. */
  readonly isSummary: boolean;
}

/** Makes the project's own sections. */
export type CompareSections = (
  runs: ComparedRuns,
) => Promise<readonly ComparedSection[]>;

/** Runs that can be compared. */
export interface Comparison extends SettingChanges {
  readonly schema: 1;
  readonly verdict: "within" | "regression";
  readonly a: RunSummary;
  readonly b: RunSummary;
  readonly policy: string;
  readonly checks: readonly Check[];
  readonly firstParted: StepComparison | null;
  /** Those of both runs, and of one alone. */
  readonly steps: readonly StepComparison[];
  readonly metrics: readonly MetricChange[];
  readonly sections: readonly ComparedSection[];
  readonly timings: readonly TimeChange[];
}

/** Runs that cannot be, and why. */
export interface NotComparable {
  readonly schema: 1;
  readonly verdict: "not_comparable";
  readonly reasons: readonly string[];
}

/** What `compare` is given. */
export interface CompareRequest {
  readonly a: ComparedRun;
  readonly b: ComparedRun;
  readonly policy: Policy;
  /** Whether each of its rules must mean something in the runs. */
  readonly isStrict: boolean;
  readonly stages: readonly Stage[];
  readonly sections: CompareSections | null;
  readonly seed: number;
  readonly isSummary: boolean;
}

/** Compares two runs. */
export async function compareRuns(
  request: CompareRequest,
): Promise<Comparison | NotComparable> {
  const { a, b, policy, stages } = request;
  const reasons = [...unfinished(a), ...unfinished(b), ...unlike(a, b)];
  if (reasons.length > 0) return notComparable(reasons);
  const pairs = pairSteps(a.record.steps, b.record.steps);
  const judged = {
    metrics: metricChanges(pairs),
    steps: compareSteps(pairs, stages),
    outputs: outputsOf(pairs),
    times: timeChanges(pairs),
  };
  if (!judged.metrics.some((each) => each.a !== null && each.b !== null)) {
    return notComparable([
      "Cannot compare the runs as they must have a metric in common: " +
      "they have none",
    ]);
  }
  const idle = request.isStrict ? await idleRules(policy, judged) : [];
  if (idle.length > 0) return notComparable([formatDiagnostics(idle)]);
  const checks = judge(policy, judged);
  if (checks.length === 0) return notComparable([nothingChecked(policy)]);
  const { seed, isSummary } = request;
  return {
    schema: 1,
    verdict: checks.every(({ passed }) => passed) ? "within" : "regression",
    a: summaryOf(a),
    b: summaryOf(b),
    policy: policy.file,
    checks,
    firstParted: firstParted(judged.steps),
    ...settingChanges({ a: a.record, b: b.record, pairs }),
    steps: judged.steps,
    metrics: judged.metrics,
    sections: await request.sections?.({ a, b, pairs, seed, isSummary }) ?? [],
    timings: judged.times,
  };
}

/** A comparison that came to nothing. */
export function notComparable(reasons: readonly string[]): NotComparable {
  return { schema: 1, verdict: "not_comparable", reasons };
}

function unfinished({ named, record }: ComparedRun): string[] {
  if (record.outcome === "succeeded") return [];
  return [
    `Cannot compare ${quote(named)} as it must be a run that succeeded: ` +
    `it ${record.outcome === "failed" ? "failed" : "was stopped"}`,
  ];
}

function unlike(a: ComparedRun, b: ComparedRun): string[] {
  const [ofA, ofB] = [a.record.workflow, b.record.workflow];
  if (ofA === ofB) return [];
  return [
    `Cannot compare ${quote(a.named)} and ${quote(b.named)} as both must be ` +
    `runs of one workflow: they are of ${quote(ofA)} and ${quote(ofB)}`,
  ];
}

function nothingChecked({ file }: Policy): string {
  return `Cannot judge the runs as policy ${quote(file)} must ask for ` +
    `something that they have: it does not`;
}

function outputsOf(pairs: readonly StepPair[]) {
  return new Map(pairs.map(({ name, a, b }) => {
    const names = [a, b].flatMap((step) => Object.keys(step?.outputs ?? {}));
    return [name, [...new Set(names)]];
  }));
}

function summaryOf({ named, record }: ComparedRun): RunSummary {
  return {
    named,
    workflow: record.workflow,
    startedAt: record.startedAt,
    commit: commitOf(record),
    steps: record.steps.length,
  };
}

function commitOf({ commit }: RunRecord): string | null {
  if (commit === null) return null;
  return commit.hash.slice(0, 12) + (commit.dirty ? ", changed" : "");
}
