/**
 * A point that workers pass together, over shared memory.
 *
 * @module
 */

const ARRIVED = 0;
const IS_BROKEN = 1;

/** Shared by all workers that meet. */
export type BarrierState = Int32Array<SharedArrayBuffer>;

/**
 * A barrier that nobody has reached yet.
 *
 * @example
 * ```ts
 * import { newBarrier } from "./worker_barrier.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(newBarrier().buffer instanceof SharedArrayBuffer, true);
 * ```
 */
export function newBarrier(): BarrierState {
  return new Int32Array(new SharedArrayBuffer(8));
}

/**
 * Waits, blocking the thread, until as many workers as there are have come
 * here; each must have come equally often.
 *
 * @returns Whether all came; false once one has broken the barrier.
 *
 * @example
 * ```ts
 * import { meetAtBarrier, newBarrier } from "./worker_barrier.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(meetAtBarrier(newBarrier(), 1), true); // alone
 * ```
 */
export function meetAtBarrier(state: BarrierState, workers: number): boolean {
  const before = Atomics.add(state, ARRIVED, 1);
  const all = (Math.floor(before / workers) + 1) * workers;
  if (before + 1 === all) Atomics.notify(state, ARRIVED);
  let arrived = Atomics.load(state, ARRIVED);
  while (arrived < all && Atomics.load(state, IS_BROKEN) === 0) {
    Atomics.wait(state, ARRIVED, arrived);
    arrived = Atomics.load(state, ARRIVED);
  }
  return Atomics.load(state, IS_BROKEN) === 0;
}

/**
 * Frees all that wait, now and later: called by a worker that cannot come.
 *
 * @example
 * ```ts
 * import { breakBarrier, meetAtBarrier, newBarrier } from "./worker_barrier.ts";
 * import { strictEqual } from "node:assert";
 *
 * const state = newBarrier();
 * breakBarrier(state);
 * strictEqual(meetAtBarrier(state, 2), false);
 * ```
 */
export function breakBarrier(state: BarrierState): void {
  Atomics.store(state, IS_BROKEN, 1);
  // Changes what is waited for, so that nobody begins to wait after the call.
  Atomics.add(state, ARRIVED, 1);
  Atomics.notify(state, ARRIVED);
}
