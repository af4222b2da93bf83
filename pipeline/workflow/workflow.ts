/**
 * Workflows: what a file means once resolved.
 *
 * A file is read in two moves. `workflow_yaml.ts` checks its form against the
 * schema of `workflow_form.ts`; `resolve.ts` puts parameters in place, expands
 * matrices, binds inputs and gives a {@link Workflow}, which is right by
 * construction: later modules never see an unknown stage, a missing input or a
 * cycle.
 *
 * @module
 */
import type { InputSpec, Isolation, Stage } from "../stage.ts";
import type { Json } from "./workflow_form.ts";

export type { Json, StepFile, WorkflowFile } from "./workflow_form.ts";

/** Where an input comes from. */
export type InputRef =
  | {
    readonly from: "step";
    /** Id of a step of the same workflow. */
    readonly step: string;
    readonly output: string;
    /** A part of a composite output, or null for the whole. */
    readonly part: string | null;
  }
  | {
    readonly from: "path";
    /** A file or folder outside the store, as written. */
    readonly path: string;
  };

/** One declared input of a step with what feeds it. */
export type BoundInput =
  | { readonly arity: "one"; readonly spec: InputSpec; readonly ref: InputRef }
  | { readonly arity: "none"; readonly spec: InputSpec }
  | {
    readonly arity: "list";
    readonly spec: InputSpec;
    readonly refs: readonly InputRef[];
  };

/** What a step asks for, defaults in place. */
export interface Resources {
  /** `all`: whatever the run may use. */
  readonly cpus: number | "all";
  /** Null: not said. */
  readonly memoryBytes: number | null;
  readonly gpu: number;
  /** Null: not said. */
  readonly timeMs: number | null;
}

/** A node of the graph. */
export interface Step {
  /** `train`, or `train[seed=1,variant=bcm]` when expanded; unique. */
  readonly id: string;
  /** Name in the file, without the matrix. */
  readonly name: string;
  /** Label of this expansion on each axis; empty without a matrix. */
  readonly axes: Readonly<Record<string, string>>;
  readonly stage: Stage;
  /** After defaults, as the stage's schema gives them. */
  readonly params: Readonly<Record<string, unknown>>;
  /** By the stage's input names, in its order. */
  readonly inputs: Readonly<Record<string, BoundInput>>;
  /** 0 for stages that are not seeded. */
  readonly seed: number;
  readonly resources: Resources;
  readonly retries: number;
  readonly timeoutMs: number | null;
  readonly isolation: Isolation;
}

/** A workflow ready to be planned. */
export interface Workflow {
  readonly name: string;
  /** As written by the user, for messages and the run record. */
  readonly file: string;
  readonly params: Readonly<Record<string, Json>>;
  /** Those the targets need; each after all it depends on. */
  readonly steps: readonly Step[];
}

/** Ids of the steps that feed a step, in code unit order. */
export function dependenciesOf(step: Step): string[] {
  const ids = new Set<string>();
  for (const input of Object.values(step.inputs)) {
    for (const ref of refsOf(input)) {
      if (ref.from === "step") ids.add(ref.step);
    }
  }
  return [...ids].sort();
}

/** All references of an input: none, one or several. */
export function refsOf(input: BoundInput): readonly InputRef[] {
  if (input.arity === "none") return [];
  return input.arity === "one" ? [input.ref] : input.refs;
}
