/**
 * The steps of a run by name: of hundreds of expansions one sees the workflow.
 *
 * @module
 */
import type { PageStep } from "./page_source.ts";

/** All expansions of one step. */
export interface StepGroup {
  readonly name: string;
  readonly stage: string;
  /** In the order of the workflow; at least one. */
  readonly steps: readonly PageStep[];
  /** What most needs a look: `failed`, then `left`, `run`, `restored`, `fresh`. */
  readonly state: string;
  /** Sum over the expansions that were computed; null when none was. */
  readonly seconds: number | null;
  /** Largest of the expansions; null when none is known. */
  readonly peakMemoryBytes: number | null;
  /** Names of the steps that feed it, in code unit order. */
  readonly after: readonly string[];
}

const URGENCY = ["failed", "left", "run", "restored", "fresh"];

/**
 * Steps by name, in the order in which each name comes first.
 *
 * @example
 * ```ts
 * import { stepGroups } from "./step_groups.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const step = (seed: number, seconds: number) => ({
 *   id: `train[seed=${seed}]`,
 *   name: "train",
 *   axes: { seed: `${seed}` },
 *   stage: "train_segmenter",
 *   version: 1,
 *   state: "run",
 *   fingerprint: null,
 *   params: {},
 *   seed,
 *   inputs: {},
 *   origins: {},
 *   code: null,
 *   outputs: {},
 *   metrics: {},
 *   seconds,
 *   peakMemoryBytes: null,
 *   message: null,
 * });
 * const [train] = stepGroups([step(1, 2), step(2, 3)]);
 * deepStrictEqual([train!.steps.length, train!.seconds], [2, 5]);
 * ```
 */
export function stepGroups(steps: readonly PageStep[]): StepGroup[] {
  const names = new Map(steps.map(({ id, name }) => [id, name]));
  const byName = Map.groupBy(steps, ({ name }) => name);
  return [...byName].map(([name, of]) => ({
    name,
    stage: of[0]!.stage,
    steps: of,
    state: mostUrgent(of.map(({ state }) => state)),
    seconds: foldKnown(of.map((it) => it.seconds), (a, b) => a + b),
    peakMemoryBytes: foldKnown(of.map((it) => it.peakMemoryBytes), Math.max),
    after: feedersOf(of, names).filter((feeder) => feeder !== name),
  }));
}

function mostUrgent(states: readonly string[]): string {
  return URGENCY.find((state) => states.includes(state)) ?? states[0]!;
}

function foldKnown(
  values: readonly (number | null)[],
  fold: (a: number, b: number) => number,
): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => fold(a, b));
}

function feedersOf(
  steps: readonly PageStep[],
  names: ReadonlyMap<string, string>,
): string[] {
  const refs = steps.flatMap(({ origins }) => Object.values(origins).flat());
  const feeders = refs.flatMap((ref) =>
    ref.from === "step" ? [names.get(ref.step) ?? ref.step] : []
  );
  return [...new Set(feeders)].sort();
}
