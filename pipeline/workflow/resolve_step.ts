/**
 * One step of a workflow file to the steps it stands for.
 *
 * @module
 */
import type * as z from "zod";
import type { InputBinder } from "./bind_inputs.ts";
import type { StepGroup } from "./input_reference.ts";
import { type Expansion, unknownExpansion } from "./matrix.ts";
import {
  keyAt,
  type Path,
  type Place,
  type ProblemList,
  valueAt,
} from "./problem.ts";
import { toBytes, toMilliseconds } from "./quantity.ts";
import { type SchemaIssue, schemaIssues } from "./schema_issues.ts";
import type { Stage } from "../stage.ts";
import { type JsonMap, substitute } from "./template.ts";
import { describeValue, quote } from "./wording.ts";
import type { Json, Resources, Step, StepFile } from "./workflow.ts";
import { hasWrong, WRONG } from "./wrong.ts";

/** What the steps of a workflow have in common. */
export interface StepContext {
  /** Of the workflow, overrides applied. */
  readonly params: JsonMap;
  /** Of the workflow, for steps without one of their own. */
  readonly seed: number;
  readonly binder: InputBinder;
  readonly problems: ProblemList;
}

/** A part of a step in which expressions may stand. */
type Field = "params" | "inputs" | "seed";

/** Resolves steps one after the other. */
export class StepResolver {
  constructor(readonly context: StepContext) {}

  /** All expansions of a step; those with problems are left out. */
  resolve(group: StepGroup): Step[] {
    const { stage, file } = group;
    if (file as unknown === WRONG) return [];
    this.context.binder.checkNames(group);
    if (group.expansions.length === 0) {
      this.#resolveVarying(group, unknownExpansion(file));
    }
    const same = stage && !hasWrong(file) ? sameForAll(file, stage) : null;
    const steps: Step[] = [];
    for (const expansion of group.expansions) {
      const varying = this.#resolveVarying(group, expansion);
      if (same === null || varying === null) continue;
      const { id, axes } = expansion;
      steps.push({ id, name: group.name, axes, ...same, ...varying });
    }
    return steps;
  }

  /** What expressions may change from one expansion to the next. */
  #resolveVarying(group: StepGroup, expansion: Expansion) {
    const { name, file, stage } = group;
    const field = (key: Field, value: Json) =>
      this.#substitute(["steps", name, key], expansion, value);
    const written = field("params", file.params ?? {});
    const given = field("inputs", file.inputs ?? {});
    const seed = field("seed", file.seed ?? this.context.seed);
    const inputs = given === WRONG
      ? null
      : this.context.binder.bind(group, expansion, given as JsonMap);
    if (seed !== WRONG) this.#checkSeed(name, seed);
    if (stage === null) return null;
    const params = this.#parseParams(group, stage, written);
    if (params === null || inputs === null || seed === WRONG) return null;
    return { params, inputs, seed: stage.seeded ? Number(seed) : 0 };
  }

  /** With `WRONG`, and reported, where an expression has no value. */
  #substitute(path: Path, { values }: Expansion, value: Json): Json {
    const scope = { params: this.context.params, matrix: values };
    return substitute(value, scope, (inner, piece, message) => {
      this.context.problems.add(valueAt([...path, ...inner], piece), message);
    });
  }

  #parseParams(
    group: StepGroup,
    stage: Stage,
    written: Json,
  ): Record<string, unknown> | null {
    const schema = stage.params as z.ZodObject;
    const parsed = schema.safeParse(written);
    if (parsed.success) return parsed.data;
    for (const issue of schemaIssues(schema, written, parsed.error.issues)) {
      if (issue.reason === "isWrong") continue;
      const place = placeOf(group, issue);
      this.context.problems.add(place, () => paramMessage(group, stage, issue));
    }
    return null;
  }

  #checkSeed(name: string, seed: Json): void {
    if (Number.isSafeInteger(seed) && Number(seed) >= 0) return;
    this.context.problems.add(
      valueAt(["steps", name, "seed"]),
      () =>
        `Cannot use seed of step ${quote(name)} as it must be ` +
        `an integer of at least 0: it is ${describeValue(seed)}`,
    );
  }
}

/** What all expansions have in common. */
function sameForAll(file: StepFile, stage: Stage) {
  return {
    stage,
    resources: resourcesOf(file),
    retries: file.retries ?? 0,
    timeoutMs: file.timeout === undefined ? null : toMilliseconds(file.timeout),
    isolation: file.isolation ?? stage.isolation ?? "pool",
  };
}

function resourcesOf({ resources = {} }: StepFile): Resources {
  const { cpus, memory, gpu, time } = resources;
  return {
    cpus: cpus ?? 1,
    memoryBytes: memory === undefined ? null : toBytes(memory),
    gpu: gpu ?? 0,
    timeMs: time === undefined ? null : toMilliseconds(time),
  };
}

function placeOf({ name, file }: StepGroup, issue: SchemaIssue): Place {
  const path = ["steps", name, "params", ...issue.path];
  if (issue.reason === "unknownKey" || issue.reason === "badKey") {
    return keyAt(path);
  }
  if (issue.reason === "badValue") return valueAt(path);
  return file.params === undefined
    ? valueAt(["steps", name, "stage"])
    : keyAt(path);
}

function paramMessage(
  { name }: StepGroup,
  stage: Stage,
  { path, reason, text }: SchemaIssue,
): string {
  const param = quote(path.join("."));
  const step = quote(name);
  switch (reason) {
    case "missing":
      return `Cannot run step ${step} as stage ${quote(stage.name)} ` +
        `must have param ${param}: it is missing`;
    case "unknownKey":
      return `Cannot use param ${param} of step ${step} as stage ` +
        `${quote(stage.name)} has no such param: ${text}`;
    default:
      return path.length === 0
        ? `Cannot use params of step ${step} as they ${text}`
        : `Cannot use param ${param} of step ${step} as it ${text}`;
  }
}
