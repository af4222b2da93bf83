/**
 * From the form of a workflow file to what it means: params in place, matrices
 * expanded, inputs bound, steps in order. All that is wrong is found at once.
 *
 * @module
 */
import { InputBinder } from "./bind_inputs.ts";
import { blameOverrides } from "./blame_override.ts";
import { suggestion } from "./did_you_mean.ts";
import type { StepGroup, StepGroups } from "./input_reference.ts";
import { expandMatrix, MAX_STEPS } from "./matrix.ts";
import { neededSteps, orderNames } from "./order_steps.ts";
import { resolveParams } from "./params.ts";
import { type Problem, ProblemList, valueAt } from "./problem.ts";
import { StepResolver } from "./resolve_step.ts";
import type { Stage } from "../stage.ts";
import type { JsonMap } from "./template.ts";
import { quote } from "./wording.ts";
import type { Json, Step, Workflow, WorkflowFile } from "./workflow.ts";
import { WRONG } from "./wrong.ts";

/** What {@link resolveWorkflow} takes beside the file's content. */
export interface ResolveOptions {
  /** As written by the user. */
  readonly file: string;
  /** All stages that steps may name. */
  readonly stages: readonly Stage[];
  /** `a.b=value`, applied in order. */
  readonly overrides?: readonly string[];
}

/** A workflow that is right by construction, or all that is wrong with it. */
export type ResolveResult =
  | { readonly ok: true; readonly workflow: Workflow }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Resolves a workflow file of the right form. Of one in which parts are marked
 * as wrong, only the problems of the rest are found.
 */
export async function resolveWorkflow(
  written: WorkflowFile,
  { file, stages, overrides = [] }: ResolveOptions,
  isBroken = false,
): Promise<ResolveResult> {
  const problems = new ProblemList();
  const params = await resolveParams(written.params ?? {}, overrides, problems);
  const groups = stepGroups(written, {
    stages: stagesByName(stages),
    params,
    problems,
  });
  const binder = new InputBinder(groups, problems);
  const resolver = new StepResolver({
    params,
    seed: written.seed ?? 0,
    binder,
    problems,
  });
  const byName = new Map<string, readonly Step[]>();
  for (const group of groups.values()) {
    byName.set(group.name, resolver.resolve(group));
  }
  const ordered = orderedNames(groups, binder, problems);
  const targets = targetIds(written, groups, problems);
  if (isBroken || problems.size > 0) {
    const found = blameOverrides(problems.problems, written, overrides);
    return { ok: false, problems: found };
  }
  const all = ordered.flatMap((name) => byName.get(name) ?? []);
  const steps = targets === null ? all : neededSteps(all, targets);
  return {
    ok: true,
    workflow: { name: written.workflow, file, params, steps },
  };
}

/**
 * Stages by name.
 *
 * @throws {Error} When two have the same name: a bug of the project.
 */
export function stagesByName(stages: readonly Stage[]): Map<string, Stage> {
  const byName = new Map<string, Stage>();
  for (const stage of stages) {
    if (byName.has(stage.name)) {
      throw new Error(`Internal error: two stages are named "${stage.name}"`);
    }
    byName.set(stage.name, stage);
  }
  return byName;
}

/** What is known before single steps are looked at. */
interface GroupOptions {
  readonly stages: ReadonlyMap<string, Stage>;
  readonly params: JsonMap;
  readonly problems: ProblemList;
}

function stepGroups(
  written: WorkflowFile,
  { stages, params, problems }: GroupOptions,
): StepGroups {
  const groups = new Map<string, StepGroup>();
  let room = MAX_STEPS;
  for (const [name, step] of Object.entries(written.steps)) {
    if (step as Json === WRONG) {
      groups.set(name, { name, file: step, stage: null, expansions: [] });
      continue;
    }
    const stage = stages.get(step.stage) ?? null;
    if (stage === null && step.stage as Json !== WRONG) {
      problems.add(
        valueAt(["steps", name, "stage"]),
        () =>
          `Cannot run step ${quote(name)} as stage ${quote(step.stage)} ` +
          `must exist: ${suggestion(step.stage, [...stages.keys()])}`,
      );
    }
    const expansions = expandMatrix({ name, step, params, room, problems });
    room -= expansions.length;
    groups.set(name, { name, file: step, stage, expansions });
  }
  return groups;
}

/** Steps of the file, each after those it needs; reports cycles. */
function orderedNames(
  groups: StepGroups,
  { needs }: InputBinder,
  problems: ProblemList,
): readonly string[] {
  const names = new Map([...needs].map(([name, map]) => [name, map.keys()]));
  const order = orderNames(groups.keys(), names);
  for (const cycle of order.cycles) {
    const [last, first] = cycle.slice(-2) as [string, string];
    const input = needs.get(last)?.get(first) as string;
    problems.add(
      valueAt(["steps", last, "inputs", input]),
      () =>
        `Cannot order the steps as none may need itself: ${cycle.join(" -> ")}`,
    );
  }
  return order.names;
}

/** Ids of the targets; null when all steps are. */
function targetIds(
  { targets, steps }: WorkflowFile,
  groups: StepGroups,
  problems: ProblemList,
): string[] | null {
  const isUnknown = targets as Json === WRONG || steps as Json === WRONG;
  if (targets === undefined || isUnknown) return null;
  return targets.flatMap((target, i) => {
    if (target as Json === WRONG) return [];
    const name = target.replace(/\[.*$/, "");
    const group = groups.get(name);
    const ids = group?.expansions.map(({ id }) => id) ?? [];
    if (target === name && group !== undefined) return ids;
    if (ids.includes(target)) return [target];
    const known = group === undefined ? [...groups.keys()] : ids;
    if (group !== undefined && ids.length === 0) return [];
    problems.add(
      valueAt(["targets", i]),
      () =>
        `Cannot run target ${quote(target)} as it must be a step: ` +
        suggestion(group === undefined ? name : target, known),
    );
    return [];
  });
}
