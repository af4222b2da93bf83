/**
 * What a caller may ask of the dense CRF.
 *
 * @module
 */
import { MOST_BYTES } from "./kernel/arena.ts";
import { assertPairwiseParams, type PairwiseParams } from "./pairwise.ts";

/** Parameters of the CRF; see the presets below for values. */
export interface DenseCrfOptions extends PairwiseParams {
  /** Mean-field iterations; a whole number from 0. */
  readonly iterations: number;
  /**
   * Whether to end with the first iteration that changes no label, false by
   * default. Labels are then those of a later iteration in most pictures,
   * marginals still change.
   */
  readonly stopEarly?: boolean;
  /**
   * Bytes of WebAssembly memory that may be used; 4 GiB by default, which is
   * the most. `denseCrfMemory(image, unary, options)` says how much is needed.
   */
  readonly memoryLimit?: number;
  /** Hears of each part of the work when it is done, for times and figures. */
  readonly onEvent?: (event: CrfEvent) => void;
}

/**
 * A part of the work that is done.
 *
 * From the call to "built", and on from each event to the next, is all of the
 * time but what follows the last event: next to nothing, or the pass that
 * writes the marginals where `stopEarly` ends before the last iteration or
 * there are none. With one label there is no work, and no event.
 */
export type CrfEvent =
  | {
    /**
     * All before the first iteration: inputs checked, the lattice and the
     * tables of the smoothness made, the unary read, Q = softmax(−U) sent.
     */
    readonly type: "built";
    /** Vertices of the lattice; 0 without an appearance term. */
    readonly vertexCount: number;
    /** WebAssembly memory, bytes. */
    readonly memoryBytes: number;
  }
  | {
    /**
     * What was sent is filtered, made the next Q and sent on; by the last
     * iteration, written as marginals instead.
     */
    readonly type: "iterated";
    /** 1, 2, … */
    readonly iteration: number;
    readonly memoryBytes: number;
  };

/**
 * Checks all options.
 *
 * @throws {RangeError} When one is out of its range.
 *
 * @example
 * ```ts
 * import { assertOptions } from "./dense_crf_options.ts";
 * import { BANA_CRF } from "./dense_crf.ts";
 * import { throws } from "node:assert";
 *
 * throws(() => assertOptions({ ...BANA_CRF, iterations: 0.5 }), {
 *   message: "Cannot run the dense CRF as iterations must be a whole number " +
 *     "of at least 0: 0.5",
 * });
 * ```
 */
export function assertOptions(options: DenseCrfOptions): void {
  const action = "Cannot run the dense CRF";
  const { iterations, memoryLimit = MOST_BYTES } = options;
  if (!Number.isSafeInteger(iterations) || iterations < 0) {
    throw new RangeError(
      `${action} as iterations must be a whole number of at ` +
        `least 0: ${iterations}`,
    );
  }
  if (!(memoryLimit > 0 && memoryLimit <= MOST_BYTES)) {
    throw new RangeError(
      `${action} as memoryLimit must be above 0 and at most ${MOST_BYTES} ` +
        `bytes: ${memoryLimit}`,
    );
  }
  assertPairwiseParams(options);
}
