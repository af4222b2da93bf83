/**
 * Whether the folder of a run holds what its record tells of: not while a run
 * goes on there, nor after one that was killed, or failed before steps that
 * show what they gave earlier.
 *
 * @module
 */
import { isLogBeingWritten } from "../run/event_log.ts";
import type { RunRecord, StepRecord } from "../run/run_record.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import { readTextIfThere } from "../store/durable_file.ts";

/** What is wrong, to follow "as", or null. */
export function placeProblem(
  folder: string,
  { steps }: RunRecord,
): string | null {
  if (isLogBeingWritten(folder)) {
    return "it must be a run that has ended: it goes on";
  }
  const other = steps.find((step) =>
    step.state !== "failed" && resultText(step) !== shownText(folder, step.id)
  );
  return other === undefined
    ? null
    : `its folder must hold what its run record tells of: step ${other.id} ` +
      `is of another run; "run" brings this one to its end`;
}

/** What there is of a result; none: a step that has not got so far. */
type Result = Partial<Pick<StepRecord, "fingerprint" | "outputs">>;

/** Outputs count too: run again, a step may give others by one fingerprint. */
function resultText({ fingerprint = null, outputs = {} }: Result): string {
  return canonicalJson({ fingerprint, outputs });
}

/** Of the result that the folder shows. */
function shownText(folder: string, step: string): string {
  const text = readTextIfThere(`${folder}/steps/${step}.json`) ?? "null";
  try {
    return resultText(JSON.parse(text) as Result | null ?? {});
  } catch (error) {
    if (error instanceof SyntaxError) return resultText({});
    throw error;
  }
}
