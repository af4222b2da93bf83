/**
 * How full an NVIDIA card is while something runs on it.
 *
 * @module
 */

/** Watches until it is asked. */
export interface MemoryWatch {
  /**
   * The most that was taken on all cards together since the watch began, less
   * what was taken before; MiB.
   */
  peakMib(): Promise<number>;
}

const INTERVAL_MS = 50;

/**
 * Watches what `nvidia-smi` says of all that runs on the cards; null where it
 * is not there. Of what comes and goes between two looks it knows nothing, but
 * the engines keep what they once took.
 */
export async function watchDeviceMemory(): Promise<MemoryWatch | null> {
  const query = ["--query-gpu=memory.used", "--format=csv,noheader,nounits"];
  const look = async () => {
    const { stdout, success } = await new Deno.Command("nvidia-smi", {
      args: query,
    }).output();
    if (!success) return NaN;
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    return lines.reduce((sum, line) => sum + Number(line), 0);
  };
  const before = await look().catch(() => NaN); // not installed
  if (Number.isNaN(before)) return null;
  let peak = before;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      peak = Math.max(peak, await look());
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
  })();
  return {
    async peakMib() {
      isOver = true;
      await watching;
      return peak - before;
    },
  };
}
