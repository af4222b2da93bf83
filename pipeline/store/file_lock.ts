/**
 * Locks held by the operating system: the death of the holder, even by
 * `kill -9`, releases them, so nobody ever unlocks by hand.
 *
 * @module
 */

const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 500;

/** A held lock; disposing releases it. */
export interface FileLock extends Disposable {
  readonly path: string;
}

/** Takes a lock if it is free. Several may share one, or one exclude all. */
export function tryLock(
  path: string,
  mode: "shared" | "exclusive" = "exclusive",
): FileLock | null {
  const file = Deno.openSync(path, { create: true, write: true, read: true });
  if (file.tryLockSync(mode === "exclusive")) {
    return { path, [Symbol.dispose]: () => file.close() };
  }
  file.close();
  return null;
}

/** Takes a lock, holding up the whole process until it is free. */
export function lockNow(path: string): FileLock {
  const file = Deno.openSync(path, { create: true, write: true, read: true });
  file.lockSync(true);
  return { path, [Symbol.dispose]: () => file.close() };
}

/**
 * Waits for a lock, asking again at growing intervals.
 *
 * @throws The signal's reason, when it is aborted first.
 */
export async function waitForLock(
  path: string,
  options: { mode?: "shared" | "exclusive"; signal?: AbortSignal } = {},
): Promise<FileLock> {
  let waitMs = FIRST_WAIT_MS;
  for (;;) {
    options.signal?.throwIfAborted();
    const lock = tryLock(path, options.mode);
    if (lock !== null) return lock;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
  }
}
