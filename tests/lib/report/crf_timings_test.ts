import { strictEqual } from "node:assert/strict";
import { RESNET101_CRF } from "../../../lib/crf/dense_crf.ts";
import type {
  CrfReport,
  CrfTiming,
} from "../../../lib/predict/refine_files.ts";
import { crfTimings } from "../../../lib/report/crf_timings.ts";

/** What the CPU tells of a run, s. */
function timing({ build, iterations, other, total }: {
  build: number;
  iterations: readonly number[];
  other: number;
  total: number;
}): CrfTiming {
  return {
    buildSeconds: build,
    iterationSeconds: iterations,
    otherSeconds: other,
    totalSeconds: total,
  };
}

const REPORT: CrfReport = {
  image: "a.ppm",
  width: 500,
  height: 375,
  labels: 21,
  options: { ...RESNET101_CRF, iterations: 2 },
  device: "cpu",
  why: "CRF on cpu, as it was asked for",
  latticeVertices: 25_431,
  runs: [
    timing({ build: 0.3, iterations: [0.01, 0.04], other: 0.001, total: 0.4 }),
    timing({ build: 0.1, iterations: [0.02, 0.08], other: 0.003, total: 0.3 }),
    timing({ build: 0.2, iterations: [0.06, 0.07], other: 0.002, total: 0.9 }),
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
| other, ms | 2.00 |
| all, ms | 400.00 |
| lattice vertices | 25431 |
| peak memory, MiB | 150.3 |
| of that before, MiB | 100.0 |

CRF on cpu, as it was asked for.
`,
  );
});

Deno.test("crfTimings leaves out iterations that there were not", () => {
  const run = timing({ build: 0.3, iterations: [], other: 0.1, total: 0.4 });
  const options = { ...RESNET101_CRF, iterations: 0 };
  strictEqual(
    crfTimings({ ...REPORT, labels: 1, options, runs: [run] }),
    `| a.ppm | 500 × 375 px, 1 label |
| --- | ---: |
| build, ms | 300.00 |
| other, ms | 100.00 |
| all, ms | 400.00 |
| lattice vertices | 25431 |
| peak memory, MiB | 150.3 |
| of that before, MiB | 100.0 |

CRF on cpu, as it was asked for.
`,
  );
});

Deno.test("crfTimings leaves out what a GPU does not tell", () => {
  const run: CrfTiming = {
    buildSeconds: null,
    iterationSeconds: [],
    otherSeconds: null,
    totalSeconds: 0.4,
  };
  const why = "CRF on gpu (llvmpipe), as it was asked for";
  const report = {
    ...REPORT,
    device: "gpu",
    why,
    latticeVertices: null,
  } as const;
  strictEqual(
    crfTimings({ ...report, runs: [run] }),
    `| a.ppm | 500 × 375 px, 21 labels |
| --- | ---: |
| all, ms | 400.00 |
| peak memory, MiB | 150.3 |
| of that before, MiB | 100.0 |

${why}.
`,
  );
});
