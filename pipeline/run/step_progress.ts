/**
 * How far a step is, over all its shards, and how long it will take.
 *
 * @module
 */
import type { RunEvent } from "./event.ts";
import type { Progress } from "./executor.ts";
import { RateMeter } from "./rate_meter.ts";
import type { WorkUnit } from "./work_unit.ts";

/** How far a unit is. */
interface UnitProgress {
  readonly done: number;
  /** Of `done`, what no work of this run has done. */
  readonly before: number;
}

/** Adds up the progress of a step's units. */
export class StepProgress {
  readonly #step: string;
  readonly #emit: (event: RunEvent) => void;
  readonly #nowMs: () => number;
  readonly #items: number;
  readonly #units = new Map<number | null, UnitProgress>();
  readonly #meter = new RateMeter();
  #startMs: number;
  #last: Progress = { done: 0, total: 0, unit: "items" };

  constructor(
    step: string,
    units: readonly WorkUnit[],
    emit: (event: RunEvent) => void,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#step = step;
    this.#emit = emit;
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
    this.#items = units.reduce((sum, unit) => sum + unit.items, 0);
  }

  /** The step's first unit begins: time counts from here. */
  begin(): void {
    this.#startMs = this.#nowMs();
    this.#meter.note(0, 0);
  }

  /** Wall time since the step began. */
  get seconds(): number {
    return (this.#nowMs() - this.#startMs) / 1000;
  }

  /** A job has said how far it is. */
  unitAdvanced({ shard }: WorkUnit, progress: Progress): void {
    this.#last = progress;
    const { done, before = 0 } = progress;
    this.#units.set(shard, { done, before });
    this.#report(shard === null ? progress.total : this.#items);
  }

  /** A unit has ended, computed here or found made by someone else. */
  unitEnded({ shard, items }: WorkUnit, isComputed: boolean): void {
    if (shard === null) return;
    const isTold = this.#units.get(shard)?.done === items;
    this.#units.set(shard, { done: items, before: isComputed ? 0 : items });
    if (!isTold) this.#report(this.#items);
  }

  #report(total: number): void {
    let [done, own] = [0, 0];
    for (const unit of this.#units.values()) {
      done += unit.done;
      own += unit.done - unit.before;
    }
    this.#meter.note(own, this.seconds);
    const rate = this.#meter.perSecond;
    const { unit, numbers, each } = this.#last;
    this.#emit({
      type: "step_progress",
      step: this.#step,
      progress: {
        done,
        total,
        unit,
        ...(each && { each }),
        ...(numbers && { numbers }),
      },
      rate,
      secondsLeft: rate === null || rate === 0 ? null : (total - done) / rate,
    });
  }
}
