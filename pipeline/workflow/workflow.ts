/**
 * Workflows: what a YAML file may say, and what it means once resolved.
 *
 * A file is read in two moves. `workflow_yaml.ts` checks its form against
 * {@link WorkflowFile} and keeps where each value stands; `resolve.ts` puts
 * parameters in place, expands matrices, binds inputs and gives a
 * {@link Workflow}, which is right by construction: later modules never see an
 * unknown stage, a missing input or a cycle.
 *
 * @module
 */
import * as z from "zod";
import type { InputSpec, Isolation, Stage } from "../stage.ts";

const SNAKE_CASE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const Name = z.string().regex(SNAKE_CASE, "must be snake_case");
const Scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Any JSON value, `${params.x}` and `${matrix.x}` not yet in place. */
export type Json =
  | null
  | string
  | number
  | boolean
  | Json[]
  | { [key: string]: Json };
const Json: z.ZodType<Json> = z.json();

const Reference = z.string().regex(
  /^\$\{params(\.[A-Za-z0-9_-]+)+\}$/,
  "must be a list, a map or such as ${params.x}",
);

/** A byte count: `1500000` or `8GiB`; above 0 and exact as a number. */
const Bytes = z.union([
  z.int().positive(),
  z.string().regex(
    /^(?=.*[1-9])\d{1,6}(\.\d{1,6})?(KiB|MiB|GiB|KB|MB|GB)$/,
    "must be bytes such as 8GiB",
  ),
]);

/** A time: seconds, or `90s`, `15m`, `12h`; above 0. */
const Duration = z.union([
  z.number().positive(),
  z.string().regex(
    /^(?=.*[1-9])\d{1,6}(\.\d{1,6})?(ms|s|m|h)$/,
    "must be a time such as 15m",
  ),
]);

/** What a step needs of the machine it runs on. */
export const ResourcesFile = z.strictObject({
  cpus: z.int().min(1).optional().describe("cores; 1 when left out"),
  memory: Bytes.optional().describe("bytes, or such as 8GiB"),
  gpu: z.int().min(0).optional().describe("devices; 0 when left out"),
  time: Duration.optional().describe("longest run expected; for clusters"),
});

/** One axis: values, or named values with fields `${matrix.axis.field}`. */
const Axis = z.union([
  z.array(Scalar).min(1),
  z.record(Name, z.record(z.string(), Json)),
  Reference,
]);

/** One step of a workflow file. */
export const StepFile = z.strictObject({
  stage: z.string().describe("the kind of work, by its name"),
  params: z.record(z.string(), Json).optional(),
  inputs: z.record(z.string(), z.string()).optional().describe(
    "step.output, step.output/part, or a path that begins with ./ ../ or /",
  ),
  matrix: z.record(Name, Axis).optional().describe(
    "the step is run once for each combination of these values",
  ),
  seed: z.union([z.int().min(0), z.string()]).optional(),
  resources: ResourcesFile.optional(),
  retries: z.int().min(0).max(100).optional().describe("0 when left out"),
  timeout: Duration.optional().describe("a step is stopped after this"),
  isolation: z.enum(["pool", "process"]).optional(),
});

/** A workflow file: one experiment, whole. */
export const WorkflowFile = z.strictObject({
  workflow: Name.describe("its name: that of the run, unless --name is given"),
  seed: z.int().min(0).optional().describe("0 when left out"),
  params: z.record(z.string(), Json).optional().describe(
    "defaults; --set a.b=value overrides",
  ),
  targets: z.array(z.string()).min(1).optional().describe(
    "steps the run is for; only they and what they need are run",
  ),
  steps: z.record(Name, StepFile),
});
export type WorkflowFile = z.output<typeof WorkflowFile>;
export type StepFile = z.output<typeof StepFile>;

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
  readonly cpus: number;
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
