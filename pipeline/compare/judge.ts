/**
 * A policy applied to two runs: what was checked, and what is a regression.
 *
 * @module
 */
import type { Diagnostic } from "../workflow/diagnostic.ts";
import { didYouMean, suggestion } from "../workflow/did_you_mean.ts";
import { quote } from "../workflow/wording.ts";
import type { MetricChange } from "./metric_changes.ts";
import { isMeant } from "./name_pattern.ts";
import { short, type StepComparison } from "./parting.ts";
import {
  type Allowance,
  locateInPolicy,
  type MapRule,
  NUMBER_RULES,
  type Policy,
} from "./policy.ts";
import type { TimeChange } from "./time_changes.ts";
import { formatTolerance, inUnitOf, isWithin } from "./tolerance.ts";

/** One thing that a policy asks for, and whether it holds. */
export interface Check {
  readonly rule: MapRule | "require_equal";
  /** Of the policy. */
  readonly pattern: string;
  /** The metric, step or output. */
  readonly subject: string;
  readonly passed: boolean;
  /** What was found, in words. */
  readonly message: string;
}

/** What a policy is applied to. */
export interface Judged {
  readonly metrics: readonly MetricChange[];
  readonly steps: readonly StepComparison[];
  /** Names of the outputs of each step. */
  readonly outputs: ReadonlyMap<string, readonly string[]>;
  readonly times: readonly TimeChange[];
}

/** All checks of a policy, in its order. */
export function judge(policy: Policy, judged: Judged): Check[] {
  return [
    ...NUMBER_RULES.flatMap((rule) =>
      judged.metrics.flatMap((metric) => checkNumber(rule, policy, metric))
    ),
    ...checkEqual(policy, judged),
    ...judged.times.flatMap((time) => checkTime(policy, time)),
  ];
}

/**
 * Rules that mean nothing in either run: most likely misspelt, and a gate that
 * checks nothing would pass for ever.
 */
export async function idleRules(
  policy: Policy,
  { metrics, steps, outputs, times }: Judged,
): Promise<Diagnostic[]> {
  const metricNames = metrics.map(({ name }) => name);
  const stepNames = times.map(({ step }) => step);
  const outputNames = steps.flatMap(({ step }) => [
    step,
    ...outputs.get(step)!.map((output) => `${step}.${output}`),
  ]);
  const idle = (
    path: (string | number)[],
    pattern: string,
    of: { what: string; names: readonly string[] },
  ) =>
    of.names.some((name) => isMeant(pattern, name)) ? [] : [{
      path: [...path],
      message: `Cannot apply ${quote(pattern)} as it must mean ${of.what} of ` +
        `the runs: ${suggestedName(pattern, plainNames(of.names))}`,
    }];
  const ofMetrics = { what: "a metric", names: metricNames };
  return await locateInPolicy(policy, [
    ...NUMBER_RULES.flatMap((rule) =>
      policy.allowances[rule].flatMap(({ pattern }) =>
        idle([rule, pattern], pattern, ofMetrics)
      )
    ),
    ...policy.allowances.max_slowdown.flatMap(({ pattern }) =>
      idle(["max_slowdown", pattern], pattern, {
        what: "a step",
        names: stepNames,
      })
    ),
    ...policy.requireEqual.flatMap((pattern, i) =>
      idle(["require_equal", i], pattern, {
        what: "a step or an output",
        names: outputNames,
      })
    ),
  ]);
}

/** Names as patterns may write them, though only whole ones are listed. */
function suggestedName(pattern: string, names: readonly string[]): string {
  const ends = names.flatMap((name) => {
    const parts = name.split(".");
    return parts.map((_, i) => parts.slice(i).join("."));
  });
  const nearest = didYouMean(pattern, ends);
  return suggestion(pattern, nearest === null ? names : [nearest]);
}

/** Without the values of a matrix: shorter, and what one means to write. */
function plainNames(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.replaceAll(/\[[^\]]*\]/g, "")))];
}

/** The last that means a name, as later lines refine earlier ones. */
function allowanceOf(
  name: string,
  { allowances, ignore }: Policy,
  rule: MapRule,
): Allowance | null {
  if (ignore.some((pattern) => isMeant(pattern, name))) return null;
  return allowances[rule].findLast(({ pattern }) => isMeant(pattern, name)) ??
    null;
}

/** By how much a number moved in the direction that a rule is about. */
const MOVED: Readonly<
  Record<typeof NUMBER_RULES[number], (change: number) => number>
> = {
  "max_drop": (change) => -change,
  "max_rise": (change) => change,
  "max_change": Math.abs,
};

const DEEDS = {
  "max_drop": "fell",
  "max_rise": "rose",
  "max_change": "changed",
} as const;

function checkNumber(
  rule: typeof NUMBER_RULES[number],
  policy: Policy,
  { name, a, b, change }: MetricChange,
): Check[] {
  const allowance = allowanceOf(name, policy, rule);
  // What only B measures is news, and nothing that A could have had better.
  if (allowance === null || a === null) return [];
  const { pattern, tolerance } = allowance;
  const check = { rule, pattern, subject: name };
  if (b === null || change === null) {
    return [{
      ...check,
      passed: false,
      message: `is missing in B: ${shown(a)} in A`,
    }];
  }
  const moved = inUnitOf(tolerance, { change: MOVED[rule](change), from: a });
  const passed = isWithin(tolerance, moved);
  const allowed = `${formatTolerance(tolerance)} allowed`;
  const isMoved = moved === null || moved > 0;
  const by = moved === null
    ? "from 0"
    : `by ${formatTolerance({ ...tolerance, amount: rounded(moved) })}`;
  const message = isMoved
    ? `${DEEDS[rule]} ${by}, ${allowed}: ${shown(a)} -> ${shown(b)}`
    : `${change === 0 ? "is the same" : "moved the other way"}: ${
      shown(a)
    } -> ${shown(b)}`;
  return [{ ...check, passed, message }];
}

/** With more digits than any tolerance asks for. */
function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

function checkEqual(
  policy: Policy,
  { steps, outputs }: Judged,
): Check[] {
  const isIgnored = (name: string) =>
    policy.ignore.some((pattern) => isMeant(pattern, name));
  return policy.requireEqual.flatMap((pattern) =>
    steps.filter(({ state }) => state !== "none" && state !== "only_b")
      .flatMap((compared) => {
        const { step } = compared;
        const isWhole = isMeant(pattern, step);
        return outputs.get(step)!.map((output) => `${step}.${output}`)
          .filter((name) => isWhole || isMeant(pattern, name))
          .filter((name) => !isIgnored(name) && !isIgnored(step))
          .map((name) => equalCheck(pattern, name, compared));
      })
  );
}

function equalCheck(
  pattern: string,
  subject: string,
  { step, outputs }: StepComparison,
): Check {
  const change = outputs.find(({ output }) => `${step}.${output}` === subject);
  return {
    rule: "require_equal",
    pattern,
    subject,
    passed: change === undefined,
    message: change === undefined
      ? "is the same"
      : change.b === null
      ? "is missing in B"
      : `must be the same: ${short(change.a)} -> ${short(change.b)}`,
  };
}

function checkTime(
  policy: Policy,
  { step, a, b }: TimeChange,
): Check[] {
  const allowance = allowanceOf(step, policy, "max_slowdown");
  if (allowance === null || a === null || b === null) return [];
  const { pattern, tolerance } = allowance;
  const moved = inUnitOf(tolerance, { change: b - a, from: a });
  return [{
    rule: "max_slowdown",
    pattern,
    subject: step,
    passed: isWithin(tolerance, moved),
    message: `took ${rounded(b)} s after ${rounded(a)} s, ` +
      `${formatTolerance(tolerance)} more allowed`,
  }];
}
