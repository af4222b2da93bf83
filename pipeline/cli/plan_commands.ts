/**
 * `plan`, `why` and `graph`: what would run, and why.
 *
 * @module
 */
import { formatGraph, type GraphFormat } from "../plan/graph.ts";
import type { Decision, PlannedStep } from "../plan/plan.ts";
import {
  describeReason,
  describeReasons,
  type Reason,
} from "../plan/staleness.ts";
import { EXIT, type GlobalOptions, type Project } from "./project.ts";

/** Options of `plan`. */
export interface PlanOptions extends GlobalOptions {
  readonly only: readonly string[];
  readonly from: readonly string[];
  readonly force: readonly string[];
}

const NOTHING = { only: [], from: [], force: [] };

/** `plan [workflow]` */
export async function plan(
  project: Project,
  argument: string | undefined,
  options: PlanOptions,
): Promise<number> {
  const session = await project.session(argument);
  const { only, from, force } = options;
  project.assertSteps(session.workflow, [...only, ...from, ...force]);
  const planned = session.plan(options);
  project.print(options.json ? planJson(planned) : planText(planned));
  return EXIT.ok;
}

function planJson(planned: readonly PlannedStep[]): string {
  return JSON.stringify({ schema: 1, steps: planned.map(stepJson) }, null, 2);
}

function stepJson({ step, decision }: PlannedStep) {
  return {
    step: step.id,
    stage: step.stage.name,
    state: decision.action === "none" ? "fresh" : "stale",
    action: decision.action,
    fingerprint: decision.action === "wait" ? null : decision.keyed.fingerprint,
    reasons: reasonsOf(decision).map((reason) => ({
      ...reason,
      text: describeReason(reason),
    })),
  };
}

function reasonsOf(decision: Decision): readonly Reason[] {
  return decision.action === "none" ? [] : decision.reasons;
}

const ACTIONS: Record<Decision["action"], string> = {
  none: "fresh",
  restore: "stale, in the store",
  run: "stale",
  wait: "stale",
};

function planText(planned: readonly PlannedStep[]): string {
  const width = Math.max(4, ...planned.map(({ step }) => step.id.length));
  const lines = planned.map(({ step, decision }) => {
    const reasons = describeReasons(reasonsOf(decision));
    const state = ACTIONS[decision.action];
    return `${step.id.padEnd(width)}  ${state}${reasons && `: ${reasons}`}`;
  });
  return [...lines, "", summaryOf(planned)].join("\n");
}

function summaryOf(planned: readonly PlannedStep[]): string {
  const count = (action: Decision["action"]) =>
    planned.filter(({ decision }) => decision.action === action).length;
  const parts = [
    `${count("none")} fresh`,
    `${count("restore")} to restore`,
    `${count("run")} to run`,
    `${count("wait")} decided after these`,
  ];
  return `${planned.length} steps: ${parts.join(", ")}`;
}

/** `why STEP` */
export async function why(
  project: Project,
  name: string,
  options: GlobalOptions,
): Promise<number> {
  const session = await project.session();
  project.assertSteps(session.workflow, [name]);
  const planned = session.plan(NOTHING);
  const asked = planned.filter(({ step }) =>
    step.id === name || step.name === name
  );
  project.print(
    options.json
      ? planJson(asked)
      : asked.map((one) => whyText(one, planned)).join("\n"),
  );
  return EXIT.ok;
}

function whyText(
  { step, decision }: PlannedStep,
  planned: readonly PlannedStep[],
): string {
  const lines = [`${step.id}: ${ACTIONS[decision.action]}`];
  for (const reason of reasonsOf(decision)) {
    lines.push(`  ${describeReason(reason)}`);
  }
  return [...lines, ...causesOf(decision, planned)].join("\n");
}

/** Why the steps before a step run, each once, down to the first that do. */
function causesOf(
  decision: Decision,
  planned: readonly PlannedStep[],
): string[] {
  const byId = new Map(planned.map((one) => [one.step.id, one.decision]));
  const lines: string[] = [];
  const told = new Set<string>();
  const waiting = waitedFor(decision);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const cause = byId.get(id);
    if (cause === undefined || told.has(id)) continue;
    told.add(id);
    lines.push(`    ${id}: ${describeReasons(reasonsOf(cause))}`);
    waiting.push(...waitedFor(cause));
  }
  return lines;
}

function waitedFor(decision: Decision): string[] {
  return reasonsOf(decision).flatMap((reason) =>
    reason.type === "input_pending" ? [reason.step] : []
  );
}

/** `graph [workflow]` */
export async function graph(
  project: Project,
  argument: string | undefined,
  options: GlobalOptions & { readonly format: GraphFormat },
): Promise<number> {
  const session = await project.session(argument);
  const planned = session.plan(NOTHING);
  project.print(formatGraph(planned, options.format).trimEnd());
  return EXIT.ok;
}
