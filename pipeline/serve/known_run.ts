/**
 * The runs in a folder of runs, as far as their records tell.
 *
 * @module
 */
import { existsSync } from "node:fs";
import * as z from "zod";
import { isGoingOn } from "./followed_log.ts";

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

/** A run. */
export interface KnownRun {
  readonly name: string;
  readonly folder: string;
  /** Null when it has not ended yet, or its record cannot be read. */
  readonly record: KnownRecord | null;
  readonly isGoingOn: boolean;
  /** Whether a page was made of it. */
  readonly hasPage: boolean;
}

/** As the engine names runs; see `assertRunName`. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/;

/** All runs in a folder, by name. */
export function knownRuns(runs: string): KnownRun[] {
  return namesOf(runs).map((name) => knownRun(runs, name))
    .filter((run) => run !== null);
}

/** One run by its name, or null when there is none. */
export function knownRun(runs: string, name: string): KnownRun | null {
  const folder = `${runs}/${name}`;
  if (!NAME.test(name) || !existsSync(`${folder}/steps`)) return null;
  return {
    name,
    folder,
    record: recordOf(`${folder}/run.json`),
    isGoingOn: isGoingOn(folder),
    hasPage: existsSync(`${folder}/page/index.html`),
  };
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
    const isNone = error instanceof SyntaxError ||
      error instanceof Deno.errors.NotFound;
    if (isNone) return null;
    throw error;
  }
}
