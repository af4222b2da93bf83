/**
 * Lets so many pieces of work in at once.
 *
 * @module
 */

/** Runs work as soon as fewer than `most` others are under way, in order. */
export function turnstile(
  most: number,
): <T>(work: () => Promise<T>) => Promise<T> {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    // A place left is handed to the first in line, not taken by a newcomer.
    if (inside < most) inside++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) inside--;
      else next();
    }
  };
}
