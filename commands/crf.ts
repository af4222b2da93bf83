/**
 * `crf`: refines one picture's labels by a dense CRF, and times it.
 *
 * @module
 */
import { type CrfTexts, readCrfCall } from "../lib/predict/crf_call.ts";
import { refineFiles } from "../lib/predict/refine_files.ts";
import { crfTimings } from "../lib/report/crf_timings.ts";
import { CliError } from "../pipeline/cli/project.ts";

/** Refines, writes and prints. @throws {CliError} For a wrong call. */
export async function crf(
  image: string,
  options: CrfTexts & { json?: boolean },
): Promise<void> {
  const call = asUsage(() => readCrfCall(image, options));
  const report = await refineFiles(call);
  console.log(
    options.json ? JSON.stringify(report, null, 2) : crfTimings(report),
  );
}

/** What is out of range is wrong usage here. */
function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof RangeError ? new CliError(error.message) : error;
  }
}
