/**
 * Which steps of two runs are each other's counterparts.
 *
 * @module
 */
import type { StepRecord } from "../run/run_record.ts";

/** A step in both runs, or in one. */
export interface StepPair {
  /** Its id in A, or in B where A has none. */
  readonly name: string;
  readonly a: StepRecord | null;
  readonly b: StepRecord | null;
}

/**
 * Pairs steps by name and by their values on the axes of the matrix.
 *
 * On an axis where each run has one value for a step, these are counterparts
 * though they differ: so `train[seed=1]` of a run with seed 1 meets
 * `train[seed=2]` of a run with seed 2.
 *
 * @returns In the order of A, which is topological; then those of B alone.
 */
export function pairSteps(
  a: readonly StepRecord[],
  b: readonly StepRecord[],
): StepPair[] {
  const axesA = axesOf(a);
  const axesB = axesOf(b);
  const keyOf = (step: StepRecord): string => {
    const axes = Object.entries(step.axes).map(([axis, value]) => {
      const key = `${step.name} ${axis}`;
      const isSingle = axesA.get(key)?.size === 1 && axesB.get(key)?.size === 1;
      return [axis, isSingle ? null : value];
    });
    return JSON.stringify([step.name, ...axes]);
  };
  const ofB = new Map(b.map((step) => [keyOf(step), step]));
  const pairs = a.map((step): StepPair => {
    const key = keyOf(step);
    const other = ofB.get(key) ?? null;
    ofB.delete(key);
    return { name: step.id, a: step, b: other };
  });
  const alone = [...ofB.values()];
  return [
    ...pairs,
    ...alone.map((step): StepPair => ({ name: step.id, a: null, b: step })),
  ];
}

/** Values by step and axis. */
function axesOf(steps: readonly StepRecord[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { name, axes } of steps) {
    for (const [axis, value] of Object.entries(axes)) {
      const key = `${name} ${axis}`;
      const values = found.get(key) ?? new Set();
      found.set(key, values.add(value));
    }
  }
  return found;
}
