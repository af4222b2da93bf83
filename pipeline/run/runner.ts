/**
 * Runs a workflow: what is fresh is skipped, what the store has is restored,
 * the rest is run side by side within the given resources.
 *
 * @module
 */
import type { Digest } from "../store/digest.ts";
import { readTextIfThere } from "../store/durable_file.ts";
import type { RunCounts, RunEvent, RunOutcome } from "./event.ts";
import type { Executor } from "./executor.ts";
import { waitForLock } from "../store/file_lock.ts";
import type { Fingerprint, ResultRecord } from "../store/fingerprint.ts";
import { Inputs, locatedOf } from "../plan/inputs.ts";
import type { Exit } from "./job.ts";
import type { Decision, KeyedStep, Planner } from "../plan/plan.ts";
import type { ResourcePool } from "./resource_pool.ts";
import type { RunFolder } from "./run_folder.ts";
import type { Reason } from "../plan/staleness.ts";
import { StepProgress } from "./step_progress.ts";
import type { Store } from "../store/store.ts";
import type { Content } from "../store/tree.ts";
import { UnitFailure, UnitRunner } from "./unit_runner.ts";
import { mergeShards, unitsOf, type WorkUnit } from "./work_unit.ts";
import {
  dependenciesOf,
  type Step,
  type Workflow,
} from "../workflow/workflow.ts";

/** What a run works with. */
export interface RunnerOptions {
  readonly store: Store;
  readonly run: RunFolder;
  /** Decides; made anew for each pass over the workflow. */
  readonly makePlanner: (inputs: Inputs) => Planner;
  readonly executor: Executor;
  readonly pool: ResourcePool;
  /** Whether steps that do not need a failed one go on. */
  readonly keepGoing: boolean;
  readonly forced: ReadonlySet<string>;
  /** Steps to be brought up to date; the others must be so already. */
  readonly selected: ReadonlySet<string> | null;
  /** Aborted when nothing more is to be started. */
  readonly stop: AbortSignal;
  /** Aborted when what runs is to be ended at once. */
  readonly kill: AbortSignal;
  readonly emit: (event: RunEvent) => void;
}

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

const LOG_TAIL_LINES = 15;

/** Brings a workflow up to date. Its sources must be readable. */
export async function runWorkflow(
  workflow: Workflow,
  options: RunnerOptions,
): Promise<RunResult> {
  const startMs = performance.now();
  const { run, pool, emit } = options;
  // Nothing is collected while a run needs it.
  using _using = await waitForLock(`${options.store.folder("locks")}/store`, {
    mode: "shared",
    signal: options.stop,
  });
  emit({
    type: "run_started",
    run: run.root,
    steps: workflow.steps.length,
    cpus: pool.capacity.cpus,
  });
  let pass = new Pass(workflow, options, false);
  await pass.finish();
  if (pass.foundDamage) {
    // One more pass makes anew what was damaged; a second would be no better.
    pass = new Pass(workflow, options, true);
    await pass.finish();
  }
  const seconds = (performance.now() - startMs) / 1000;
  const outcome = outcomeOf(pass, options.stop);
  emit({ type: "run_ended", outcome, counts: pass.counts(), seconds });
  return { outcome, counts: pass.counts(), seconds, steps: pass.results };
}

function outcomeOf(pass: Pass, stop: AbortSignal): RunOutcome {
  const { failed, left } = pass.counts();
  if (failed > 0) return "failed";
  return stop.aborted && left > 0 ? "stopped" : "succeeded";
}

/** A step whose units are being run. */
interface ActiveStep {
  readonly keyed: KeyedStep;
  readonly units: readonly WorkUnit[];
  readonly records: ResultRecord[];
  readonly progress: StepProgress;
  failed: boolean;
}

/** One walk over the workflow. */
class Pass {
  readonly results = new Map<string, StepResult>();
  foundDamage = false;
  readonly #options: RunnerOptions;
  readonly #workflow: Workflow;
  readonly #planner: Planner;
  /** Whether damage met now is a failure, as no pass follows. */
  readonly #isLast: boolean;
  readonly #missing = new Map<string, number>();
  readonly #dependants = new Map<string, Step[]>();
  readonly #readySteps: Step[] = [];
  readonly #readyUnits: WorkUnit[] = [];
  readonly #active = new Map<string, ActiveStep>();
  readonly #units: UnitRunner;
  #busy = 0;
  #isFailing = false;
  #wake = Promise.withResolvers<void>();

  constructor(workflow: Workflow, options: RunnerOptions, isLast: boolean) {
    this.#workflow = workflow;
    this.#options = options;
    this.#isLast = isLast;
    const inputs = new Inputs(options.store);
    const [problem] = inputs.readSources(workflow);
    if (problem !== undefined) throw new Error(problem.message);
    this.#planner = options.makePlanner(inputs);
    this.#units = new UnitRunner({
      ...options,
      seen: (fingerprint) => this.#planner.wholeResult(fingerprint),
      roused: () => this.#wake.promise,
      rouse: () => this.#rouse(),
    });
    for (const step of workflow.steps) {
      const needs = dependenciesOf(step);
      this.#missing.set(step.id, needs.length);
      if (needs.length === 0) this.#readySteps.push(step);
      for (const need of needs) {
        const dependants = this.#dependants.get(need) ?? [];
        this.#dependants.set(need, [...dependants, step]);
      }
    }
  }

  async finish(): Promise<void> {
    const { stop, kill, emit } = this.#options;
    const onStop = () => {
      emit({ type: "run_stopping", running: this.#units.cancelAll("stop") });
      this.#rouse();
    };
    const onKill = () => this.#units.cancelAll("kill");
    stop.addEventListener("abort", onStop);
    kill.addEventListener("abort", onKill);
    try {
      for (;;) {
        this.#advance();
        if (this.#busy === 0) break;
        await this.#wake.promise;
      }
    } finally {
      this.#units[Symbol.dispose]();
      stop.removeEventListener("abort", onStop);
      kill.removeEventListener("abort", onKill);
    }
    for (const step of this.#workflow.steps) {
      if (!this.results.has(step.id)) this.results.set(step.id, leftOver(null));
    }
  }

  counts(): RunCounts {
    const counts = { fresh: 0, restored: 0, run: 0, failed: 0, left: 0 };
    for (const { state } of this.results.values()) counts[state]++;
    return counts;
  }

  get #isStarting(): boolean {
    const { stop, keepGoing } = this.#options;
    return !stop.aborted && (keepGoing || !this.#isFailing);
  }

  /** Does all that can be done without waiting. */
  #advance(): void {
    // Found by index: shift() would make a wide workflow quadratic.
    for (let next = 0; next < this.#readySteps.length; next++) {
      if (!this.#isStarting) break;
      this.#begin(this.#readySteps[next]!);
      if (next === this.#readySteps.length - 1) this.#readySteps.length = 0;
    }
    if (!this.#isStarting) this.#readyUnits.length = 0;
    this.#startUnits();
  }

  #startUnits(): void {
    let kept = 0;
    for (const unit of this.#readyUnits) {
      const isWanted = !this.#active.get(unit.step.id)?.failed;
      if (isWanted && this.#options.pool.tryTake(unit.step.resources)) {
        this.#spawn(unit.step, this.#runUnit(unit));
      } else if (isWanted) this.#readyUnits[kept++] = unit;
    }
    this.#readyUnits.length = kept;
  }

  /** Follows a task; whatever waits is looked at again when it ends. */
  async #spawn(step: Step, task: Promise<void>): Promise<void> {
    this.#busy++;
    try {
      await task;
    } catch (error) {
      // Such as a full disk while results are shown.
      this.#fail(step, messageOf(error), null);
    } finally {
      this.#busy--;
      this.#rouse();
    }
  }

  #rouse(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }

  // Steps

  #begin(step: Step): void {
    const decision = this.#planner.decide(step);
    if (decision.action === "wait") throw new Error("Internal error: waiting");
    if (decision.action === "none") {
      this.#options.emit({ type: "step_fresh", step: step.id });
      this.#settle(step, "fresh", decision.keyed, decision.outputs);
    } else if (this.#isOutside(step, decision)) {
      this.#fail(step, notUpToDate(step), null);
    } else if (decision.action === "restore") {
      this.#spawn(step, this.#restore(decision.keyed, decision));
    } else {
      this.#activate(decision.keyed, decision.reasons);
    }
  }

  #isOutside(step: Step, decision: Decision): boolean {
    const { selected } = this.#options;
    const isSelected = selected === null || selected.has(step.id);
    return !isSelected && decision.action === "run";
  }

  async #restore(
    keyed: KeyedStep,
    from: { record: ResultRecord; reasons: readonly Reason[] },
  ): Promise<void> {
    const { step } = keyed;
    const { outputs } = from.record;
    await this.#options.run.show(step, keyed.fingerprint, outputs);
    const { reasons } = from;
    this.#options.emit({ type: "step_restored", step: step.id, reasons });
    this.#settle(step, "restored", keyed, outputs);
  }

  #activate(keyed: KeyedStep, reasons: readonly Reason[]): void {
    const { step } = keyed;
    const excess = this.#options.pool.excessOf(step.resources);
    if (excess !== null) {
      this.#fail(
        step,
        `Cannot run step "${step.id}" as it asks ${excess}`,
        null,
      );
      return;
    }
    keepInputLists(keyed, this.#options.store);
    const units = unitsOf(keyed);
    const progress = new StepProgress(step.id, units, this.#options.emit);
    const active = { keyed, units, records: [], progress, failed: false };
    this.#active.set(step.id, active);
    const shards = units.length;
    this.#options.emit({
      type: "step_started",
      step: step.id,
      reasons,
      shards,
    });
    for (const unit of units) this.#readyUnits.push(unit);
    if (units.length === 0) this.#spawn(step, this.#complete(active));
  }

  async #complete(active: ActiveStep): Promise<void> {
    const { keyed, records, units, progress } = active;
    const { step, fingerprint } = keyed;
    const { store, run, emit } = this.#options;
    const isSplit = step.stage.shards !== undefined;
    const before = run.stateOf(step.id);
    const seen = store.readResult(fingerprint);
    const record = isSplit
      ? mergeShards(keyed, inOrder(units, records), store)
      : records[0]!;
    await run.show(step, fingerprint, record.outputs);
    const isSame = (a: Readonly<Record<string, Content>> | undefined) =>
      JSON.stringify(a) === JSON.stringify(record.outputs);
    if (isSplit && seen !== null && !isSame(seen.outputs)) {
      emit({ type: "step_not_deterministic", step: step.id });
    }
    this.#active.delete(step.id);
    emit({
      type: "step_ended",
      step: step.id,
      seconds: progress.seconds,
      peakMemoryBytes: record.peakMemoryBytes,
      unchanged: isSame(before?.outputs),
    });
    this.#settle(step, "run", keyed, record.outputs);
  }

  #settle(
    step: Step,
    state: StepResult["state"],
    keyed: KeyedStep,
    outputs: Readonly<Record<string, Content>>,
  ): void {
    const { fingerprint } = keyed;
    this.results.set(step.id, { state, fingerprint, outputs, message: null });
    this.#planner.inputs.add(step.id, outputs);
    for (const dependant of this.#dependants.get(step.id) ?? []) {
      const missing = this.#missing.get(dependant.id)! - 1;
      this.#missing.set(dependant.id, missing);
      if (missing === 0) this.#readySteps.push(dependant);
    }
  }

  #fail(step: Step, message: string, log: string | null): void {
    this.#isFailing = true;
    const { emit } = this.#options;
    const logTail = log === null ? [] : tailOf(log);
    emit({
      type: "step_failed",
      step: step.id,
      message,
      log: log ?? "",
      logTail,
    });
    const failed: StepResult = { ...leftOver(message), state: "failed" };
    this.results.set(step.id, failed);
    this.#active.delete(step.id);
    this.#skipAfter(step);
  }

  #skipAfter(failed: Step): void {
    const waiting = [...(this.#dependants.get(failed.id) ?? [])];
    for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
      if (this.results.has(step.id)) continue;
      this.results.set(step.id, leftOver(null));
      const because = failed.id;
      this.#options.emit({ type: "step_skipped", step: step.id, because });
      waiting.push(...(this.#dependants.get(step.id) ?? []));
    }
  }

  // Units

  async #runUnit(unit: WorkUnit): Promise<void> {
    const active = this.#active.get(unit.step.id)!;
    const log = this.#options.run.logOf(unit.step.id, unit.shard);
    try {
      const record = await this.#units.run(unit, {
        log,
        advanced: (progress) => active.progress.unitAdvanced(unit, progress),
      });
      active.records.push(record);
      active.progress.unitEnded(unit);
    } catch (error) {
      this.#unitFailed(unit, active, error, log);
    } finally {
      this.#options.pool.giveBack(unit.step.resources);
    }
    if (!active.failed && active.records.length === active.units.length) {
      await this.#complete(active);
    }
  }

  #unitFailed(
    unit: WorkUnit,
    active: ActiveStep,
    error: unknown,
    log: string,
  ): void {
    if (active.failed) return;
    active.failed = true;
    const isCancelled = this.#options.stop.aborted;
    if (isCancelled) this.#active.delete(unit.step.id);
    else if (error instanceof UnitFailure && this.#isMendable(error.exit)) {
      this.foundDamage = true;
      this.#active.delete(unit.step.id);
    } else this.#fail(unit.step, messageOf(error), log);
  }

  /** Puts a damaged object aside, so that the next pass makes it again. */
  #isMendable(exit: Exit & { ok: false }): boolean {
    if (exit.reason !== "inputDamaged") return false;
    const { store, emit } = this.#options;
    const digest = exit.digest as Digest;
    if (store.rehash(digest) === "damaged") store.quarantine(digest);
    emit({ type: "damage_found", digest });
    return !this.#isLast;
  }
}

/** Lists of folders from outside, so that a later plan can say what changed. */
function keepInputLists(keyed: KeyedStep, store: Store): void {
  for (const input of Object.values(keyed.inputs)) {
    for (const { tree } of locatedOf(input)) {
      if (tree !== null) store.putTree(tree);
    }
  }
}

function leftOver(message: string | null): StepResult {
  return { state: "left", fingerprint: null, outputs: {}, message };
}

function notUpToDate(step: Step): string {
  return `Cannot run only the steps asked for as step "${step.id}", which ` +
    `feeds them, must be up to date: it is stale; run it first`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Records in the order of their units, whichever ended first. */
function inOrder(
  units: readonly WorkUnit[],
  records: readonly ResultRecord[],
): ResultRecord[] {
  const byKey = new Map(records.map((record) => [record.fingerprint, record]));
  return units.map((unit) => byKey.get(unit.fingerprint)!);
}

function tailOf(log: string): string[] {
  return (readTextIfThere(log) ?? "").trimEnd().split("\n").slice(
    -LOG_TAIL_LINES,
  );
}
