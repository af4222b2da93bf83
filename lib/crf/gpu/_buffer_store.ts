/**
 * Buffers on the GPU by name, kept from batch to batch and grown as needed.
 *
 * @module
 */
import type { BufferSizes } from "./_batch_plan.ts";
import { type Kernel, PARAMS_BYTES } from "./_kernel.ts";

/** Which parameters a kernel sees: those of a run, or those of one channel. */
export type ParamsName = "params" | "oneChannel";

/** Buffers of a device. */
export interface BufferStore {
  /** Makes what is missing or too small; contents are then zeros. */
  reserve(sizes: BufferSizes): void;
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
  const reserve = (sizes: BufferSizes, usage: number) => {
    for (const [name, size] of Object.entries(sizes)) {
      const held = buffers.get(name);
      if (held !== undefined && held.size >= size) continue;
      // Work that was submitted may still use it; its memory stays until then.
      held?.destroy();
      buffers.set(name, device.createBuffer({ label: name, size, usage }));
      forgetGroups();
    }
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
    reserve(sizes) {
      const { STORAGE, UNIFORM, COPY_DST, COPY_SRC } = GPUBufferUsage;
      reserve(
        { params: PARAMS_BYTES, oneChannel: PARAMS_BYTES },
        UNIFORM | COPY_DST,
      );
      reserve(sizes, STORAGE | COPY_DST | COPY_SRC);
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
      for (const buffer of buffers.values()) buffer.destroy();
      buffers.clear();
      forgetGroups();
    },
  };
}
