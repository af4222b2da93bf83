/**
 * What a network ran on, as models, checkpoints and scores tell it.
 *
 * @module
 */
import type { Engine } from "./engine.ts";

/**
 * What a network ran on, in short: the part of the machine that may decide its
 * numbers, without what changes nothing such as cores.
 *
 * @example
 * ```ts
 * import { engineText } from "./engine_text.ts";
 * import { strictEqual } from "node:assert";
 *
 * const engine = { name: "onnxruntime-node", device: "cpu" } as const;
 * strictEqual(engineText(engine), "onnxruntime-node on cpu");
 * ```
 */
export function engineText({ name, device }: Pick<Engine, "name" | "device">) {
  return `${name} on ${device}`;
}
