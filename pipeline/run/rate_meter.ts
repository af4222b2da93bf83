/**
 * How fast work goes, of late: what a machine did an hour ago says little of
 * what it will do in the next.
 *
 * @module
 */

/** What counts reaches back so far at least, */
const WINDOW_SECONDS = 60;
/** and over so many items, so that slow ones are not told by one of them. */
const WINDOW_ITEMS = 20;

interface Sample {
  readonly done: number;
  readonly atSeconds: number;
}

/**
 * Gives items a second.
 *
 * @example
 * ```ts
 * import { RateMeter } from "./rate_meter.ts";
 * import { strictEqual } from "node:assert";
 *
 * const meter = new RateMeter();
 * meter.note(0, 100);
 * meter.note(3, 102);
 * strictEqual(meter.perSecond, 1.5);
 * ```
 */
export class RateMeter {
  #samples: Sample[] = [];

  /** `done` items had been done at a time; fewer than before: begun anew. */
  note(done: number, atSeconds: number): void {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    // Before the first item there may be a long start, which tells nothing.
    const isBeginning = first === undefined || done <= first.done ||
      done < last!.done;
    if (isBeginning) this.#samples = [];
    this.#samples.push({ done, atSeconds });
    this.#forget();
  }

  /** Null before there is work to tell it by. */
  get perSecond(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined) return null;
    const seconds = last.atSeconds - first.atSeconds;
    return seconds > 0 ? (last.done - first.done) / seconds : null;
  }

  /** Drops what the window needs no more. */
  #forget(): void {
    const last = this.#samples.at(-1)!;
    const isWide = ({ done, atSeconds }: Sample) =>
      last.atSeconds - atSeconds >= WINDOW_SECONDS &&
      last.done - done >= WINDOW_ITEMS;
    while (this.#samples.length > 2 && isWide(this.#samples[1]!)) {
      this.#samples.shift();
    }
  }
}
