/** Memory of this process, without the garbage in it. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

// `gc` is a global of the contexts made after the flag is set.
setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Native memory is freed some turns after the garbage that held it. */
const TURN_MS = 20;
const PATIENCE_MS = 20_000;

/**
 * Bytes resident once garbage is collected; waits as long as there are more
 * than `limit` and it may yet be freed.
 */
export async function bytesInUse(limit = 0): Promise<number> {
  const endMs = performance.now() + (limit > 0 ? PATIENCE_MS : 5 * TURN_MS);
  let least = Infinity;
  while (least > limit && performance.now() < endMs) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    least = Math.min(least, Deno.memoryUsage().rss);
  }
  return least;
}
