/**
 * What a GPU does not take and a CPU may.
 *
 * @module
 */

/**
 * A picture or a parameter is right, but not for this GPU: `denseCrf` may do
 * it. A class of its own, as callers that have a CPU too go on with that.
 *
 * @example
 * ```ts
 * import { BeyondGpuError } from "./beyond_gpu.ts";
 * import { strictEqual } from "node:assert";
 *
 * const error = new BeyondGpuError("Cannot run the dense CRF on the GPU");
 * strictEqual(error instanceof RangeError, true);
 * ```
 */
export class BeyondGpuError extends RangeError {}
