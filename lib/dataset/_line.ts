/**
 * One connection to a file server, watched for stalls.
 *
 * @module
 */
import { formatCount } from "./_format_count.ts";
import { Interruption, refusal, type Wanted } from "./_http_answer.ts";

/** The connection of one attempt. */
export interface Line {
  /** Awaits a step on the network; its errors become interruptions. */
  wait<T>(step: (signal: AbortSignal) => Promise<T>): Promise<T>;
  close(): void;
}

/** How long to wait, and when to stop. */
export interface LineOptions extends Wanted {
  /** Longest wait for one step, ms. */
  readonly stallMs: number;
  readonly signal?: AbortSignal;
}

/**
 * A line for one attempt; `close` it.
 *
 * `wait` throws an `Interruption` when the step fails or takes too long, a
 * `DownloadError` when Deno may not reach the host, and the reason of `signal`
 * when that aborts. `place` says how far the download has come, for messages.
 */
export function openLine(options: LineOptions, place: () => string): Line {
  const { stallMs, signal: outer } = options;
  const own = new AbortController();
  const signal = AbortSignal.any(outer ? [own.signal, outer] : [own.signal]);
  async function wait<T>(step: (s: AbortSignal) => Promise<T>): Promise<T> {
    const timer = setTimeout(() => own.abort(), stallMs);
    try {
      return await step(signal);
    } catch (error) {
      outer?.throwIfAborted();
      if (own.signal.aborted) {
        throw new Interruption(
          `no byte came for ${formatCount(stallMs)} ms${place()}`,
        );
      }
      if (error instanceof Deno.errors.NotCapable) {
        throw refusal(options, "Deno must allow it", error.message);
      }
      const why = deepestMessage(error);
      throw new Interruption(`the connection failed${place()}: ${why}`);
    } finally {
      clearTimeout(timer);
    }
  }
  return { wait, close: () => own.abort() };
}

/** `fetch` says only that it failed; its cause says why. */
function deepestMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error
    ? deepestMessage(error.cause)
    : error.message;
}

/** Waits; rejects with the reason of `signal` when it aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
