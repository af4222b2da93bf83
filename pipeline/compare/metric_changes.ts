/**
 * The numbers of two runs, side by side.
 *
 * @module
 */
import type { StepPair } from "./step_pairs.ts";

/** A metric in both runs, or in one. */
export interface MetricChange {
  /** As A's `metrics` call it; as B's, where A has none. */
  readonly name: string;
  readonly step: string;
  readonly a: number | null;
  readonly b: number | null;
  /** b − a. */
  readonly change: number | null;
  /** (b − a) / |a|; null for a = 0. */
  readonly relative: number | null;
}

/** All metrics of paired steps, in the order of the steps. */
export function metricChanges(pairs: readonly StepPair[]): MetricChange[] {
  const rows = pairs.flatMap((pair) => {
    const { name: step, a, b } = pair;
    const suffix = step.slice((a ?? b)!.name.length);
    const [ofA, ofB] = [a?.metrics ?? {}, b?.metrics ?? {}];
    const names = new Set([...Object.keys(ofA), ...Object.keys(ofB)]);
    return [...names].map((name) => ({
      step,
      name: name + suffix,
      a: ofA[name] ?? null,
      b: ofB[name] ?? null,
    }));
  });
  const counts = new Map<string, number>();
  for (const { name } of rows) counts.set(name, (counts.get(name) ?? 0) + 1);
  return rows.map(({ step, name, a, b }) => ({
    step,
    name: counts.get(name)! > 1 ? `${step}/${name}` : name,
    a,
    b,
    ...changeOf(a, b),
  }));
}

/** How far a number moved; null where a side has none. */
export function changeOf(
  a: number | null,
  b: number | null,
): { change: number | null; relative: number | null } {
  if (a === null || b === null) return { change: null, relative: null };
  const change = b - a;
  return { change, relative: a === 0 ? null : change / Math.abs(a) };
}
