/**
 * Why a step must run again: each reason by name, found by comparing what
 * decides its result now with what decided its last one.
 *
 * @module
 */
import { canonicalJson } from "../store/canonical_json.ts";
import type { CodeVersion } from "./code_version.ts";
import { splitParams, type Stage } from "../stage.ts";
import type { Digest } from "../store/digest.ts";
import type { InputKey, ResultRecord, StepKey } from "../store/fingerprint.ts";
import type { Store } from "../store/store.ts";
import { compareTrees, type Tree } from "../store/tree.ts";

/** Why a step is not fresh. */
export type Reason =
  | { readonly type: "never_run" }
  | { readonly type: "forced" }
  | { readonly type: "engine_changed" }
  | {
    readonly type: "stage_changed";
    readonly from: string;
    readonly to: string;
  }
  | {
    readonly type: "version_changed";
    readonly from: number;
    readonly to: number;
  }
  | {
    readonly type: "code_changed";
    readonly module: string;
    readonly change: "changed" | "added" | "removed";
  }
  | {
    readonly type: "package_changed";
    readonly name: string;
    readonly from: string | null;
    readonly to: string | null;
  }
  | {
    readonly type: "param_changed";
    /** Dotted path into the params. */
    readonly param: string;
    /** Undefined: not there. */
    readonly from: unknown;
    readonly to: unknown;
  }
  | {
    readonly type: "seed_changed";
    readonly from: number;
    readonly to: number;
  }
  | {
    readonly type: "input_changed";
    readonly input: string;
    /** Some of the items that differ; empty for a file. */
    readonly items: readonly string[];
    /** How many differ. */
    readonly count: number;
  }
  /** Its input is made by a step that runs first; equal bytes stop there. */
  | {
    readonly type: "input_pending";
    readonly input: string;
    /** The first of the steps that make it. */
    readonly step: string;
    /** How many more there are; above 0 for a list only. */
    readonly more: number;
  }
  | {
    readonly type: "output_missing" | "output_damaged";
    readonly output: string;
    /** The item, when the output is a folder. */
    readonly path: string | null;
  };

const ITEMS_NAMED = 3;

/** What decides a step's result now. */
export interface Current {
  readonly stage: Pick<Stage, "keyless">;
  readonly key: StepKey;
  readonly code: Pick<CodeVersion, "modules" | "packages">;
  /** Trees of its inputs by digest, for those that are at hand. */
  readonly trees: ReadonlyMap<Digest, Tree>;
}

/** All differences between a step now and its last result. */
export function reasonsBetween(
  last: ResultRecord,
  now: Current,
  store: Store,
): Reason[] {
  return [
    ...engineChanged(last.key, now.key),
    ...stageChanged(last.key, now.key),
    ...versionChanged(last.key, now.key),
    ...modulesChanged(last.modules, now.code.modules),
    ...packagesChanged(last.packages, now.code.packages),
    ...paramsChanged(
      // One that is keyless now may have been in the key then.
      splitParams(now.stage, last.key.params).keyed,
      now.key.params,
    ),
    ...seedChanged(last.key, now.key),
    ...inputsChanged(last.key, now, store),
  ];
}

function engineChanged(last: StepKey, now: StepKey): Reason[] {
  return last.format === now.format ? [] : [{ type: "engine_changed" }];
}

function stageChanged(last: StepKey, now: StepKey): Reason[] {
  if (last.stage === now.stage) return [];
  return [{ type: "stage_changed", from: last.stage, to: now.stage }];
}

function versionChanged(last: StepKey, now: StepKey): Reason[] {
  if (last.version === now.version) return [];
  return [{ type: "version_changed", from: last.version, to: now.version }];
}

function seedChanged(last: StepKey, now: StepKey): Reason[] {
  if (last.seed === now.seed) return [];
  return [{ type: "seed_changed", from: last.seed, to: now.seed }];
}

function modulesChanged(
  last: Readonly<Record<string, Digest>>,
  now: Readonly<Record<string, Digest>>,
): Reason[] {
  return differentKeys(last, now).map((module) => ({
    type: "code_changed",
    module,
    change: !(module in last) ? "added" : module in now ? "changed" : "removed",
  }));
}

function packagesChanged(
  last: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): Reason[] {
  return differentKeys(last, now).map((name) => ({
    type: "package_changed",
    name,
    from: last[name] ?? null,
    to: now[name] ?? null,
  }));
}

/** Differences of two parameter values, down to the deepest that differ. */
function paramsChanged(last: unknown, now: unknown, path = ""): Reason[] {
  if (isObject(last) && isObject(now)) {
    return differentKeys(last, now).flatMap((key) =>
      paramsChanged(last[key], now[key], path === "" ? key : `${path}.${key}`)
    );
  }
  return isSame(last, now)
    ? []
    : [{ type: "param_changed", param: path, from: last, to: now }];
}

function inputsChanged(last: StepKey, now: Current, store: Store): Reason[] {
  return differentKeys(last.inputs, now.key.inputs).map((input) => ({
    type: "input_changed",
    input,
    ...itemsChanged(last.inputs[input], now.key.inputs[input], now, store),
  }));
}

function itemsChanged(
  last: InputKey | undefined,
  now: InputKey | undefined,
  current: Current,
  store: Store,
): { items: string[]; count: number } {
  const after = typeof now === "string" ? current.trees.get(now) : undefined;
  const before = typeof last === "string" && after !== undefined
    ? store.wholeTree(last)
    : null;
  if (before === null || after === undefined) return { items: [], count: 1 };
  const { added, removed, changed } = compareTrees(before, after);
  const items = [...changed, ...added, ...removed];
  return { items: items.slice(0, ITEMS_NAMED), count: items.length };
}

function differentKeys(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): string[] {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].filter((key) => !isSame(a[key], b[key])).sort();
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reasons on one line; inputs that wait for the same step are named together. */
export function describeReasons(reasons: readonly Reason[]): string {
  const pending = reasons.filter((reason) => reason.type === "input_pending");
  const others = reasons.filter((reason) => reason.type !== "input_pending");
  const bySteps = Map.groupBy(pending, ({ step }) => step);
  const waits = [...bySteps].map(([step, inputs]) => {
    const names = inputs.map(({ input }) => input).join(", ");
    const noun = inputs.length === 1 ? "input" : "inputs";
    const more = Math.max(...inputs.map(({ more }) => more));
    return `${noun} ${names} may change: ${stepsFirst(step, more)}`;
  });
  return [...others.map(describeReason), ...waits].join("; ");
}

/** A reason in a few words: `param "iterations" 5 -> 10`. */
export function describeReason(reason: Reason): string {
  switch (reason.type) {
    case "never_run":
      return "never run";
    case "forced":
      return "forced";
    case "engine_changed":
      return "the engine's format changed";
    case "stage_changed":
      return `stage ${reason.from} -> ${reason.to}`;
    case "version_changed":
      return `stage version ${reason.from} -> ${reason.to}`;
    case "code_changed":
      return `code of ${reason.module} ${reason.change}`;
    case "package_changed":
      return `package ${reason.name} ${reason.from ?? "none"} -> ` +
        `${reason.to ?? "none"}`;
    case "param_changed":
      return `param \`${reason.param}\` ${text(reason.from)} -> ` +
        text(reason.to);
    case "seed_changed":
      return `seed ${reason.from} -> ${reason.to}`;
    case "input_changed":
      return `input ${reason.input} changed${itemsText(reason)}`;
    case "input_pending":
      return `input ${reason.input} may change: ` +
        stepsFirst(reason.step, reason.more);
    case "output_missing":
    case "output_damaged":
      return `output ${
        reason.type === "output_missing" ? "missing" : "damaged"
      }` +
        `: ${reason.output}${reason.path === null ? "" : `/${reason.path}`}`;
  }
}

function stepsFirst(step: string, more: number): string {
  return more === 0
    ? `${step} runs first`
    : `${step} and ${more} more run first`;
}

function text(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value);
}

function itemsText(
  reason: { items: readonly string[]; count: number },
): string {
  if (reason.items.length === 0) return "";
  const more = reason.count - reason.items.length;
  return `: ${reason.items.join(", ")}` + (more > 0 ? ` and ${more} more` : "");
}
