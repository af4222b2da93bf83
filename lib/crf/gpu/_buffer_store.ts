/**
 * Buffers on the GPU by name, kept from batch to batch and grown as needed.
 *
 * @module
 */
import type { BufferSizes } from "./_batch_plan.ts";
import { type Kernel, PARAMS_BYTES } from "./_kernel.ts";
import { watched } from "./_watch_device.ts";

/** Which parameters a kernel sees: those of a run, or those of one channel. */
export type ParamsName = "params" | "oneChannel";

const PARAMS_SIZES: Readonly<Record<ParamsName, number>> = {
  params: PARAMS_BYTES,
  oneChannel: PARAMS_BYTES,
};

/** Buffers of a device. */
export interface BufferStore {
  /** Whether all are there and large enough. */
  has(sizes: BufferSizes): boolean;
  /**
   * Makes what is missing or too small; contents are then zeros. One call at a
   * time.
   *
   * @throws {Error} When there is no memory for them; they are missing then.
   */
  reserve(sizes: BufferSizes): Promise<void>;
  get(name: string): GPUBuffer;
  /** The kernel's buffers, bound to its pipeline. */
  bindGroup(kernel: Kernel, params: ParamsName): GPUBindGroup;
  /** Destroys all; they are made again when reserved. */
  clear(): void;
}

/** An empty store. */
export function bufferStore(device: GPUDevice): BufferStore {
  const buffers = new Map<string, GPUBuffer>();
  const groups = {
    params: new Map<Kernel, GPUBindGroup>(),
    oneChannel: new Map<Kernel, GPUBindGroup>(),
  };
  const forgetGroups = () => {
    groups.params.clear();
    groups.oneChannel.clear();
  };
  const missing = (sizes: BufferSizes) =>
    Object.entries({ ...PARAMS_SIZES, ...sizes })
      .filter(([name, size]) => (buffers.get(name)?.size ?? 0) < size);
  const remove = (name: string) => {
    // Work that was submitted may still use it; its memory stays until then.
    buffers.get(name)?.destroy();
    buffers.delete(name);
    forgetGroups();
  };
  const bindGroup = (kernel: Kernel, params: ParamsName) =>
    device.createBindGroup({
      layout: kernel.layout,
      entries: [params, ...kernel.bufferNames].map((name, binding) => ({
        binding,
        resource: { buffer: buffers.get(name)! },
      })),
    });
  return {
    has: (sizes) => missing(sizes).length === 0,
    async reserve(sizes) {
      const wanted = missing(sizes);
      for (const [name] of wanted) remove(name);
      const made = new Map<string, GPUBuffer>();
      try {
        await watched(device, () => {
          for (const [label, size] of wanted) {
            const usage = usageOf(label);
            made.set(label, device.createBuffer({ label, size, usage }));
          }
          return Promise.resolve();
        });
      } catch (error) {
        // Some may be there, some are not valid: no batch may get to see these.
        for (const buffer of made.values()) buffer.destroy();
        throw error;
      }
      for (const [name, buffer] of made) buffers.set(name, buffer);
    },
    get: (name) => buffers.get(name)!,
    bindGroup(kernel, params) {
      const held = groups[params].get(kernel);
      if (held !== undefined) return held;
      const made = bindGroup(kernel, params);
      groups[params].set(kernel, made);
      return made;
    },
    clear() {
      for (const name of [...buffers.keys()]) remove(name);
    },
  };
}

function usageOf(name: string): number {
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC } = GPUBufferUsage;
  return name in PARAMS_SIZES
    ? UNIFORM | COPY_DST
    : STORAGE | COPY_DST | COPY_SRC;
}
