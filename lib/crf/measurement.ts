/**
 * How long the parts of CRF inference take, for whoever asks.
 *
 * @module
 */

/** A part of inference that has been done. */
export type CrfMeasurement =
  | {
    /** All before the first iteration: kernels, normalisation, messages of 1. */
    readonly kind: "build";
    readonly seconds: number;
    /** M: vertices of all lattices that were built. */
    readonly vertices: number;
  }
  | {
    /** One iteration of mean field. */
    readonly kind: "iteration";
    readonly seconds: number;
  };

/** Part of the options of `denseCrf`. */
export interface CrfObserver {
  /**
   * Told of each part as soon as it is done, in order: one build, then every
   * iteration. Changes no result.
   */
  readonly onMeasured?: (measurement: CrfMeasurement) => void;
}

/** Tells an observer of parts, each from the end of the one before it. */
export interface CrfLaps {
  build(vertices: number): void;
  iteration(): void;
}

/**
 * Laps from now on. Without an observer no clock is read.
 *
 * @example
 * ```ts
 * import { crfLaps, type CrfMeasurement } from "./measurement.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const told: CrfMeasurement[] = [];
 * const laps = crfLaps({ onMeasured: (each) => told.push(each) });
 * laps.build(7);
 * laps.iteration();
 * deepStrictEqual(told.map(({ kind }) => kind), ["build", "iteration"]);
 * ```
 */
export function crfLaps({ onMeasured }: CrfObserver): CrfLaps {
  if (onMeasured === undefined) return { build() {}, iteration() {} };
  let begunMs = performance.now();
  const tell = (
    about: { kind: "build"; vertices: number } | {
      kind: "iteration";
    },
  ) => {
    const seconds = (performance.now() - begunMs) / 1000;
    onMeasured({ ...about, seconds });
    begunMs = performance.now(); // what the observer does is not counted
  };
  return {
    build: (vertices) => tell({ kind: "build", vertices }),
    iteration: () => tell({ kind: "iteration" }),
  };
}
