/**
 * The GPU that WebGPU offers, if it offers one.
 *
 * @module
 */

/** What an adapter says of itself; drivers leave much of it empty. */
export interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}

/** A GPU, or a program that stands in for one. */
export interface Adapter {
  readonly info: AdapterInfo;
  readonly features: { has(name: string): boolean };
}

/**
 * The fastest adapter; null where there is none, or no WebGPU.
 *
 * A program that stands in for a GPU through OpenGL counts as none: Deno falls
 * to it where Mesa has no Vulkan, and it does not finish the least network in
 * minutes. It is known by a feature that those through Vulkan have.
 *
 * @example
 * ```ts
 * import { findAdapter } from "./webgpu_adapter.ts";
 *
 * const adapter = await findAdapter();
 * const name = adapter?.info.description ?? "no GPU";
 * ```
 */
export async function findAdapter(): Promise<Adapter | null> {
  // Not in all places this runs: types of browsers are not those of Deno.
  const gpu = (globalThis.navigator as { gpu?: GPU } | undefined)?.gpu;
  const adapter: Adapter | null | undefined = await gpu?.requestAdapter({
    powerPreference: "high-performance",
  });
  if (!adapter) return null;
  const isUsable = isHardware(adapter.info) ||
    adapter.features.has("float32-filterable");
  return isUsable ? adapter : null;
}

/** Programs that stand in for a GPU on the CPU, slowly. */
const SOFTWARE =
  /llvmpipe|lavapipe|swiftshader|softpipe|basic render|software/i;

/**
 * Whether an adapter is a piece of hardware.
 *
 * @example
 * ```ts
 * import { isHardware } from "./webgpu_adapter.ts";
 * import { strictEqual } from "node:assert";
 *
 * const info = { vendor: "65541", architecture: "", device: "0" };
 * const description = "llvmpipe (LLVM 15.0.6, 256 bits)";
 * strictEqual(isHardware({ ...info, description }), false);
 * ```
 */
export function isHardware(info: AdapterInfo): boolean {
  return info.isFallbackAdapter !== true && !SOFTWARE.test(info.description);
}

/**
 * What to call an adapter.
 *
 * @example
 * ```ts
 * import { formatAdapter } from "./webgpu_adapter.ts";
 * import { strictEqual } from "node:assert";
 *
 * const description = "NVIDIA GeForce RTX 4090";
 * const info = { vendor: "4318", architecture: "", device: "9860", description };
 * strictEqual(formatAdapter(info), "NVIDIA GeForce RTX 4090");
 * ```
 */
export function formatAdapter(
  { vendor, architecture, device, description }: AdapterInfo,
): string {
  if (description !== "") return description;
  const known = [vendor, architecture, device].filter((each) => each !== "");
  return known.length === 0 ? "unnamed GPU" : known.join(" ");
}
