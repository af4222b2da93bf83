/**
 * Speed of the dense CRF on photographs of 500 × 375 px, 10 iterations.
 *
 *   taskset -c 1 deno bench --allow-all tests/bench/crf_bench.ts
 *
 * Each picture counts with the fastest of its runs, of which the environment's
 * CRF_BENCH_RUNS says how many, default 5; each case with the median of its
 * pictures. `yardstick` is a fixed loop over memory: divide by its time
 * to compare machines, or one machine on two days. `copy` is what the machine
 * copies, bytes read and written; `moved` what an iteration has to read and
 * write of arrays larger than a cache. Pictures are VOC 2012's, from
 * ../shared/data/voc_subset; without them, a drawn one.
 *
 * @module
 */
import process from "node:process";
import { denseCrf, type DenseCrfOptions } from "../../lib/crf/dense_crf.ts";
import type { LabelPlanes } from "../../lib/crf/label_planes.ts";
import type { RgbImage } from "../../lib/image/image.ts";
import {
  CASES,
  caseUnary,
  drawnPicture,
  VOC_SIZE,
  vocPictures,
} from "./crf_cases.ts";
import { median } from "./median.ts";

const PIXELS = VOC_SIZE.width * VOC_SIZE.height;
const PICTURES = 10;
const RUNS = Number(process.env.CRF_BENCH_RUNS ?? 5);

/** Milliseconds of the fastest of some runs. */
function fastest(runs: number, work: () => void): number {
  let best = Infinity;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function yardstick(): void {
  const values = new Float32Array(1 << 20).fill(1);
  let at = 0;
  for (let i = 0; i < 10_000_000; i++) {
    at = (at + 514_229) & 0xfffff;
    values[at] = 0.5 * values[at]! + 1;
  }
}

interface Run {
  readonly total: number;
  readonly cpu: number;
  readonly build: number;
  readonly iteration: number;
  readonly vertexCount: number;
  readonly memoryBytes: number;
}

/** Milliseconds of one run. */
function timed(
  image: RgbImage,
  unary: LabelPlanes,
  params: DenseCrfOptions,
): Run {
  const cpuStart = process.cpuUsage();
  const start = performance.now();
  let built = 0;
  let vertexCount = 0;
  let memoryBytes = 0;
  denseCrf(image, unary, {
    ...params,
    onEvent: (event) => {
      memoryBytes = event.memoryBytes;
      if (event.type !== "built") return;
      built = performance.now();
      vertexCount = event.vertexCount;
    },
  });
  const end = performance.now();
  const { user, system } = process.cpuUsage(cpuStart);
  return {
    total: end - start,
    cpu: (user + system) / 1000,
    build: built - start,
    iteration: (end - built) / params.iterations,
    vertexCount,
    memoryBytes,
  };
}

/** Megabytes that an iteration reads and writes; docs/crf.md. */
function megabytesMoved(labels: number, vertexCount: number): number {
  const channels = labels === 2 ? 1 : Math.ceil((labels - 1) / 4) * 4;
  const corners = 6;
  const energies = labels === 2 ? 4 : 4 * labels;
  const perPixel = 8 * corners + 8 + energies + 16 * (labels - 1);
  const perVertex = 4 * channels * (2 * corners + 3) + 4.5 * corners;
  return (PIXELS * perPixel + vertexCount * perVertex) / 1e6;
}

const photographs = await vocPictures(PICTURES);
const pictures = photographs.length > 0
  ? photographs
  : [drawnPicture(VOC_SIZE, 1)];
const copied = new Uint8Array(2 ** 29);
const copy = () => copied.copyWithin(0, 2 ** 28);
const yardstickMs = fastest(10, yardstick);
const copyBandwidth = 2 ** 29 / 1e6 / fastest(5, copy);
console.log(
  `${pictures.length} pictures, best of ${RUNS} runs each; yardstick ` +
    `${yardstickMs.toFixed(1)} ms; copy ${copyBandwidth.toFixed(1)} GB/s`,
);
const rows = CASES.map(({ name, labels, params, goal }) => {
  const best = pictures.map((picture) => {
    const unary = caseUnary(picture, labels);
    const runs = Array.from(
      { length: RUNS },
      () => timed(picture.image, unary, params),
    );
    return runs.reduce((a, b) => a.total < b.total ? a : b);
  });
  const of = (pick: (run: Run) => number) => median(best.map(pick));
  const moved = megabytesMoved(labels, of((run) => run.vertexCount));
  const bandwidth = moved / of((run) => run.iteration);
  return {
    case: name,
    "goal s": goal,
    "median s": (of((run) => run.total) / 1000).toFixed(4),
    "least s": (Math.min(...best.map((run) => run.total)) / 1000).toFixed(4),
    "CPU s": (of((run) => run.cpu) / 1000).toFixed(4),
    yardsticks: (of((run) => run.total) / yardstickMs).toFixed(2),
    "build ms": of((run) => run.build).toFixed(1),
    "iteration ms": of((run) => run.iteration).toFixed(2),
    "moved MB": moved.toFixed(1),
    "GB/s": bandwidth.toFixed(1),
    "of copy": (bandwidth / copyBandwidth).toFixed(2),
    vertices: of((run) => run.vertexCount),
    "wasm MiB": (Math.max(...best.map((run) => run.memoryBytes)) / 2 ** 20)
      .toFixed(0),
  };
});
console.table(rows);
