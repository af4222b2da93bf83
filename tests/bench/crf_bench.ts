/**
 * Speed of the dense CRF on photographs of 500 × 375 px, 10 iterations.
 *
 *   taskset -c 1 deno bench --allow-all tests/bench/crf_bench.ts
 *
 * Each picture counts with the fastest of its runs, each case with the median
 * of its pictures. `yardstick` is a fixed loop over memory: divide by its time
 * to compare machines, or one machine on two days. `copy` is what the machine
 * copies, bytes read and written; `moved` what an iteration has to read and
 * write of arrays larger than a cache. Pictures are VOC 2012's, from
 * ../shared/data/voc_subset; without them, a drawn one.
 *
 * @module
 */
import { existsSync } from "node:fs";
import process from "node:process";
import {
  denseCrf,
  type DenseCrfOptions,
  RESNET101_CRF,
  WSSL_BOX_CRF,
} from "../../lib/crf/dense_crf.ts";
import type { LabelPlanes } from "../../lib/crf/label_planes.ts";
import { unaryFromProbabilities } from "../../lib/crf/unary.ts";
import { VOC_CLASSES } from "../../lib/dataset/classes.ts";
import { parseVocAnnotation } from "../../lib/dataset/voc_annotation.ts";
import { vocBoxes } from "../../lib/dataset/voc_boxes.ts";
import type { Box } from "../../lib/geometry/box.ts";
import type { RgbImage } from "../../lib/image/image.ts";
import { decodeJpeg } from "../../lib/image/jpeg.ts";
import { seededRandom } from "../../lib/random.ts";
import { boxProbabilities } from "../../lib/weak/box_unary.ts";
import { box } from "../drawings.ts";

const VOC = new URL("../../../shared/data/voc_subset/", import.meta.url);
const SIZE = { width: 500, height: 375 };
const PIXELS = SIZE.width * SIZE.height;
const PICTURES = 10;
const RUNS = Number(process.env.CRF_BENCH_RUNS ?? 5);

const README_CRF: DenseCrfOptions = {
  ...RESNET101_CRF,
  appearanceWeight: 10,
  appearanceSigmaPx: 80,
  appearanceSigmaLevels: 13,
  smoothnessSigmaPx: 3,
};

/** Goals are seconds on the machine of docs/crf.md. */
const CASES = [
  { name: "L=2, 4/67/3 + 3/1", labels: 2, params: RESNET101_CRF, goal: 0.09 },
  { name: "L=2, 45/37/3 + 15/3", labels: 2, params: WSSL_BOX_CRF, goal: 0.09 },
  { name: "L=2, 10/80/13 + 3/3", labels: 2, params: README_CRF, goal: 0.04 },
  { name: "L=21, 4/67/3 + 3/1", labels: 21, params: RESNET101_CRF, goal: 0.4 },
  { name: "L=21, 10/80/13 + 3/3", labels: 21, params: README_CRF, goal: 0.18 },
];

interface Picture {
  readonly image: RgbImage;
  readonly boxes: readonly Box[];
}

async function vocPictures(): Promise<Picture[]> {
  const ids = [...Deno.readDirSync(new URL("Annotations", VOC))]
    .map(({ name }) => name.slice(0, -4)).sort();
  const pictures: Picture[] = [];
  for (const id of ids) {
    if (pictures.length === PICTURES) break;
    const xml = Deno.readFileSync(new URL(`Annotations/${id}.xml`, VOC));
    const annotation = parseVocAnnotation(xml, id);
    const { width, height } = annotation;
    if (width !== SIZE.width || height !== SIZE.height) continue;
    const { boxes } = vocBoxes(annotation, { classes: VOC_CLASSES });
    const jpeg = Deno.readFileSync(new URL(`JPEGImages/${id}.jpg`, VOC));
    pictures.push({ image: await decodeJpeg(jpeg, id), boxes });
  }
  return pictures;
}

/** Blobs and noise. */
function drawnPicture(): Picture {
  const random = seededRandom(1);
  const data = Uint8Array.from({ length: PIXELS * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    const x = pixel % SIZE.width;
    const y = Math.floor(pixel / SIZE.width);
    const blob = Math.sin(x / 50 + at % 3) + Math.cos(y / 40 - at % 3);
    return 128 + 50 * blob + 3 * random.normal();
  });
  return { image: { ...SIZE, data }, boxes: [box(7, 100, 60, 400, 320)] };
}

/** The boxes of the first class: background and one label. */
function boxUnary({ boxes }: Picture): LabelPlanes {
  const ofOne = boxes.filter(({ classId }) => classId === boxes[0]!.classId);
  return unaryFromProbabilities(boxProbabilities(ofOne, SIZE));
}

/** A softmax as a network gives it: smooth, and undecided between a few. */
function scoreUnary(labelCount: number): LabelPlanes {
  const random = seededRandom(2);
  const data = new Float32Array(labelCount * PIXELS);
  for (let p = 0; p < PIXELS; p++) {
    const x = p % SIZE.width;
    const y = Math.floor(p / SIZE.width);
    const odds = Array.from({ length: labelCount }, (_, l) => {
      const wave = Math.sin(x / (30 + 3 * l) + l) *
        Math.cos(y / (25 + 2 * l) - l);
      return Math.exp(3 * wave + 0.3 * random.uniform());
    });
    const sum = odds.reduce((a, b) => a + b);
    odds.forEach((odd, l) => data[l * PIXELS + p] = odd / sum);
  }
  return unaryFromProbabilities({ labelCount, ...SIZE, data });
}

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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

const pictures = existsSync(VOC) ? await vocPictures() : [drawnPicture()];
const scores = scoreUnary(21);
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
    const unary = labels === 2 ? boxUnary(picture) : scores;
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
