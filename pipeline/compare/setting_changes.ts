/**
 * What two runs were asked for and made with, as far as it differs: params,
 * seeds, code, versions, machines.
 *
 * @module
 */
import type { RunRecord, StepRecord } from "../run/run_record.ts";
import { type Difference, differences } from "./json_difference.ts";
import { short } from "./parting.ts";
import type { StepPair } from "./step_pairs.ts";

/** A difference that steps share. */
export interface StepDifference extends Difference {
  /** The first of them. */
  readonly step: string;
  /** How many. */
  readonly steps: number;
}

/** A version, or another text about the whole run, that differs. */
export interface TextChange {
  readonly name: string;
  readonly a: string | null;
  readonly b: string | null;
}

/** All of them. */
export interface SettingChanges {
  /** Of the workflow. */
  readonly params: readonly Difference[];
  /** Of steps. */
  readonly stepParams: readonly StepDifference[];
  readonly seeds: readonly StepDifference[];
  readonly code: readonly StepDifference[];
  /** Of Deno and npm packages, the commit and the machine. */
  readonly versions: readonly TextChange[];
}

/** Compares the settings of two runs. */
export function settingChanges(
  { a, b, pairs }: { a: RunRecord; b: RunRecord; pairs: readonly StepPair[] },
): SettingChanges {
  return {
    params: differences(a.params, b.params),
    stepParams: shared(pairs, (step) => step.params),
    seeds: shared(pairs, (step) => step.seed),
    code: shared(pairs, (step) => short(step.code)),
    versions: [
      ...textChanges("", a.versions, b.versions),
      ...textChanges("npm:", a.packages, b.packages),
      ...textChanges("", surroundings(a), surroundings(b)),
    ],
  };
}

/** Differences of steps, those that many share told once. */
function shared(
  pairs: readonly StepPair[],
  of: (step: StepRecord) => unknown,
): StepDifference[] {
  const found = new Map<string, StepDifference>();
  for (const { a, b } of pairs) {
    if (a === null || b === null) continue;
    for (const difference of differences(of(a), of(b))) {
      const key = JSON.stringify(difference);
      const steps = (found.get(key)?.steps ?? 0) + 1;
      const step = found.get(key)?.step ?? a.id;
      found.set(key, { step, steps, ...difference });
    }
  }
  return [...found.values()];
}

type Texts = Readonly<Record<string, string>>;

function textChanges(prefix: string, a: Texts, b: Texts): TextChange[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return names.map((name) => ({
    name: prefix + name,
    a: a[name] ?? null,
    b: b[name] ?? null,
  })).filter((change) => change.a !== change.b);
}

function surroundings({ commit, host, file }: RunRecord): Texts {
  return {
    ...(commit === null
      ? {}
      : { commit: short(commit.hash) + (commit.dirty ? ", changed" : "") }),
    "workflow file": file,
    machine: `${host.os} ${host.arch}`,
  };
}
