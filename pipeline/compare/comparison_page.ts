/**
 * A comparison as people read it: lines and tables in the order of what they
 * want to know first. Cells are plain texts; each form of output escapes them.
 *
 * @module
 */
import { formatSeconds } from "../cli/units_of_measure.ts";
import {
  cells,
  counted,
  listed,
  number,
  sides,
  signed,
  table,
} from "./cell_texts.ts";
import type { ComparedTable, Comparison, RunSummary } from "./comparison.ts";
import type { MetricChange } from "./metric_changes.ts";
import type { Cause, StepComparison } from "./parting.ts";
import type { StepDifference } from "./setting_changes.ts";
import type { TimeChange } from "./time_changes.ts";

/** Part of a page. */
export interface PageSection {
  /** None above the verdict. */
  readonly title: string | null;
  readonly lines: readonly string[];
  readonly tables: readonly ComparedTable[];
  /** Whether one may want to read on without it. */
  readonly isAside: boolean;
}

/** The page of a comparison. */
export function comparisonPage(comparison: Comparison): PageSection[] {
  return [
    verdictSection(comparison),
    partingSection(comparison),
    settingsSection(comparison),
    metricsSection(comparison),
    ...comparison.sections.map(({ title, lines, tables }) => ({
      title,
      lines,
      tables,
      isAside: false,
    })),
    artifactsSection(comparison),
    timingsSection(comparison),
  ];
}

/** The first line of every form of output. */
export function verdictLine({ verdict, checks }: Comparison): string {
  const failed = checks.filter(({ passed }) => !passed).length;
  const all = counted(checks.length, "check");
  return verdict === "within"
    ? `Within policy: ${all} passed`
    : `Regression: ${failed} of ${all} failed`;
}

function verdictSection(comparison: Comparison): PageSection {
  const { a, b, policy, checks } = comparison;
  const failed = checks.filter(({ passed }) => !passed);
  const rows = failed.map(({ rule, subject, message }) => [
    rule,
    subject,
    message,
  ]);
  return {
    title: null,
    lines: [
      verdictLine(comparison),
      `A: ${describeRun(a)}`,
      `B: ${describeRun(b)}`,
      `Policy: ${policy}`,
    ],
    tables: rows.length === 0
      ? []
      : [table("Failed checks", ["rule", "what", "found"], rows)],
    isAside: false,
  };
}

function describeRun({ named, workflow, startedAt, commit }: RunSummary) {
  const from = commit === null ? "" : `, commit ${commit}`;
  return `${named} (${workflow}, ${startedAt}${from})`;
}

function partingSection({ firstParted, steps }: Comparison): PageSection {
  const inBoth = steps.filter(({ state }) =>
    ["same", "parted", "followed"].includes(state)
  );
  const others = steps.filter((step) =>
    step.state === "parted" && step !== firstParted
  );
  const lines = firstParted === null
    ? [`Nowhere: all outputs of ${counted(inBoth.length, "step")} are the same`]
    : [
      `First parted: ${firstParted.step}, as ${describeCauses(firstParted)}`,
      ...(others.length === 0 ? [] : [
        `Parted of themselves too: ${
          listed(others.map((each) => `${each.step} (${describeCauses(each)})`))
        }`,
      ]),
    ];
  const onlyA = steps.filter(({ state }) => state === "only_a");
  const onlyB = steps.filter(({ state }) => state === "only_b");
  const alone = [["A", onlyA], ["B", onlyB]] as const;
  return {
    title: "Where they parted",
    lines: [
      ...lines,
      ...alone.filter(([, these]) => these.length > 0).map(([run, these]) =>
        `Only in ${run}: ${listed(these.map(({ step }) => step))}`
      ),
    ],
    tables: [],
    isAside: false,
  };
}

/** Why a step parted, in words. */
export function describeCauses({ causes, followedInputs }: StepComparison) {
  const told = causes.map(describeCause);
  if (followedInputs.length > 0) {
    told.push(`what it reads differs (${followedInputs.join(", ")})`);
  }
  return told.length > 0
    ? told.join(", ")
    : "its code, params, seed and inputs are the same: it gives other bytes " +
      "on another machine, or from time to time";
}

function describeCause(cause: Cause): string {
  switch (cause.what) {
    case "param":
      return `param ${cause.path} ${sides(cause)}`;
    case "input":
      return `input ${cause.input} ${cause.a} -> ${cause.b}`;
    default:
      return `${cause.what} ${cause.a} -> ${cause.b}`;
  }
}

function settingsSection(comparison: Comparison): PageSection {
  const { params, stepParams, seeds, code, versions } = comparison;
  const tables = [
    table(
      "Params of the workflow",
      ["param", "A", "B"],
      params.map((each) => [each.path, ...cells(each)]),
    ),
    table(
      "Params of steps",
      ["param", "steps", "A", "B"],
      stepParams.map((each) => [each.path, stepsOf(each), ...cells(each)]),
    ),
    table(
      "Seeds",
      ["steps", "A", "B"],
      seeds.map((each) => [stepsOf(each), ...cells(each)]),
    ),
    table(
      "Code",
      ["steps", "A", "B"],
      code.map((each) => [stepsOf(each), ...cells(each)]),
    ),
    table(
      "Versions",
      ["name", "A", "B"],
      versions.map(({ name, a, b }) => [name, a ?? "–", b ?? "–"]),
    ),
  ].filter(({ rows }) => rows.length > 0);
  return {
    title: "What differs in what was asked for",
    lines: tables.length === 0
      ? ["Nothing: params, seeds, code and versions are the same"]
      : [],
    tables,
    isAside: false,
  };
}

function stepsOf({ step, steps }: StepDifference): string {
  return steps === 1 ? step : `${step} and ${steps - 1} more`;
}

function metricsSection({ metrics, checks }: Comparison): PageSection {
  const moved = metrics.filter(({ a, b }) => a !== b);
  const failed = new Set(
    checks.filter(({ passed }) => !passed).map(({ subject }) => subject),
  );
  const checked = new Set(checks.map(({ subject }) => subject));
  const rank = ({ name }: MetricChange) =>
    failed.has(name) ? 0 : checked.has(name) ? 1 : 2;
  const size = ({ change }: MetricChange) => Math.abs(change ?? Infinity);
  // Of those that the policy is about, the largest change first; others differ
  // in their units.
  const inOrder = moved.toSorted((x, y) =>
    rank(x) - rank(y) || (rank(x) < 2 ? size(y) - size(x) || 0 : 0)
  );
  const rows = inOrder.map((metric) => [
    metric.name,
    number(metric.a),
    number(metric.b),
    signed(metric.change),
    metric.relative === null ? "–" : `${signed(100 * metric.relative, 3)} %`,
  ]);
  const same = metrics.length - moved.length;
  return {
    title: "Metrics",
    lines: [`${counted(same, "metric")} of ${metrics.length} are the same`],
    tables: rows.length === 0 ? [] : [
      table(
        "Metrics that moved",
        ["metric", "A", "B", "change", "relative"],
        rows,
      ),
    ],
    isAside: false,
  };
}

function artifactsSection({ steps }: Comparison): PageSection {
  const rows = steps.filter(({ state }) =>
    state === "parted" || state === "followed"
  ).map(({ step, state, outputs }) => [
    step,
    state === "parted" ? "of itself" : "as what it reads",
    outputs.map(({ output }) => output).join(", "),
  ]);
  const same = steps.filter(({ state }) => state === "same").length;
  return {
    title: "Artifacts",
    lines: [`The outputs of ${counted(same, "step")} are the same`],
    tables: rows.length === 0
      ? []
      : [table("Steps whose outputs differ", ["step", "why", "outputs"], rows)],
    isAside: true,
  };
}

function timingsSection({ timings }: Comparison): PageSection {
  const measured = timings.filter((time): time is Measured =>
    time.a !== null && time.b !== null && !time.isShared
  );
  const rows = measured
    .toSorted((x, y) => Math.abs(y.b - y.a) - Math.abs(x.b - x.a))
    .map(({ step, a, b }) => [step, formatSeconds(a), formatSeconds(b)]);
  const shared = timings.filter(({ isShared }) => isShared).length;
  return {
    title: "Timings",
    lines: [
      ...(measured.length === 0 ? [] : [
        `A took ${total(measured, "a")}, B ${total(measured, "b")} for ` +
        counted(measured.length, "step"),
      ]),
      ...(shared === 0
        ? []
        : [`Computed once for both: ${counted(shared, "step")}`]),
    ],
    tables: rows.length === 0
      ? []
      : [table("Steps, the largest change first", ["step", "A", "B"], rows)],
    isAside: true,
  };
}

type Measured = TimeChange & { readonly a: number; readonly b: number };

function total(times: readonly Measured[], side: "a" | "b"): string {
  return formatSeconds(times.reduce((sum, time) => sum + time[side], 0));
}
