/**
 * A step that is being run: its units, and their results joined to its own.
 *
 * @module
 */
import { locatedOf } from "../plan/inputs.ts";
import type { KeyedStep } from "../plan/plan.ts";
import type { Reason } from "../plan/staleness.ts";
import type { ResultRecord } from "../store/fingerprint.ts";
import type { Store } from "../store/store.ts";
import type { Content, Tree } from "../store/tree.ts";
import type { RunEvent } from "./event.ts";
import type { Progress } from "./executor.ts";
import type { RunFolder } from "./run_folder.ts";
import { StepProgress } from "./step_progress.ts";
import { mergeShards } from "./commit_result.ts";
import { unitsOf, type WorkUnit } from "./work_unit.ts";

/** What an active step works with. */
export interface ActiveStepOptions {
  readonly store: Store;
  readonly run: RunFolder;
  readonly emit: (event: RunEvent) => void;
}

/** A step whose units wait, run or have ended. */
export class ActiveStep {
  readonly keyed: KeyedStep;
  readonly units: readonly WorkUnit[];
  /** Whether one of its units has failed. */
  failed = false;
  readonly #options: ActiveStepOptions;
  readonly #records = new Map<string, ResultRecord>();
  readonly #progress: StepProgress;
  #missing: number;

  readonly #reasons: readonly Reason[];
  #hasBegun = false;
  /** Whether any unit was computed by this run. */
  #hasComputed = false;

  constructor(
    keyed: KeyedStep,
    reasons: readonly Reason[],
    options: ActiveStepOptions,
  ) {
    this.keyed = keyed;
    this.#reasons = reasons;
    this.#options = options;
    this.units = unitsOf(keyed);
    this.#missing = this.units.length;
    this.#progress = new StepProgress(keyed.step.id, this.units, options.emit);
  }

  /** Whether all units have ended well. */
  get isComplete(): boolean {
    return !this.failed && this.#missing === 0;
  }

  /** A unit is about to run; tells of the step with its first. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#progress.begin();
    this.#options.emit({
      type: "step_started",
      step: this.keyed.step.id,
      reasons: this.#reasons,
      shards: this.units.length,
    });
  }

  unitAdvanced(unit: WorkUnit, progress: Progress): void {
    this.#progress.unitAdvanced(unit, progress);
  }

  /** The result of a unit is there: computed by this run, or by another. */
  unitEnded(unit: WorkUnit, record: ResultRecord, isComputed: boolean): void {
    this.#records.set(unit.fingerprint, record);
    this.#missing--;
    this.#hasComputed ||= isComputed;
    this.#progress.unitEnded(unit, isComputed);
  }

  /** Joins the units' results and shows the step's; gives its outputs. */
  async complete(): Promise<ResultRecord["outputs"]> {
    const { step, fingerprint } = this.keyed;
    const { store, run, emit } = this.#options;
    const before = run.stateOf(step.id);
    const [record] = await Promise.all([
      this.#join(),
      ...inputListsOf(this.keyed).map((tree) => store.putTree(tree)),
    ]);
    const { outputs, peakMemoryBytes } = record;
    await run.show(step, fingerprint, outputs);
    // Of shards side by side; waiting for another to compute is no time of it.
    const isWallTime = step.stage.shards !== undefined && this.#hasComputed;
    const { seconds } = isWallTime ? this.#progress : record;
    const unchanged = before !== null && isSame(before.outputs, outputs);
    const { id } = step;
    emit({ type: "step_ended", step: id, seconds, peakMemoryBytes, unchanged });
    return outputs;
  }

  async #join(): Promise<ResultRecord> {
    const { step, fingerprint } = this.keyed;
    const { store, emit } = this.#options;
    const records = this.units.map((unit) =>
      this.#records.get(unit.fingerprint)!
    );
    if (step.stage.shards === undefined) return records[0]!;
    const seen = store.readResult(fingerprint);
    const record = await mergeShards(this.keyed, records, store);
    if (seen !== null && !isSame(seen.outputs, record.outputs)) {
      emit({ type: "step_not_deterministic", step: step.id });
    }
    return record;
  }
}

type Outputs = Readonly<Record<string, Content>>;

/** Outputs are written in the stage's order, so their texts can be compared. */
export function isSame(a: Outputs, b: Outputs): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Lists of folders, kept so that a later plan can say what changed in them. */
function inputListsOf(keyed: KeyedStep): Tree[] {
  return Object.values(keyed.inputs).flatMap(locatedOf)
    .map(({ tree }) => tree).filter((tree) => tree !== null);
}
