/**
 * Reads the log of a run, again and again while it grows.
 *
 * @module
 */
import * as z from "zod";
import type { LoggedEvent } from "./event_line.ts";

/** What was added since the last look. */
export interface LogNews {
  /** Whether another run has begun the log anew: what came before is over. */
  readonly isAnew: boolean;
  readonly events: readonly LoggedEvent[];
}

/** What every line has; what else, depends on its type. */
const Line = z.looseObject({ at: z.iso.datetime(), type: z.string() });

/** Of the file's first bytes, which tell one run's log from another's. */
const HEAD_BYTES = 64;
const CHUNK_BYTES = 1 << 20;

/** Follows one log. */
export class EventLogReader {
  readonly #path: string;
  #head = "";
  #offset = 0;
  #rest = "";
  #decoder = new TextDecoder();

  /** @param run The run's folder. */
  constructor(run: string) {
    this.#path = `${run}/events.jsonl`;
  }

  /**
   * The events that were added since the last call; at the first call, all. A
   * last line that is not whole yet is left for the next; lines that are no
   * events, such as a killed run leaves, are passed over.
   */
  read(): LogNews {
    using file = openIfThere(this.#path);
    const isAnew = file === null ? this.#offset > 0 : this.#isAnew(file);
    if (isAnew) this.#forget();
    if (file === null) return { isAnew, events: [] };
    const lines: string[] = [];
    file.seekSync(this.#offset, Deno.SeekMode.Start);
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (
      let count = file.readSync(chunk);
      count;
      count = file.readSync(chunk)
    ) {
      this.#offset += count;
      this.#rest += this.#decoder.decode(chunk.subarray(0, count), {
        stream: true,
      });
      const whole = this.#rest.split("\n");
      this.#rest = whole.pop()!;
      lines.push(...whole);
    }
    return { isAnew, events: lines.map(eventIn).filter((it) => it !== null) };
  }

  /** Whether the file is shorter than it was, or begins in another way. */
  #isAnew(file: Deno.FsFile): boolean {
    const bytes = new Uint8Array(HEAD_BYTES);
    const count = file.readSync(bytes) ?? 0;
    const head = new TextDecoder().decode(bytes.subarray(0, count));
    const isAnew = file.statSync().size < this.#offset ||
      !head.startsWith(this.#head);
    if (isAnew || this.#head.length < head.length) this.#head = head;
    return isAnew;
  }

  #forget(): void {
    this.#offset = 0;
    this.#rest = "";
    this.#decoder = new TextDecoder();
  }
}

function openIfThere(path: string): Deno.FsFile | null {
  try {
    return Deno.openSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** The event of a line; null for what is none. */
export function eventIn(line: string): LoggedEvent | null {
  try {
    const read = Line.safeParse(JSON.parse(line));
    return read.success ? read.data as unknown as LoggedEvent : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
