/**
 * The form of workflow files: what a YAML file may say. The meaning of what it
 * says is found by `resolve.ts`.
 *
 * Loaded when a text is read for the first time: to make the schemas takes
 * longer than all else a run with nothing to do needs.
 *
 * @module
 */
import * as z from "zod";

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
  cpus: z.union([z.int().min(1), z.literal("all")]).optional()
    .describe("cores; all: as many as there are; 1 when left out"),
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
  seed: z.union([z.int().min(0).max(4294967295), z.string()]).optional(),
  resources: ResourcesFile.optional(),
  retries: z.int().min(0).max(100).optional().describe("0 when left out"),
  timeout: Duration.optional().describe("a step is stopped after this"),
  isolation: z.enum(["pool", "process"]).optional(),
});

/** A workflow file: one experiment, whole. */
export const WorkflowFile = z.strictObject({
  workflow: Name.describe("its name: that of the run, unless --name is given"),
  seed: z.int().min(0).max(4294967295).optional().describe("0 when left out"),
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
