/**
 * How long the dense CRF took as a table.
 *
 * @module
 */
import type { CrfReport } from "../predict/refine_files.ts";
import { labelsText } from "../predict/planes_file.ts";
import { markdownTable } from "./markdown_table.ts";

const MIB = 2 ** 20;

/**
 * Medians over all runs, and what they ran on; Markdown.
 *
 * @example
 * ```ts
 * import { crfTimings } from "./crf_timings.ts";
 * import { RESNET101_CRF } from "../crf/dense_crf.ts";
 * import { match } from "node:assert";
 *
 * const seconds = [0.2, 0.4, 0.3];
 * const text = crfTimings({
 *   image: "a.ppm",
 *   width: 500,
 *   height: 375,
 *   labels: 2,
 *   options: RESNET101_CRF,
 *   device: "cpu",
 *   why: "CRF on cpu, as it was asked for",
 *   latticeVertices: 25_000,
 *   runs: seconds.map((buildSeconds) => ({
 *     buildSeconds,
 *     iterationSeconds: [0.05, 0.07],
 *     otherSeconds: 0,
 *     totalSeconds: buildSeconds + 0.12,
 *   })),
 *   peakMemoryBytes: 200 * 2 ** 20,
 *   peakMemoryBeforeBytes: 150 * 2 ** 20,
 * });
 * match(text, /\| build, ms \| 300\.00 \|/);
 * ```
 */
export function crfTimings(report: CrfReport): string {
  const { image, width, height, labels, why, runs } = report;
  const done = runs.length === 1 ? "" : `, medians of ${runs.length} times`;
  const count = report.options.iterations;
  const table = markdownTable([
    image,
    `${width} × ${height} px, ${labelsText(labels)}${done}`,
  ], [
    ...timeRows("build", runs.map(({ buildSeconds }) => buildSeconds)),
    ...timeRows(
      `an iteration of ${count}`,
      runs.flatMap(({ iterationSeconds }) => iterationSeconds),
    ),
    ...timeRows(
      "other",
      runs.map(({ otherSeconds }) => otherSeconds),
    ),
    ...timeRows("all", runs.map(({ totalSeconds }) => totalSeconds)),
    ...(report.latticeVertices === null
      ? []
      : [["lattice vertices", String(report.latticeVertices)]]),
    ["peak memory, MiB", (report.peakMemoryBytes / MIB).toFixed(1)],
    [
      "of that before, MiB",
      (report.peakMemoryBeforeBytes / MIB).toFixed(1),
    ],
  ]);
  return `${table}\n${why}.\n`;
}

/** A row of the median; none of what was not timed. */
function timeRows(
  name: string,
  seconds: readonly (number | null)[],
): [string, string][] {
  const timed = seconds.filter((each) => each !== null);
  if (timed.length === 0) return [];
  return [[`${name}, ms`, (1000 * median(timed)).toFixed(2)]];
}

/** The middle value, or the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return half % 1 === 0
    ? (sorted[half - 1]! + sorted[half]!) / 2
    : sorted[Math.floor(half)]!;
}
