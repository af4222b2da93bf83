/**
 * The engines that this machine has, and why it does not have the others.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Device, Engine } from "../../../lib/engine/engine.ts";
import { startOnnxruntimeNode } from "../../../lib/engine/onnxruntime_node.ts";
import { startOnnxruntimeWeb } from "../../../lib/engine/onnxruntime_web.ts";
import { startTfjs } from "../../../lib/engine/tfjs.ts";

/**
 * Waits until no other test of this machine's user uses the GPU, until disposed
 * of. Files of tests run side by side in one process, and onnxruntime keeps one
 * WebGPU context for all of a process, which two threads at once bring down.
 */
async function takeGpu(): Promise<Disposable> {
  const lock = await Deno.open(LOCK, { create: true, write: true });
  await lock.lock(true);
  return lock;
}

const LOCK = join(tmpdir(), `boxfill-tests-gpu-${Deno.uid()}.lock`);

/** An engine on a device: started, or why it could not be. */
export type Candidate =
  & { readonly title: string; readonly device: Device }
  & (
    | { readonly engine: Engine; readonly reason: null }
    | { readonly engine: null; readonly reason: string }
  );

const STARTERS = [
  ["onnxruntime-node", startOnnxruntimeNode],
  ["onnxruntime-web", startOnnxruntimeWeb],
  ["tfjs", startTfjs],
] as const;

/** All engines on both devices; those on the CPU must be there. */
export async function candidates(): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const device of ["cpu", "gpu"] as const) {
    using _ = device === "gpu" ? await takeGpu() : null;
    for (const [name, start] of STARTERS) {
      const title = `${name} on ${device}`;
      try {
        const engine = await start(device);
        found.push({ title, device, engine, reason: null });
      } catch (error) {
        if (device === "cpu" || !(error instanceof Error)) throw error;
        found.push({ title, device, engine: null, reason: error.message });
      }
    }
  }
  return found;
}

/** Declares a test for each engine; says why one is skipped. */
export function testEach(
  all: readonly Candidate[],
  claim: string,
  check: (engine: Engine) => Promise<void>,
): void {
  for (const { title, device, engine, reason } of all) {
    Deno.test({
      name: reason === null
        ? `${title} ${claim}`
        : `${title} ${claim} (skipped: ${reason})`,
      ignore: engine === null,
      fn: async () => {
        using _ = device === "gpu" ? await takeGpu() : null;
        await check(engine!);
      },
      // Drivers of GPUs start threads and keep them.
      sanitizeOps: false,
      sanitizeResources: false,
    });
  }
}
