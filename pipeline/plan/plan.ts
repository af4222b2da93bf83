/**
 * What a run would do: for each step, whether it is fresh, and why not.
 *
 * @module
 */
import type { CodeVersion, CodeVersions } from "./code_version.ts";
import type { Digest } from "../store/digest.ts";
import {
  type Fingerprint,
  fingerprintOf,
  FORMAT,
  type ResultRecord,
  type StepKey,
} from "../store/fingerprint.ts";
import {
  inputKeyOf,
  type Inputs,
  type KnownInput,
  locatedOf,
  type Pending,
} from "./inputs.ts";
import type { RunFolder, StepState } from "../run/run_folder.ts";
import { type Reason, reasonsBetween } from "./staleness.ts";
import { splitParams } from "../stage.ts";
import type { Store } from "../store/store.ts";
import type { Content, Tree } from "../store/tree.ts";
import type { Step, Workflow } from "../workflow/workflow.ts";

/** A step whose inputs are known, with what decides its result. */
export interface KeyedStep {
  readonly step: Step;
  readonly inputs: Readonly<Record<string, KnownInput>>;
  readonly key: StepKey;
  readonly fingerprint: Fingerprint;
  readonly code: CodeVersion;
}

/** What is to be done for a step. */
export type Decision =
  /** Fresh: its outputs are as they must be. */
  | {
    readonly action: "none";
    readonly keyed: KeyedStep;
    readonly outputs: Readonly<Record<string, Content>>;
  }
  /** Stale, but the store has seen this result before. */
  | {
    readonly action: "restore";
    readonly keyed: KeyedStep;
    readonly record: ResultRecord;
    readonly reasons: readonly Reason[];
  }
  | {
    readonly action: "run";
    readonly keyed: KeyedStep;
    readonly reasons: readonly Reason[];
  }
  /** Stale unless the steps before it give the same bytes again. */
  | { readonly action: "wait"; readonly reasons: readonly Reason[] };

/** Decides step by step; knows the outputs of the steps before. */
export class Planner {
  readonly #store: Store;
  readonly #run: RunFolder;
  readonly #codes: CodeVersions;
  readonly #forced: ReadonlySet<string>;
  readonly inputs: Inputs;

  constructor(of: {
    store: Store;
    run: RunFolder;
    codes: CodeVersions;
    inputs: Inputs;
    /** Ids of steps to run even when fresh. */
    forced: ReadonlySet<string>;
  }) {
    this.#store = of.store;
    this.#run = of.run;
    this.#codes = of.codes;
    this.#forced = of.forced;
    this.inputs = of.inputs;
  }

  /** What is to be done for a step, as far as its inputs are known. */
  decide(step: Step): Decision {
    const state = this.#run.stateOf(step.id);
    const stepInputs = this.inputs.of(step);
    const last = state === null
      ? null
      : () => this.#store.readResult(state.fingerprint);
    if (!stepInputs.known) {
      const { pending, inputs } = stepInputs;
      const reasons = this.#reasonsToWait(
        this.#keyOf(step, inputs),
        pending,
        last?.() ?? null,
      );
      return { action: "wait", reasons };
    }
    const keyed = this.#keyOf(step, stepInputs.inputs);
    if (this.#forced.has(step.id)) {
      return { action: "run", keyed, reasons: [FORCED] };
    }
    if (state?.fingerprint === keyed.fingerprint) {
      return this.#checkOutputs(keyed, state);
    }
    return this.#restoreOr(keyed, this.#reasonsFor(keyed, last?.() ?? null));
  }

  #keyOf(
    step: Step,
    inputs: Readonly<Record<string, KnownInput>>,
  ): KeyedStep {
    const code = this.#codes.of(step.stage.module);
    const key: StepKey = {
      format: FORMAT,
      stage: step.stage.name,
      version: step.stage.version,
      code: code.digest,
      params: splitParams(step.stage, step.params).keyed,
      seed: step.seed,
      inputs: Object.fromEntries(
        Object.entries(inputs).map((
          [name, input],
        ) => [name, inputKeyOf(input)]),
      ),
    };
    return { step, inputs, key, fingerprint: fingerprintOf(key), code };
  }

  /** The step has this result; is it still whole, and shown whole? */
  #checkOutputs(keyed: KeyedStep, state: StepState): Decision {
    const reasons: Reason[] = [];
    for (const [output, content] of Object.entries(state.outputs)) {
      const fault = this.#store.faultOf(content);
      if (fault !== null) {
        const isDamaged = fault.health === "damaged" ||
          this.#store.isQuarantined(fault.digest);
        const type = isDamaged ? "output_damaged" : "output_missing";
        reasons.push({ type, output, path: fault.path });
      } else {
        const broken = this.#run.brokenLink(keyed.step, output, content);
        if (broken !== null) {
          reasons.push({ type: "output_missing", ...broken });
        }
      }
    }
    if (reasons.length > 0) return this.#restoreOr(keyed, reasons);
    return { action: "none", keyed, outputs: state.outputs };
  }

  #restoreOr(keyed: KeyedStep, reasons: readonly Reason[]): Decision {
    const record = this.wholeResult(keyed.fingerprint);
    return record === null
      ? { action: "run", keyed, reasons }
      : { action: "restore", keyed, record, reasons };
  }

  /** A result that the store has, every byte of it to be trusted. */
  wholeResult(fingerprint: Fingerprint): ResultRecord | null {
    const record = this.#store.readResult(fingerprint);
    if (record === null) return null;
    const isWhole = Object.values(record.outputs).every((content) =>
      this.#store.faultOf(content) === null
    );
    return isWhole ? record : null;
  }

  /** What has changed beside the inputs that wait, then these. */
  #reasonsToWait(
    keyed: KeyedStep,
    pending: readonly Pending[],
    last: ResultRecord | null,
  ): Reason[] {
    if (last === null) return [{ type: "never_run" }];
    const waiting = pending.map(({ input }) => [input, last.key.inputs[input]]);
    const inputs = { ...keyed.key.inputs, ...Object.fromEntries(waiting) };
    const key: StepKey = { ...keyed.key, inputs };
    return [
      ...(this.#forced.has(keyed.step.id) ? [FORCED] : []),
      ...this.#reasonsFor({ ...keyed, key }, last),
      ...pending.map(pendingReason),
    ];
  }

  #reasonsFor(keyed: KeyedStep, last: ResultRecord | null): Reason[] {
    if (last === null) return [{ type: "never_run" }];
    const trees = new Map<Digest, Tree>();
    for (const input of Object.values(keyed.inputs)) {
      for (const { content, tree } of locatedOf(input)) {
        if (tree !== null) trees.set(content.digest, tree);
      }
    }
    const { step: { stage }, key, code } = keyed;
    return reasonsBetween(last, { stage, key, code, trees }, this.#store);
  }
}

const FORCED: Reason = { type: "forced" };

function pendingReason(of: Pending): Reason {
  return { type: "input_pending", ...of };
}

/** One line of a plan. */
export interface PlannedStep {
  readonly step: Step;
  readonly decision: Decision;
}

/** Plans a whole workflow; runs nothing. */
export function planWorkflow(
  workflow: Workflow,
  planner: Planner,
): PlannedStep[] {
  return workflow.steps.map((step) => {
    const decision = planner.decide(step);
    if (decision.action === "none") {
      planner.inputs.add(step.id, decision.outputs);
    } else if (decision.action === "restore") {
      planner.inputs.add(step.id, decision.record.outputs);
    }
    return { step, decision };
  });
}
