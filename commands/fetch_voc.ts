/**
 * `fetch-voc`: downloads VOC 2012, SBD's masks and VGG-16's weights.
 *
 * @module
 */
import {
  describeFetchEvent,
  fetchVoc,
  VOC_GROUPS,
} from "../lib/dataset/fetch_voc.ts";
import { CliError } from "../pipeline/cli/project.ts";
import { byComma } from "./by_comma.ts";

/** Between two lines on how far a download is. */
const PROGRESS_INTERVAL_MS = 10_000;

/** Fetches what is missing, and says how far it is. */
export async function fetchVocFiles(
  options: { folder: string; only?: string; dryRun?: boolean },
): Promise<void> {
  const only = byComma(options.only).map((name) => {
    const group = VOC_GROUPS.find((known) => known === name);
    if (group !== undefined) return group;
    throw new CliError(
      `Cannot fetch "${name}" as it must be one of ${VOC_GROUPS.join(", ")}`,
    );
  });
  let toldAtMs = -Infinity;
  await fetchVoc({
    folder: options.folder,
    ...(only.length > 0 && { only }),
    dryRun: options.dryRun ?? false,
    onEvent(event) {
      const nowMs = performance.now();
      const isDue = nowMs - toldAtMs >= PROGRESS_INTERVAL_MS;
      if (event.type === "progress" && !isDue) return;
      if (event.type === "progress") toldAtMs = nowMs;
      console.log(describeFetchEvent(event));
    },
  });
}
