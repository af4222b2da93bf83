/**
 * How long the dense CRF took as a table.
 *
 * @module
 */
import type { CrfReport } from "../predict/refine_files.ts";
import { markdownTable } from "./markdown_table.ts";

const MIB = 2 ** 20;

/**
 * Medians over all runs; Markdown.
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
 *   latticeVertices: 25_000,
 *   runs: seconds.map((buildSeconds) => ({
 *     buildSeconds,
 *     iterationSeconds: [0.05, 0.07],
 *     totalSeconds: buildSeconds + 0.12,
 *   })),
 *   peakMemoryBytes: 200 * 2 ** 20,
 *   peakMemoryBeforeBytes: 150 * 2 ** 20,
 * });
 * match(text, /\| build, ms \| 300\.00 \|/);
 * ```
 */
export function crfTimings(report: CrfReport): string {
  const { image, width, height, labels, runs } = report;
  const ms = (seconds: readonly number[]) =>
    (1000 * median(seconds)).toFixed(2);
  const iterations = runs.flatMap(({ iterationSeconds }) => iterationSeconds);
  const count = report.options.iterations;
  const done = runs.length === 1 ? "" : `, medians of ${runs.length} times`;
  return markdownTable([
    image,
    `${width} × ${height} px, ${labels} labels${done}`,
  ], [
    ["build, ms", ms(runs.map(({ buildSeconds }) => buildSeconds))],
    ...(iterations.length === 0
      ? []
      : [[`an iteration of ${count}, ms`, ms(iterations)]]),
    ["all, ms", ms(runs.map(({ totalSeconds }) => totalSeconds))],
    ["lattice vertices", String(report.latticeVertices)],
    ["peak memory, MiB", (report.peakMemoryBytes / MIB).toFixed(1)],
    [
      "of that before, MiB",
      (report.peakMemoryBeforeBytes / MIB).toFixed(1),
    ],
  ]);
}

/** The middle value, or the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return half % 1 === 0
    ? (sorted[half - 1]! + sorted[half]!) / 2
    : sorted[Math.floor(half)]!;
}
