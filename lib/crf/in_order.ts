/**
 * Work on many items at once, with results in the order of the items.
 *
 * @module
 */

/** See `inOrder`. */
export interface InOrderOptions {
  /** Items that are held at a time; from 1. */
  readonly limit: number;
  /**
   * Ends it. Work that heeds it too, and fails, ends it at once; of other work
   * the result that is waited for still comes, and is handed over.
   */
  readonly signal: AbortSignal;
}

/**
 * Results in the order of their items.
 *
 * An item is held from when it is taken from the source until its result is
 * asked for and handed over; no more are taken than may be held. Work begins
 * when the first result is asked for, and goes on while a result is used.
 *
 * When a result fails, or the caller leaves, no more is taken and the source is
 * closed; work that has begun is the caller's to end.
 *
 * @throws What the source or the work throws, once all results before it have
 *   been handed over; the reason of the signal once it has aborted and no
 *   result is waited for.
 *
 * @example
 * ```ts
 * import { inOrder } from "./in_order.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const { signal } = new AbortController();
 * const slowFirst = async (ms: number) => {
 *   await new Promise((resolve) => setTimeout(resolve, ms));
 *   return ms;
 * };
 * const results = inOrder([9, 3, 1], slowFirst, { limit: 2, signal });
 * deepStrictEqual(await Array.fromAsync(results), [9, 3, 1]);
 * ```
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item, index: number) => Promise<Result>,
  { limit, signal }: InOrderOptions,
): AsyncGenerator<Result, void, undefined> {
  const begun: Promise<Result>[] = [];
  const news = wakeUp();
  let isFed = false;
  let isLeft = false;

  function begin(result: Promise<Result>): void {
    // Heard here too: a failure ahead of its turn must not end the program.
    result.catch(() => {});
    begun.push(result);
    news.wake();
  }

  async function feed(): Promise<void> {
    let index = 0;
    try {
      for await (const item of items) {
        if (isLeft) return;
        begin(work(item, index++));
        while (begun.length >= limit && !isLeft) await news.next();
        if (isLeft) return;
      }
    } catch (error) {
      begin(Promise.reject(error));
    } finally {
      isFed = true;
      news.wake();
    }
  }

  signal.throwIfAborted();
  signal.addEventListener("abort", news.wake);
  feed();
  try {
    for (;;) {
      while (begun.length === 0 && !isFed && !signal.aborted) await news.next();
      signal.throwIfAborted();
      const head = begun[0];
      if (head === undefined) return;
      const result = await head;
      begun.shift();
      news.wake();
      yield result;
    }
  } finally {
    isLeft = true;
    news.wake();
    signal.removeEventListener("abort", news.wake);
  }
}

/** Something to wait for again and again. */
interface WakeUp {
  /** Until the next `wake`. */
  next(): Promise<void>;
  wake(): void;
}

function wakeUp(): WakeUp {
  let { promise, resolve } = Promise.withResolvers<void>();
  return {
    next: () => promise,
    wake() {
      resolve();
      ({ promise, resolve } = Promise.withResolvers<void>());
    },
  };
}
