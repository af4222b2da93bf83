/**
 * Wall and CPU times of processes that a bench starts.
 *
 * @module
 */
import { median } from "./median.ts";

/** Seconds of one process and all it started. */
export interface Seconds {
  readonly wall: number;
  readonly cpu: number;
}

/** What a row of the table is held against. */
export interface Goal {
  /** Seconds of wall time; milliseconds where `steps` are given. */
  readonly goal: number;
  /** For the time a step adds to the run that `base` names. */
  readonly steps?: number;
  /** A row with the time of the same run with one step. */
  readonly base?: string;
}

const TICKS_PER_SECOND = 100;

/**
 * CPU time, user and system, of all children that have ended; NaN where there
 * is no `/proc`.
 */
export function cpuSeconds(): number {
  if (Deno.build.os !== "linux") return NaN;
  const stat = Deno.readTextFileSync("/proc/self/stat");
  // Fields after the name, which may hold blanks: cutime and cstime.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}

/** Times by name, printed as a table. */
export class ProcessTimes {
  readonly #rows = new Map<string, { goal: Goal; times: Seconds[] }>();

  add(name: string, seconds: Seconds, goal: Goal): void {
    const row = this.#rows.get(name) ?? { goal, times: [] };
    row.times.push(seconds);
    this.#rows.set(name, row);
  }

  /** One row a name: smallest and median wall time, median CPU time. */
  print(): void {
    const header = ["", "runs", "min s", "median s", "CPU s", "goal"];
    const rows = [...this.#rows].map(([name, { goal, times }]) => [
      name,
      String(times.length),
      Math.min(...times.map(({ wall }) => wall)).toFixed(3),
      this.#wall(name).toFixed(3),
      median(times.map(({ cpu }) => cpu)).toFixed(2),
      this.#against(name, goal),
    ]);
    const widths = header.map((_, i) =>
      Math.max(...[header, ...rows].map((row) => row[i]!.length))
    );
    for (const row of [header, ...rows]) {
      const cells = row.map((cell, i) => cell.padEnd(widths[i]!));
      console.log(cells.join("  ").trimEnd());
    }
  }

  #wall(name: string): number {
    const times = this.#rows.get(name)?.times ?? [];
    return median(times.map(({ wall }) => wall));
  }

  #against(name: string, { goal, steps, base }: Goal): string {
    if (steps === undefined) return `${goal} s`;
    const added = this.#wall(name) -
      (base === undefined ? 0 : this.#wall(base));
    return `${goal} ms a step: ${(1000 * added / steps).toFixed(2)}`;
  }
}
