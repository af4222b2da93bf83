/**
 * Cores, memory and devices that a run may use at once.
 *
 * @module
 */
import type { Resources } from "../workflow/workflow.ts";

/** What there is. */
export interface Capacity {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly gpu: number;
}

/** Hands out resources; never more than there are. */
export class ResourcePool {
  readonly capacity: Capacity;
  #free: Capacity;

  constructor(capacity: Capacity) {
    this.capacity = capacity;
    this.#free = capacity;
  }

  /** How many cores a step gets. */
  cpusOf(need: Resources): number {
    return need.cpus === "all" ? this.capacity.cpus : need.cpus;
  }

  /** Takes what is needed if all of it is free. */
  tryTake(need: Resources): boolean {
    const free = minus(this.#free, { ...need, cpus: this.cpusOf(need) });
    if (free.cpus < 0 || free.memoryBytes < 0 || free.gpu < 0) return false;
    this.#free = free;
    return true;
  }

  /** Gives back what was taken. */
  giveBack(need: Resources): void {
    this.#free = minus(this.#free, {
      cpus: -this.cpusOf(need),
      memoryBytes: -(need.memoryBytes ?? 0),
      gpu: -need.gpu,
    });
  }

  /** What a step asks for beyond all there is, or null when it can run. */
  excessOf(need: Resources): string | null {
    const { cpus, memoryBytes, gpu } = this.capacity;
    if (this.cpusOf(need) > cpus) return `${need.cpus} cpus of ${cpus}`;
    if (need.gpu > gpu) return `${need.gpu} gpu of ${gpu}`;
    if ((need.memoryBytes ?? 0) > memoryBytes) {
      return `${need.memoryBytes} bytes of memory of ${memoryBytes}`;
    }
    return null;
  }
}

function minus(
  free: Capacity,
  need: { cpus: number; memoryBytes: number | null; gpu: number },
): Capacity {
  return {
    cpus: free.cpus - need.cpus,
    memoryBytes: free.memoryBytes - (need.memoryBytes ?? 0),
    gpu: free.gpu - need.gpu,
  };
}
