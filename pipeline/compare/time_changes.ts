/**
 * How long steps took in two runs: of the computations, whenever they were.
 *
 * @module
 */
import type { StepPair } from "./step_pairs.ts";

/** Seconds of a step in both runs; null where it has no result. */
export interface TimeChange {
  readonly step: string;
  readonly a: number | null;
  readonly b: number | null;
  /** Whether both runs tell of one and the same computation. */
  readonly isShared: boolean;
}

/** Times of all paired steps, in their order. */
export function timeChanges(pairs: readonly StepPair[]): TimeChange[] {
  return pairs.map(({ name, a, b }) => ({
    step: name,
    a: a?.seconds ?? null,
    b: b?.seconds ?? null,
    isShared: a !== null && b !== null && a.seconds !== null &&
      a.fingerprint === b.fingerprint && a.seconds === b.seconds,
  }));
}
