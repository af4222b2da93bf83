/**
 * The runs in a folder of runs, as far as their records tell.
 *
 * @module
 */
import { existsSync } from "node:fs";
import * as z from "zod";
import { isSystemError } from "../system_error.ts";
import { isLogBeingWritten } from "../run/event_log.ts";
import { runNameProblem } from "../run/run_name.ts";
import { stateSince } from "../run/run_state.ts";

/** Larger records are no records. */
const MAX_RECORD_BYTES = 64e6;

/** Of a record, what is shown here; other fields may be there. */
const Record = z.object({
  workflow: z.string(),
  outcome: z.string(),
  startedAt: z.string(),
  seconds: z.number(),
  metrics: z.record(z.string(), z.number()),
  steps: z.array(z.object({ id: z.string() })),
});

/** {@link KnownRun.record}. */
export type KnownRecord = z.output<typeof Record>;

/** Where a run is. */
export interface RunPlace {
  readonly name: string;
  readonly folder: string;
}

/** A run. */
export interface KnownRun extends RunPlace {
  /** Null when it has not ended yet, or its record cannot be read. */
  readonly record: KnownRecord | null;
  readonly isGoingOn: boolean;
  /** Whether it was killed, so that its record is of an earlier time. */
  readonly isBrokenOff: boolean;
  /** Whether a page was made of it. */
  readonly hasPage: boolean;
}

/** All runs in a folder, by name. */
export function knownRuns(runs: string): KnownRun[] {
  return namesOf(runs).map((name) => {
    try {
      const place = placeOfRun(runs, name);
      return place === null ? null : knownRun(place);
    } catch (error) {
      // One run that cannot be read must not hide the others.
      if (isSystemError(error)) return null;
      throw error;
    }
  }).filter((run) => run !== null);
}

/** Where the run of a name is, or null when there is none. */
export function placeOfRun(runs: string, name: string): RunPlace | null {
  const folder = `${runs}/${name}`;
  return runNameProblem(name) === null && existsSync(`${folder}/steps`)
    ? { name, folder }
    : null;
}

/** What is known of a run; all of its record is read. */
export function knownRun(place: RunPlace): KnownRun {
  const { folder } = place;
  const record = recordOf(`${folder}/run.json`);
  const goesOn = isLogBeingWritten(folder);
  return {
    ...place,
    record,
    isGoingOn: goesOn,
    isBrokenOff: !goesOn && stateSince(folder, record) === "broken off",
    hasPage: existsSync(`${folder}/page/index.html`),
  };
}

/** The record of a run's last time; null of one that goes on or was killed. */
export function endedRecord(run: KnownRun): KnownRecord | null {
  return run.isGoingOn || run.isBrokenOff ? null : run.record;
}

function namesOf(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function recordOf(path: string): KnownRecord | null {
  try {
    if (Deno.statSync(path).size > MAX_RECORD_BYTES) return null;
    const parsed = Record.safeParse(JSON.parse(Deno.readTextFileSync(path)));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    // One run whose record cannot be read must not hide the others.
    if (error instanceof SyntaxError || isSystemError(error)) return null;
    throw error;
  }
}
