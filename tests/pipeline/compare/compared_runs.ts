/**
 * Runs to be compared, by hand, and a policy from its text.
 *
 * @module
 */
import type { ComparedRun } from "../../../pipeline/compare/compared_run.ts";
import {
  type CompareRequest,
  compareRuns,
  type Comparison,
  type NotComparable,
} from "../../../pipeline/compare/comparison.ts";
import { type Policy, readPolicy } from "../../../pipeline/compare/policy.ts";
import type { RunRecord } from "../../../pipeline/run/run_record.ts";

/** A run of which nothing but the record is known. */
export function runOf(named: string, record: RunRecord): ComparedRun {
  const none = { ok: false, why: "it is away" } as const;
  return {
    named,
    record,
    inputItems: () => none,
    value: () => Promise.resolve(none),
  };
}

/** A policy that is right. */
export async function policyOf(text: string): Promise<Policy> {
  const read = await readPolicy(new TextEncoder().encode(text), "p.yaml");
  if (read.ok) return read.policy;
  throw new Error(read.diagnostics.map(({ message }) => message).join("\n"));
}

/** Compares two records by a policy. */
export async function compared(
  [a, b]: readonly [RunRecord, RunRecord],
  policy: string,
  options: Partial<CompareRequest> = {},
): Promise<Comparison | NotComparable> {
  return await compareRuns({
    a: runOf("before", a),
    b: runOf("after", b),
    policy: await policyOf(policy),
    isStrict: true,
    stages: [],
    sections: null,
    seed: 1,
    isSummary: false,
    ...options,
  });
}
