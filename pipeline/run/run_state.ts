/**
 * Whether a run goes on or was killed since its record was written.
 *
 * @module
 */
import { isSystemError } from "../system_error.ts";
import type { LoggedEvent } from "./event_line.ts";
import { isLogBeingWritten } from "./event_log.ts";
import { eventIn } from "./event_log_reader.ts";

/**
 * What a run that has begun anew since its record was written does now: its
 * outputs may be newer than its record. Null for one that has ended: that it
 * says last, and one that finds all fresh leaves the log as it is.
 */
export function stateSince(
  folder: string,
  record: { readonly startedAt: string } | null,
): "running" | "broken off" | null {
  const last = lastEvent(folder);
  if (last === null || last.type === "run_ended") return null;
  if (record !== null && record.startedAt >= last.at) return null;
  return isLogBeingWritten(folder) ? "running" : "broken off";
}

/** Of the log's end, which holds its last whole line. */
const TAIL_BYTES = 1 << 16;

/** The last event of a run's log; null when it has none, or cannot be read. */
export function lastEvent(run: string): LoggedEvent | null {
  const path = `${run}/events.jsonl`;
  try {
    const { size } = Deno.statSync(path);
    const tail = readFrom(path, Math.max(0, size - TAIL_BYTES));
    const lines = new TextDecoder().decode(tail).split("\n");
    return lines.map(eventIn).findLast((event) => event !== null) ?? null;
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

function readFrom(path: string, start: number): Uint8Array {
  using file = Deno.openSync(path);
  file.seekSync(start, Deno.SeekMode.Start);
  const buffer = new Uint8Array(TAIL_BYTES);
  return buffer.slice(0, file.readSync(buffer) ?? 0);
}
