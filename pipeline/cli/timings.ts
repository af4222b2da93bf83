/**
 * How long the steps of a run took, as a table.
 *
 * @module
 */
import type { RunRecord } from "../run/run_record.ts";
import { formatBytes, formatSeconds } from "./units_of_measure.ts";

/**
 * A Markdown table of seconds and memory for each step. Seconds are those of
 * the computation whenever it was done; of a step in shards, their sum.
 */
export function formatTimings(record: RunRecord): string {
  const rows = record.steps.map(({ id, stage, seconds, peakMemoryBytes }) => {
    const time = seconds === null ? "–" : formatSeconds(seconds);
    const memory = peakMemoryBytes === null
      ? "–"
      : formatBytes(peakMemoryBytes);
    return `| ${id} | ${stage} | ${time} | ${memory} |`;
  });
  const total = record.steps.reduce(
    (sum, step) => sum + (step.seconds ?? 0),
    0,
  );
  return [
    "| step | stage | time of jobs | peak memory |",
    "| --- | --- | ---: | ---: |",
    ...rows,
    `| all | | ${formatSeconds(total)} | |`,
    "",
    `Measured on ${record.host.cpus} cores (${record.host.os}, ` +
    `${record.host.arch}), Deno ${record.versions.deno}.`,
    "",
  ].join("\n");
}
