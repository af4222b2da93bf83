/**
 * The record of a run: all one needs to know what was computed, from what, by
 * which code, where, and what came out.
 *
 * @module
 */
import { canonicalJson } from "../store/canonical_json.ts";
import { type Digest, digestOf } from "../store/digest.ts";
import { readTextIfThere, replaceFile } from "../store/durable_file.ts";
import { isSame } from "./active_step.ts";
import type { RunOutcome } from "./event.ts";
import type { StepKey } from "../store/fingerprint.ts";
import { stateSince } from "./run_state.ts";
import type { RunFolder } from "./run_folder.ts";
import { LEFT, type RunResult, type StepResult } from "./step_result.ts";
import type { Store } from "../store/store.ts";
import type { Content } from "../store/tree.ts";
import {
  type InputRef,
  refsOf,
  type Step,
  type Workflow,
} from "../workflow/workflow.ts";

/** Of the form that records have today; others are written anew. */
const SCHEMA = 2;

/** One step of a run record. */
export interface StepRecord {
  /** `train[seed=1]`; without the matrix, `train`, is its name. */
  readonly id: string;
  readonly name: string;
  /** Its label on each axis of the matrix. */
  readonly axes: Readonly<Record<string, string>>;
  readonly stage: string;
  readonly version: number;
  readonly state: StepResult["state"];
  readonly fingerprint: string | null;
  /** As its result was made with, keyless ones too. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly inputs: StepKey["inputs"];
  /** Where inputs came from; none for one that was left out. */
  readonly origins: Readonly<Record<string, readonly InputRef[]>>;
  readonly code: Digest | null;
  readonly outputs: Readonly<Record<string, Content>>;
  readonly metrics: Readonly<Record<string, number>>;
  /** Of the computation, whenever that was; null when it has not been done. */
  readonly seconds: number | null;
  readonly peakMemoryBytes: number | null;
  /** Why it failed. */
  readonly message: string | null;
}

/** The file `run.json` of a run's folder. */
export interface RunRecord {
  readonly schema: typeof SCHEMA;
  readonly run: string;
  readonly workflow: string;
  readonly file: string;
  readonly params: Workflow["params"];
  readonly outcome: RunOutcome;
  readonly startedAt: string;
  readonly seconds: number;
  /** Of the steps' names, fingerprints and outputs: equal for equal results. */
  readonly stepsDigest: Digest;
  readonly versions: Readonly<Record<string, string>>;
  readonly packages: Readonly<Record<string, string>>;
  /** Of the project; null outside a repository. */
  readonly commit: { readonly hash: string; readonly dirty: boolean } | null;
  readonly host: {
    readonly name: string;
    readonly os: string;
    readonly arch: string;
    readonly cpus: number;
    readonly memoryBytes: number;
  };
  /** Of all steps; see `metricsOfRun`. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly steps: readonly StepRecord[];
}

/**
 * Writes the record of a run. A run that found all fresh, as the record says
 * already, leaves it as it is: nothing was computed that it could tell of.
 */
export async function writeRunRecord(of: {
  workflow: Workflow;
  result: RunResult;
  run: RunFolder;
  store: Store;
  startedAt: Date;
  project: string;
}): Promise<void> {
  const { workflow, result, run, store } = of;
  const stepsDigest = digestOfSteps(
    workflow.steps.map(({ id }) => ({ id, ...result.steps.get(id) ?? LEFT })),
  );
  const isNoOp = result.counts.fresh === workflow.steps.length;
  const before = isNoOp ? readRunRecord(run.root) : null;
  // Its own digest does not count: earlier versions made it of less.
  const isOld = before === null ||
    digestOfSteps(before.steps) !== stepsDigest ||
    // A run was killed meanwhile, of which this one has mended all.
    stateSince(run.root, before) !== null;
  if (!isOld) return;
  const packages: Record<string, string> = {};
  const steps = workflow.steps.map((step) =>
    recordOfStep(step, resultOf(step, result, run), store, packages)
  );
  const record: RunRecord = {
    schema: SCHEMA,
    run: run.root,
    workflow: workflow.name,
    file: workflow.file,
    params: workflow.params,
    outcome: result.outcome,
    startedAt: of.startedAt.toISOString(),
    seconds: result.seconds,
    stepsDigest,
    versions: { ...Deno.version },
    packages,
    commit: commitOf(of.project),
    host: hostOf(),
    metrics: metricsOfRun(workflow.steps, steps),
    steps,
  };
  await replaceFile(run.record, JSON.stringify(record, null, 2) + "\n");
}

/** The record of a run, or null when there is none or it does not parse. */
export function readRunRecord(run: string): RunRecord | null {
  const text = readTextIfThere(`${run}/run.json`);
  if (text === null) return null;
  try {
    const record = JSON.parse(text) as RunRecord;
    return record.schema === SCHEMA ? record : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A record tells what steps left alone gave before, which is none of the run. */
function digestOfSteps(
  steps: readonly Pick<StepRecord, "id" | keyof StepResult>[],
): Digest {
  return digestOf(canonicalJson(steps.map((step) => {
    const { fingerprint, outputs } = step.state === "left" ? LEFT : step;
    return [step.id, fingerprint, outputs];
  })));
}

/** A step that the run was not asked for shows what it last gave. */
function resultOf(step: Step, result: RunResult, run: RunFolder): StepResult {
  const known = result.steps.get(step.id);
  if (known !== undefined) return known;
  const last = run.stateOf(step.id);
  return {
    ...LEFT,
    fingerprint: last?.fingerprint ?? null,
    outputs: last?.outputs ?? {},
  };
}

function recordOfStep(
  step: Step,
  result: StepResult,
  store: Store,
  packages: Record<string, string>,
): StepRecord {
  const { state, fingerprint, outputs, message } = result;
  const stored = fingerprint === null ? null : store.readResult(fingerprint);
  // The store keeps the last result by a fingerprint, which another run may
  // have forced to other outputs.
  const measured = stored && isSame(stored.outputs, outputs) ? stored : null;
  Object.assign(packages, stored?.packages);
  return {
    id: step.id,
    name: step.name,
    axes: step.axes,
    stage: step.stage.name,
    version: step.stage.version,
    state,
    fingerprint,
    params: { ...step.params, ...stored?.keyless },
    seed: step.seed,
    inputs: stored?.key.inputs ?? {},
    origins: originsOf(step),
    code: stored?.key.code ?? null,
    outputs,
    metrics: measured?.metrics ?? {},
    seconds: measured?.seconds ?? null,
    peakMemoryBytes: measured?.peakMemoryBytes ?? null,
    message,
  };
}

function originsOf({ inputs }: Step): StepRecord["origins"] {
  const named = Object.entries(inputs);
  return Object.fromEntries(named.map(([name, it]) => [name, refsOf(it)]));
}

/**
 * All metrics by name. Those of a step with a matrix carry its values,
 * `mean_iou[seed=1]`; a name that two steps give is preceded by the step,
 * `train/loss`, so that no number hides another.
 */
export function metricsOfRun(
  steps: readonly Step[],
  records: readonly StepRecord[],
): Record<string, number> {
  const named = steps.flatMap((step, i) => {
    const suffix = step.id.slice(step.name.length);
    return Object.entries(records[i]!.metrics).map(([name, value]) => ({
      step: step.id,
      name: name + suffix,
      value,
    }));
  });
  const counts = new Map<string, number>();
  for (const { name } of named) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(named.map(({ step, name, value }) => [
    counts.get(name)! > 1 ? `${step}/${name}` : name,
    value,
  ]));
}

function hostOf(): RunRecord["host"] {
  return {
    name: Deno.hostname(),
    os: Deno.build.os,
    arch: Deno.build.arch,
    cpus: navigator.hardwareConcurrency,
    memoryBytes: Deno.systemMemoryInfo().total,
  };
}

function commitOf(project: string): RunRecord["commit"] {
  const hash = git(project, ["rev-parse", "HEAD"]);
  const changes = git(project, ["status", "--porcelain"]);
  return hash === null || changes === null
    ? null
    : { hash: hash.trim(), dirty: changes.trim() !== "" };
}

/** Null where there is no git, or no permission to run it, or no repository. */
function git(folder: string, args: string[]): string | null {
  const { state } = Deno.permissions.querySync({ name: "run", command: "git" });
  if (state !== "granted") return null;
  try {
    const { success, stdout } = new Deno.Command("git", {
      args: ["-C", folder, ...args],
      stdin: "null",
      stderr: "null",
    }).outputSync();
    return success ? new TextDecoder().decode(stdout) : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
