/**
 * Whether the folder of a run holds what its record tells of: not while a run
 * goes on there, nor after one that was killed.
 *
 * @module
 */
import { isLogBeingWritten } from "../run/event_log.ts";
import type { RunRecord } from "../run/run_record.ts";
import { readTextIfThere } from "../store/durable_file.ts";

/** What is wrong, to follow "as", or null. */
export function placeProblem(
  folder: string,
  { steps }: RunRecord,
): string | null {
  if (isLogBeingWritten(folder)) {
    return "it must be a run that has ended: it goes on";
  }
  const other = steps.find(({ id, state, fingerprint }) =>
    state !== "failed" && fingerprint !== shownFingerprint(folder, id)
  );
  return other === undefined
    ? null
    : `its folder must hold what its run record tells of: step ${other.id} ` +
      `is of a run that did not end; "run" brings it to its end`;
}

/** Of the result that the folder shows; null when it shows none. */
function shownFingerprint(folder: string, step: string): string | null {
  const text = readTextIfThere(`${folder}/steps/${step}.json`);
  if (text === null) return null;
  try {
    const state = JSON.parse(text) as { readonly fingerprint?: string } | null;
    return state?.fingerprint ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
