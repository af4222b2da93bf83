/**
 * The engines that this machine has, and why it does not have the others.
 */
import type { Device, Engine } from "../../../lib/engine/engine.ts";
import { startOnnxruntimeNode } from "../../../lib/engine/onnxruntime_node.ts";
import { startOnnxruntimeWeb } from "../../../lib/engine/onnxruntime_web.ts";
import { startTfjs } from "../../../lib/engine/tfjs.ts";

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
  for (const { title, engine, reason } of all) {
    Deno.test({
      name: reason === null
        ? `${title} ${claim}`
        : `${title} ${claim} (skipped: ${reason})`,
      ignore: engine === null,
      fn: () => check(engine!),
      // Drivers of GPUs start threads and keep them.
      sanitizeOps: false,
      sanitizeResources: false,
    });
  }
}
