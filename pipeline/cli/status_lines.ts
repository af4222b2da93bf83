/**
 * The lines at the foot of a terminal that show what is running now.
 *
 * @module
 */
import { createLogUpdate } from "log-update";
import process from "node:process";
import type { RunEvent } from "../run/event.ts";
import { progressText } from "./describe_event.ts";

const REPAINT_MS = 100;

/** Painted over and over, below what is printed to stay. */
export class StatusLines {
  readonly #paint = createLogUpdate(process.stdout);
  readonly #running = new Map<string, string>();
  #steps = 0;
  #settled = 0;
  #lastMs = 0;

  /** Prints text that stays. */
  print(text: string): void {
    this.#paint.clear();
    console.log(text);
    this.#lastMs = 0;
  }

  /** Takes note of an event and paints, not too often. */
  update(event: RunEvent): void {
    this.#note(event);
    const nowMs = performance.now();
    if (event.type === "run_ended" || nowMs - this.#lastMs < REPAINT_MS) return;
    this.#lastMs = nowMs;
    this.#paint(this.#lines().join("\n"));
  }

  /** Leaves the terminal clean. */
  end(): void {
    this.#paint.clear();
  }

  #note(event: RunEvent): void {
    if (event.type === "run_started") this.#steps = event.steps;
    if (event.type === "step_started") this.#running.set(event.step, "");
    if (event.type === "step_progress") {
      this.#running.set(event.step, progressText(event));
    }
    if (event.type === "step_ended" || event.type === "step_failed") {
      this.#running.delete(event.step);
    }
    const isSettled = event.type === "step_ended" ||
      event.type === "step_fresh" || event.type === "step_restored";
    if (isSettled) this.#settled++;
  }

  #lines(): string[] {
    const head = `${this.#settled}/${this.#steps} steps done, ` +
      `${this.#running.size} running`;
    return [
      head,
      ...[...this.#running].map(([step, text]) => `  ${step}  ${text}`),
    ];
  }
}
