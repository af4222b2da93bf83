/**
 * Units of work that wait for cores, memory and devices.
 *
 * @module
 */
import type { ResourcePool } from "./resource_pool.ts";
import type { WorkUnit } from "./work_unit.ts";

/** Units that need the same, longest waiting first. */
interface Line {
  readonly units: { readonly unit: WorkUnit; readonly order: number }[];
  /** Those before it have gone: shift() would make a long line quadratic. */
  next: number;
}

/**
 * Gives out the unit that has waited longest of those for which there is room,
 * so that a large one does not hold up small ones behind it.
 */
export class UnitQueue {
  /** By what the units need: a handful, however many units there are. */
  readonly #lines = new Map<string, Line>();
  #count = 0;

  /** Puts a unit at the end. */
  push(unit: WorkUnit): void {
    const { cpus, memoryBytes, gpu } = unit.step.resources;
    const key = `${cpus} ${memoryBytes} ${gpu}`;
    const line = this.#lines.get(key) ?? { units: [], next: 0 };
    this.#lines.set(key, line);
    line.units.push({ unit, order: this.#count++ });
  }

  /** Takes out a unit with what it needs; null when there is room for none. */
  take(
    pool: ResourcePool,
    isWanted: (unit: WorkUnit) => boolean,
  ): WorkUnit | null {
    for (const [key, line] of this.#lines) {
      const isLeft = () => line.next < line.units.length;
      while (isLeft() && !isWanted(line.units[line.next]!.unit)) line.next++;
      if (!isLeft()) this.#lines.delete(key);
    }
    const lines = [...this.#lines.values()].sort((a, b) =>
      a.units[a.next]!.order - b.units[b.next]!.order
    );
    for (const line of lines) {
      const { unit } = line.units[line.next]!;
      if (!pool.tryTake(unit.step.resources)) continue;
      line.next++;
      return unit;
    }
    return null;
  }

  /** Forgets all units. */
  clear(): void {
    this.#lines.clear();
  }
}
