/**
 * One walk over a workflow: steps begin when all before them have settled, and
 * their units run as there is room for them.
 *
 * @module
 */
import { messageOf } from "../explained_error.ts";
import type { Decision, KeyedStep, Planner } from "../plan/plan.ts";
import type { Reason } from "../plan/staleness.ts";
import type { Digest } from "../store/digest.ts";
import type { ResultRecord } from "../store/fingerprint.ts";
import type { Store } from "../store/store.ts";
import type { Content } from "../store/tree.ts";
import type { Step, Workflow } from "../workflow/workflow.ts";
import { ActiveStep } from "./active_step.ts";
import type { RunEvent } from "./event.ts";
import type { Executor } from "./executor.ts";
import type { Exit } from "./job.ts";
import type { Orphans } from "./orphans.ts";
import { ReadySteps } from "./ready_steps.ts";
import type { ResourcePool } from "./resource_pool.ts";
import { DamagedObject, endOfLog, type RunFolder } from "./run_folder.ts";
import { LEFT, type StepResult } from "./step_result.ts";
import { UnitQueue } from "./unit_queue.ts";
import { UnitFailure, UnitRunner } from "./unit_runner.ts";
import type { WorkUnit } from "./work_unit.ts";

/** What a run works with. */
export interface RunnerOptions {
  readonly store: Store;
  readonly run: RunFolder;
  /** Decides; made anew for each pass over the workflow. */
  readonly makePlanner: () => Planner;
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

/** One walk over the workflow. */
export class Pass {
  readonly results = new Map<string, StepResult>();
  foundDamage = false;
  readonly #options: RunnerOptions;
  readonly #workflow: Workflow;
  readonly #planner: Planner;
  /** Whether damage met now is a failure, as no pass follows. */
  readonly #isLast: boolean;
  readonly #order: ReadySteps;
  readonly #readySteps: Step[];
  readonly #readyUnits = new UnitQueue();
  readonly #active = new Map<string, ActiveStep>();
  readonly #units: UnitRunner;
  #busy = 0;
  #isFailing = false;
  #wake = Promise.withResolvers<void>();

  constructor(
    workflow: Workflow,
    options: RunnerOptions & { readonly orphans: Orphans },
    isLast: boolean,
  ) {
    this.#workflow = workflow;
    this.#options = options;
    this.#isLast = isLast;
    this.#planner = options.makePlanner();
    this.#units = new UnitRunner({
      ...options,
      seen: (fingerprint) => this.#planner.wholeResult(fingerprint),
      roused: () => this.#wake.promise,
      rouse: () => this.#rouse(),
    });
    this.#order = new ReadySteps(workflow.steps);
    this.#readySteps = [...this.#order.first];
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
    for (const { id } of this.#workflow.steps) {
      if (!this.results.has(id)) this.results.set(id, LEFT);
    }
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
      this.#tryBegin(this.#readySteps[next]!);
      if (next === this.#readySteps.length - 1) this.#readySteps.length = 0;
    }
    if (!this.#isStarting) this.#readyUnits.clear();
    this.#startUnits();
  }

  #startUnits(): void {
    const { pool } = this.#options;
    const isWanted = ({ step }: WorkUnit) => this.#active.has(step.id);
    for (;;) {
      const unit = this.#readyUnits.take(pool, isWanted);
      if (unit === null) return;
      this.#spawn(unit.step, this.#runUnit(unit));
    }
  }

  /** Follows a task; whatever waits is looked at again when it ends. */
  async #spawn(step: Step, task: Promise<void>): Promise<void> {
    this.#busy++;
    try {
      await task;
    } catch (error) {
      this.#taskFailed(step, error);
    } finally {
      this.#busy--;
      this.#rouse();
    }
  }

  /** A result could not be shown: it is damaged, or the disk is full. */
  #taskFailed(step: Step, error: unknown): void {
    if (error instanceof DamagedObject && this.#isMended(error.digest)) {
      this.foundDamage = true;
      this.#active.delete(step.id);
    } else this.#fail(step, messageOf(error), null);
  }

  #rouse(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }

  // Steps

  /** What goes wrong with one step is that step's, not the run's. */
  #tryBegin(step: Step): void {
    try {
      this.#begin(step);
    } catch (error) {
      this.#taskFailed(step, error);
    }
  }

  #begin(step: Step): void {
    const decision = this.#planner.decide(step);
    if (decision.action === "wait") throw new Error("Internal error: waiting");
    if (decision.action === "none") {
      this.#options.emit({ type: "step_fresh", step: step.id });
      this.#settle(decision.keyed, "fresh", decision.outputs);
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
    const { step, fingerprint } = keyed;
    const { record: { outputs }, reasons } = from;
    await this.#options.run.show(step, fingerprint, outputs);
    this.#options.emit({ type: "step_restored", step: step.id, reasons });
    this.#settle(keyed, "restored", outputs);
  }

  #activate(keyed: KeyedStep, reasons: readonly Reason[]): void {
    const { step } = keyed;
    const excess = this.#options.pool.excessOf(step.resources);
    if (excess !== null) {
      const message = `Cannot run step "${step.id}" as it asks ${excess}`;
      return this.#fail(step, message, null);
    }
    const active = new ActiveStep(keyed, reasons, this.#options);
    this.#active.set(step.id, active);
    if (step.stage.shards !== undefined) {
      const units = active.units.map(({ fingerprint }) => fingerprint);
      this.#options.run.noteUnits(step.id, units);
    }
    for (const unit of active.units) this.#readyUnits.push(unit);
    if (active.units.length === 0) this.#spawn(step, this.#complete(active));
  }

  async #complete(active: ActiveStep): Promise<void> {
    const outputs = await active.complete();
    const { id, stage } = active.keyed.step;
    this.#active.delete(id);
    if (stage.shards !== undefined) this.#options.run.forgetUnits(id);
    this.#settle(active.keyed, "run", outputs);
  }

  #settle(
    { step, fingerprint }: KeyedStep,
    state: StepResult["state"],
    outputs: Readonly<Record<string, Content>>,
  ): void {
    this.results.set(step.id, { state, fingerprint, outputs, message: null });
    this.#planner.inputs.add(step.id, outputs);
    for (const ready of this.#order.settled(step)) this.#readySteps.push(ready);
  }

  #fail(step: Step, message: string, log: string | null): void {
    this.#isFailing = true;
    const logTail = log === null ? [] : endOfLog(log);
    this.#options.emit({
      type: "step_failed",
      step: step.id,
      message,
      log: log ?? "",
      logTail,
    });
    this.results.set(step.id, { ...LEFT, message, state: "failed" });
    this.#active.delete(step.id);
    for (const { id } of this.#order.after(step)) {
      if (this.results.has(id)) continue;
      this.results.set(id, LEFT);
      this.#options.emit({ type: "step_skipped", step: id, because: step.id });
    }
  }

  // Units

  async #runUnit(unit: WorkUnit): Promise<void> {
    const active = this.#active.get(unit.step.id)!;
    active.begin();
    const log = this.#options.run.logOf(unit.step.id, unit.shard);
    let [isHeld, isComputed] = [true, false];
    const giveBack = () => {
      if (isHeld) this.#options.pool.giveBack(unit.step.resources);
      isHeld = false;
      this.#rouse();
    };
    try {
      const record = await this.#units.run(unit, {
        log,
        advanced: (progress) => active.unitAdvanced(unit, progress),
        computed: () => {
          isComputed = true;
          giveBack();
        },
      });
      active.unitEnded(unit, record, isComputed);
    } catch (error) {
      this.#unitFailed(unit, active, error, log);
    } finally {
      giveBack();
    }
    if (active.isComplete) await this.#complete(active);
  }

  #unitFailed(
    unit: WorkUnit,
    active: ActiveStep,
    error: unknown,
    log: string,
  ): void {
    if (active.failed) return;
    active.failed = true;
    this.#active.delete(unit.step.id);
    if (this.#options.stop.aborted) return;
    if (error instanceof UnitFailure && this.#isMendable(error.exit)) {
      this.foundDamage = true;
    } else this.#fail(unit.step, messageOf(error), log);
  }

  #isMendable(exit: Exit & { ok: false }): boolean {
    return exit.reason === "inputDamaged" &&
      this.#isMended(exit.digest as Digest);
  }

  /** Puts a damaged object aside, so that the next pass makes it again. */
  #isMended(digest: Digest): boolean {
    const { store, emit } = this.#options;
    if (store.rehash(digest) === "damaged") store.quarantine(digest);
    emit({ type: "damage_found", digest });
    return !this.#isLast;
  }
}

function notUpToDate(step: Step): string {
  return `Cannot run only the steps asked for as step "${step.id}", which ` +
    `feeds them, must be up to date: it is stale; run it first`;
}
