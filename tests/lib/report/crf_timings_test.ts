import { strictEqual } from "node:assert/strict";
import { RESNET101_CRF } from "../../../lib/crf/dense_crf.ts";
import type { CrfReport } from "../../../lib/predict/refine_files.ts";
import { crfTimings } from "../../../lib/report/crf_timings.ts";

const REPORT: CrfReport = {
  image: "a.ppm",
  width: 500,
  height: 375,
  labels: 21,
  options: { ...RESNET101_CRF, iterations: 2 },
  latticeVertices: 25_431,
  runs: [
    { buildSeconds: 0.3, iterationSeconds: [0.01, 0.04], totalSeconds: 0.4 },
    { buildSeconds: 0.1, iterationSeconds: [0.02, 0.08], totalSeconds: 0.3 },
    { buildSeconds: 0.2, iterationSeconds: [0.06, 0.07], totalSeconds: 0.9 },
  ],
  peakMemoryBytes: 150.25 * 2 ** 20,
  peakMemoryBeforeBytes: 100 * 2 ** 20,
};

Deno.test("crfTimings prints medians over runs", () => {
  strictEqual(
    crfTimings(REPORT),
    `| a.ppm | 500 × 375 px, 21 labels, medians of 3 times |
| --- | ---: |
| build, ms | 200.00 |
| an iteration of 2, ms | 50.00 |
| all, ms | 400.00 |
| lattice vertices | 25431 |
| peak memory, MiB | 150.3 |
| of that before, MiB | 100.0 |
`,
  );
});

Deno.test("crfTimings leaves out iterations that there were not", () => {
  const run = { buildSeconds: 0.3, iterationSeconds: [], totalSeconds: 0.4 };
  const options = { ...RESNET101_CRF, iterations: 0 };
  strictEqual(
    crfTimings({ ...REPORT, options, runs: [run] }),
    `| a.ppm | 500 × 375 px, 21 labels |
| --- | ---: |
| build, ms | 300.00 |
| all, ms | 400.00 |
| lattice vertices | 25431 |
| peak memory, MiB | 150.3 |
| of that before, MiB | 100.0 |
`,
  );
});
