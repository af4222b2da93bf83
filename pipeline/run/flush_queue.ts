/**
 * Flushes many files side by side.
 *
 * A file system takes about as long to flush sixty files as one, as it writes
 * its journal once for all that wait: one after the other, ten thousand small
 * files take half a minute on ext4, side by side one second.
 *
 * @module
 */

/** Files open at once, and as many flushes under way. */
const MAX_PENDING = 64;

/** Flushes under way; disposing waits for them whatever becomes of them. */
export class FlushQueue implements AsyncDisposable {
  readonly #pending = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | null = null;

  /** Takes on a flush; waits while there are too many. @throws Its error. */
  async add(flush: Promise<void>): Promise<void> {
    const watched = flush
      .catch((error) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#pending.delete(watched));
    this.#pending.add(watched);
    if (this.#pending.size >= MAX_PENDING) await Promise.race(this.#pending);
    this.#throwFailure();
  }

  /** Waits for all. @throws The first error of any. */
  async end(): Promise<void> {
    await Promise.all(this.#pending);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#pending);
  }
}
