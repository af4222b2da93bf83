/**
 * Where two runs part: which steps gave other bytes, which of them for reasons
 * of their own, and which only because of what they read.
 *
 * @module
 */
import type { StepRecord } from "../run/run_record.ts";
import type { Stage } from "../stage.ts";
import type { Digest } from "../store/digest.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import { type Difference, differences } from "./json_difference.ts";
import { nameOf } from "./shown_items.ts";
import type { StepPair } from "./step_pairs.ts";

/** An output of which the runs have unlike bytes. */
export interface OutputChange {
  readonly output: string;
  readonly a: Digest | null;
  readonly b: Digest | null;
}

/** Why a step gave other bytes, if not because of other steps. */
export type Cause =
  | {
    readonly what: "code" | "version" | "seed";
    readonly a: string;
    readonly b: string;
  }
  | ({ readonly what: "param" } & Difference)
  | {
    readonly what: "input";
    readonly input: string;
    readonly a: string;
    readonly b: string;
  };

/** What became of a step from A to B. */
export interface StepComparison {
  readonly step: string;
  /**
   * `same`: equal bytes. `parted`: others, though what it read of other steps
   * is equal. `followed`: others, as what it read is. `only_a`, `only_b`: the
   * other run has no result of it. `none`: nor has either.
   */
  readonly state: "same" | "parted" | "followed" | "only_a" | "only_b" | "none";
  readonly outputs: readonly OutputChange[];
  /** Of its own; a step that followed may have some too. */
  readonly causes: readonly Cause[];
  /** Inputs that differ as the steps before do. */
  readonly followedInputs: readonly string[];
}

/** Compares the steps of two runs. */
export function compareSteps(
  pairs: readonly StepPair[],
  stages: readonly Stage[],
): StepComparison[] {
  const keyless = new Map<string, readonly string[]>(
    stages.map((stage) => [stage.name, stage.keyless ?? []]),
  );
  const changed = new Set<string>();
  return pairs.map((pair): StepComparison => {
    const { name: step, a, b } = pair;
    const outputs = outputChanges(a, b);
    for (const { output } of outputs) changed.add(`${a?.id}.${output}`);
    const none = { step, outputs, causes: [], followedInputs: [] };
    if (!hasResult(a) || !hasResult(b)) {
      const state = hasResult(a) ? "only_a" : hasResult(b) ? "only_b" : "none";
      return { ...none, state };
    }
    const { followed, own } = inputChanges(a, b, changed);
    const causes = [
      ...causesOf(a, b, keyless.get(a.stage) ?? []),
      ...own,
    ];
    const state = outputs.length === 0
      ? "same"
      : followed.length > 0
      ? "followed"
      : "parted";
    return { step, state, outputs, causes, followedInputs: followed };
  });
}

/** The first step, in topological order, that gave other bytes. */
export function firstParted(
  steps: readonly StepComparison[],
): StepComparison | null {
  return steps.find(({ state }) =>
    state === "parted" || state === "followed"
  ) ??
    null;
}

function hasResult(step: StepRecord | null): step is StepRecord {
  return step !== null && Object.keys(step.outputs).length > 0;
}

function outputChanges(
  a: StepRecord | null,
  b: StepRecord | null,
): OutputChange[] {
  const [ofA, ofB] = [a?.outputs ?? {}, b?.outputs ?? {}];
  const names = new Set([...Object.keys(ofA), ...Object.keys(ofB)]);
  return [...names].map((output) => ({
    output,
    a: ofA[output]?.digest ?? null,
    b: ofB[output]?.digest ?? null,
  })).filter((each) => each.a !== each.b);
}

function causesOf(
  a: StepRecord,
  b: StepRecord,
  keyless: readonly string[],
): Cause[] {
  const causes: Cause[] = [];
  const versions = [
    `${a.stage} ${a.version}`,
    `${b.stage} ${b.version}`,
  ] as const;
  if (versions[0] !== versions[1]) {
    causes.push({ what: "version", a: versions[0], b: versions[1] });
  }
  for (const difference of differences(a.params, b.params)) {
    const [param] = difference.path.split(".");
    if (!keyless.includes(param!)) {
      causes.push({ what: "param", ...difference });
    }
  }
  if (a.seed !== b.seed) {
    causes.push({ what: "seed", a: String(a.seed), b: String(b.seed) });
  }
  if (a.code !== b.code) {
    causes.push({ what: "code", a: short(a.code), b: short(b.code) });
  }
  return causes;
}

/** Inputs that differ: as the steps do that they come from, or not. */
function inputChanges(
  a: StepRecord,
  b: StepRecord,
  changed: ReadonlySet<string>,
): { followed: string[]; own: Cause[] } {
  const followed: string[] = [];
  const own: Cause[] = [];
  const names = new Set([...Object.keys(a.inputs), ...Object.keys(b.inputs)]);
  for (const input of names) {
    const [ofA, ofB] = [a.inputs[input] ?? null, b.inputs[input] ?? null];
    if (canonicalJson(ofA) === canonicalJson(ofB)) continue;
    const origins = a.origins[input] ?? [];
    const isFollowed = origins.some((ref) =>
      ref.from === "step" && changed.has(`${ref.step}.${ref.output}`)
    );
    if (isFollowed) followed.push(input);
    else if (contentsOf(ofA) !== contentsOf(ofB)) {
      own.push({
        what: "input",
        input,
        a: originOf(a, input),
        b: originOf(b, input),
      });
    }
  }
  return { followed, own };
}

/** What an input holds; in a list, steps are called by their run's seed. */
function contentsOf(input: StepRecord["inputs"][string]): string {
  return Array.isArray(input)
    ? input.map(({ digest }) => digest).join()
    : String(input);
}

function originOf(step: StepRecord, input: string): string {
  const [first, ...more] = step.origins[input] ?? [];
  if (first === undefined) return "nothing";
  const key = step.inputs[input];
  const digest = typeof key === "string" ? ` (${short(key)})` : "";
  return `${nameOf(first)}${digest}` +
    (more.length === 0 ? "" : ` and ${more.length} more`);
}

/** The first digits of a digest, which tell it from others. */
export function short(digest: string | null): string {
  return digest === null ? "none" : digest.slice(0, 12);
}
