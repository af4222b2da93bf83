/**
 * Buffers through which results come down, used again.
 *
 * @module
 */

/** Hands out buffers that can be copied to and mapped. */
export interface StagingPool {
  /** One of at least this size; give it back unmapped. */
  take(size: number): GPUBuffer;
  giveBack(buffer: GPUBuffer): void;
  /** Destroys those that were given back. */
  clear(): void;
}

/** An empty pool that keeps so many buffers at most. */
export function stagingPool(device: GPUDevice, most: number): StagingPool {
  let free: GPUBuffer[] = [];
  return {
    take(size) {
      const at = free.findIndex((buffer) => buffer.size >= size);
      if (at >= 0) return free.splice(at, 1)[0]!;
      const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
      return device.createBuffer({ label: "staging", size, usage });
    },
    giveBack(buffer) {
      free.push(buffer);
      if (free.length > most) free.shift()!.destroy();
    },
    clear() {
      for (const buffer of free) buffer.destroy();
      free = [];
    },
  };
}
