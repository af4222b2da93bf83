/**
 * The page of a run, in the run's folder or elsewhere.
 *
 * @module
 */
import { basename } from "node:path";
import { runFigures } from "../lib/figure/run_figures.ts";
import { writePage } from "../lib/page/write_page.ts";
import { openRun } from "../pipeline/run/run_reader.ts";
import type { Stage } from "../pipeline/stage.ts";

/** Where the page of a run lies unless it is told otherwise. */
export function pageFolder(run: string): string {
  return `${run}/page`;
}

/**
 * Writes the page of the run in a folder.
 *
 * @param to Folder of the page.
 * @throws {RangeError} When the run has not ended, or lacks what it says it has.
 */
export async function writeRunPage(
  { run, to, stages }: {
    run: string;
    to: string;
    stages: readonly Stage[];
  },
): Promise<void> {
  const opened = openRun(run, stages);
  const figures = runFigures(opened);
  await writePage({ name: basename(run), run: opened, figures }, to);
}
