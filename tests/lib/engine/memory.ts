/** Memory of this process, without the garbage in it. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

// `gc` is a global of the contexts made after the flag is set.
setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Bytes resident once all garbage is collected. */
export function bytesInUse(): number {
  collectGarbage();
  return Deno.memoryUsage().rss;
}
