/**
 * The lines at the foot of a terminal that show what is running now.
 *
 * @module
 */
import { createLogUpdate } from "log-update";
import process from "node:process";
import sliceAnsi from "slice-ansi";
import stringWidth from "string-width";
import type { RunEvent } from "../run/event.ts";
import { progressLine } from "./progress_line.ts";

const REPAINT_MS = 100;
const INDENT = "  ";

/** Of the terminal, when it does not say. */
const USUAL_COLUMNS = 80;

/** Painted over and over, below what is printed to stay. */
export class StatusLines {
  // What hides the cursor would show it again at the end of the process, for
  // which it hears signals: it answers Ctrl-C by a second one, which kills.
  readonly #paint = createLogUpdate(process.stdout, { showCursor: true });
  readonly #board = new StatusBoard();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Prints text that stays. */
  print(text: string): void {
    this.#paint.clear();
    console.log(text);
  }

  /** Takes note of an event and paints, not too often. */
  update(event: RunEvent): void {
    this.#board.note(event);
    if (event.type === "run_ended") return this.end();
    // Not at once: many events may come in a row, and the last must be seen.
    this.#timer ??= setTimeout(() => this.#repaint(), REPAINT_MS);
  }

  /** Leaves the terminal clean. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#paint.clear();
  }

  #repaint(): void {
    this.#timer = undefined;
    const columns = process.stdout.columns ?? USUAL_COLUMNS;
    this.#paint(this.#board.lines(columns).join("\n"));
  }
}

/** What the lines say. */
export class StatusBoard {
  readonly #running = new Map<string, RunEvent & { readonly step: string }>();
  /** A step may settle twice: what was damaged is looked at once more. */
  readonly #settled = new Set<string>();
  #steps = 0;

  /** Takes note of an event. */
  note(event: RunEvent): void {
    switch (event.type) {
      case "run_started":
        this.#steps = event.steps;
        break;
      case "step_started":
      case "step_progress":
        this.#running.set(event.step, event);
        break;
      case "step_waiting":
        // Of a step in shards, others may go on meanwhile.
        if (this.#running.get(event.step)?.type !== "step_progress") {
          this.#running.set(event.step, event);
        }
        break;
      case "step_failed":
        this.#running.delete(event.step);
        break;
      case "step_ended":
      case "step_fresh":
      case "step_restored":
        this.#running.delete(event.step);
        this.#settled.add(event.step);
    }
  }

  /** A line for all steps, and one for each that runs. */
  lines(columns: number): string[] {
    const running = [...this.#running.values()];
    const head = `${this.#settled.size}/${this.#steps} steps done, ` +
      `${running.length} running`;
    const lines = running.map((event) => INDENT + lineOf(event, columns));
    return [head, ...lines].map((line) => cutLine(line, columns));
  }
}

function lineOf(
  event: RunEvent & { readonly step: string },
  columns: number,
): string {
  if (event.type === "step_progress") {
    const room = columns - INDENT.length;
    return progressLine(event, (line) => stringWidth(line) <= room);
  }
  return event.type === "step_waiting" ? `${event.step}  waiting` : event.step;
}

/** A line no wider than the terminal, which would wrap it. */
function cutLine(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line;
  return `${sliceAnsi(line, 0, Math.max(0, columns - 1))}…`;
}
