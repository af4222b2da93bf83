/**
 * How often the progress of a step is worth telling.
 *
 * @module
 */

/** Lets progress of each step through every so often. */
export class ProgressThrottle {
  readonly #intervalMs: number;
  readonly #nowMs: () => number;
  readonly #toldMs = new Map<string, number>();

  constructor(
    intervalMs: number,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#intervalMs = intervalMs;
    this.#nowMs = nowMs;
  }

  /** Whether it is time to tell of a step again; then that is noted. */
  isDue(step: string): boolean {
    const nowMs = this.#nowMs();
    if (nowMs - (this.#toldMs.get(step) ?? -Infinity) < this.#intervalMs) {
      return false;
    }
    this.#toldMs.set(step, nowMs);
    return true;
  }

  /** A step has just been told of in another way. */
  told(step: string): void {
    this.#toldMs.set(step, this.#nowMs());
  }
}
