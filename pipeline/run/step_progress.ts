/**
 * How far a step is, over all its shards, and how long it will take.
 *
 * @module
 */
import type { RunEvent } from "./event.ts";
import type { Progress } from "./executor.ts";
import type { WorkUnit } from "./work_unit.ts";

/** Adds up the progress of a step's units. */
export class StepProgress {
  readonly #step: string;
  #startMs = performance.now();
  readonly #emit: (event: RunEvent) => void;
  readonly #items: number;
  readonly #done = new Map<number | null, number>();
  #unit = "items";

  constructor(
    step: string,
    units: readonly WorkUnit[],
    emit: (event: RunEvent) => void,
  ) {
    this.#step = step;
    this.#emit = emit;
    this.#items = units.reduce((sum, unit) => sum + unit.items, 0);
  }

  /** The step's first unit begins: time counts from here. */
  begin(): void {
    this.#startMs = performance.now();
  }

  /** Wall time since the step began. */
  get seconds(): number {
    return (performance.now() - this.#startMs) / 1000;
  }

  /** A job has said how far it is. */
  unitAdvanced(unit: WorkUnit, progress: Progress): void {
    this.#unit = progress.unit;
    if (unit.shard === null) return this.#report(progress.done, progress.total);
    this.#done.set(unit.shard, progress.done);
    this.#reportShards();
  }

  /** A unit has ended, or its result was found. */
  unitEnded(unit: WorkUnit): void {
    if (unit.shard === null) return;
    this.#done.set(unit.shard, unit.items);
    this.#reportShards();
  }

  #reportShards(): void {
    let done = 0;
    for (const count of this.#done.values()) done += count;
    this.#report(done, this.#items);
  }

  #report(done: number, total: number): void {
    const rate = done > 0 ? done / this.seconds : null;
    this.#emit({
      type: "step_progress",
      step: this.#step,
      progress: { done, total, unit: this.#unit },
      rate,
      secondsLeft: rate === null ? null : (total - done) / rate,
    });
  }
}
