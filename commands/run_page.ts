/**
 * The page of a run, in the run's folder or elsewhere.
 *
 * @module
 */
import { basename } from "node:path";
import type { PageSource } from "../lib/page/page_source.ts";
import type { RunReader } from "../pipeline/run/run_reader.ts";
import { stateSince } from "../pipeline/run/run_state.ts";
import type { Stage } from "../pipeline/stage.ts";
import { digestOf } from "../pipeline/store/digest.ts";
import { sayLeftOut } from "./say_left_out.ts";

/** A run and where its page goes. */
export interface PageCall {
  /** Folder of the run. */
  readonly run: string;
  /** Folder of the page. */
  readonly to: string;
  /** Of a set of pictures, at most so many. */
  readonly mostPictures?: number;
  /** Those that steps of the run may be of. */
  readonly stages: readonly Stage[];
}

/** Where the page of a run lies unless it is told otherwise. */
export function pageFolder(run: string): string {
  return `${run}/page`;
}

/**
 * Writes the page of a run, and says on the error stream which pictures of the
 * user's it cannot show.
 *
 * @throws {RangeError} When the run has not ended, or lacks what it says it has.
 */
export async function writeRunPage(
  { run, to, stages, mostPictures }: PageCall,
): Promise<void> {
  const { openRun } = await import("../pipeline/run/run_reader.ts");
  const { runFigures } = await import("../lib/figure/run_figures.ts");
  const { LeftOut } = await import("../lib/figure/left_out.ts");
  const { writePage } = await import("../lib/page/write_page.ts");
  const leftOut = new LeftOut();
  const opened = openRun(run, stages);
  const parts = {
    name: basename(run),
    madeOf: recordDigest(run),
    run: asItStands(opened),
    // Drawn after the page's pictures, so of those that it could read.
    figures: runFigures(opened, undefined, leftOut),
    leftOut,
    ...(mostPictures !== undefined && { mostPictures }),
  };
  await writePage(parts, to);
  sayLeftOut(leftOut);
}

/** One that was killed, or goes on, has outputs that its record does not tell. */
function asItStands(run: RunReader): PageSource {
  const { folder, record } = run;
  const outcome = stateSince(folder, record) ?? record.outcome;
  return { ...run, record: { ...record, outcome } };
}

/** Writes the page of a run unless it is there and of the same record. */
export async function renewRunPage(call: PageCall): Promise<void> {
  const { isPageOf } = await import("../lib/page/made_of.ts");
  if (isPageOf(call.to, recordDigest(call.run))) return;
  await writeRunPage(call);
}

function recordDigest(run: string): string {
  return digestOf(Deno.readTextFileSync(`${run}/run.json`));
}
