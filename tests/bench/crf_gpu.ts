/**
 * Speed and memory of the dense CRF on a GPU, at the size of a VOC picture.
 *
 *   deno run -A tests/bench/crf_gpu.ts                drawn pictures, 500 × 375
 *   deno run -A tests/bench/crf_gpu.ts --images DIR   its first JPEGs
 *   deno run -A tests/bench/crf_gpu.ts --size 60x40 --pictures 4    to try it
 *
 * Columns: milliseconds of one picture alone, from call to marginals, and of
 * an iteration of it; milliseconds per picture of all at once; MiB of buffers
 * on the device meanwhile. Medians of `--repeat` runs after one to warm up.
 * `--cpu` adds what `denseCrf` takes on one core, and the mean |ΔQ| to it.
 *
 * Peers on one core take 0.46, 0.72, 0.22, 1.48 and 0.59 s (pydensecrf), the
 * fastest 0.37, 0.36, 0.12, 1.30 and 0.55 s; the exact sum over all pairs would
 * take an H200 about 100 ms at L = 2 and 100 to 300 ms at L = 21 (computed).
 *
 * A program that stands in for a GPU, such as lavapipe, shows only that it
 * works.
 *
 * @module
 */
import { parseArgs } from "node:util";
import type { CrfPicture } from "../../lib/crf/crf_picture.ts";
import {
  denseCrf,
  type DenseCrfOptions,
  RESNET101_CRF,
  WSSL_BOX_CRF,
} from "../../lib/crf/dense_crf.ts";
import { requestCrfDevice } from "../../lib/crf/gpu/crf_device.ts";
import { type GpuCrf, openGpuCrf } from "../../lib/crf/gpu/gpu_crf.ts";
import type { LabelPlanes } from "../../lib/crf/label_planes.ts";
import { unaryFromProbabilities } from "../../lib/crf/unary.ts";
import { findAdapter, formatAdapter } from "../../lib/engine/webgpu_adapter.ts";
import type { Size } from "../../lib/geometry/size.ts";
import { decodeImage } from "../../lib/image/decode_image.ts";
import type { RgbImage } from "../../lib/image/image.ts";
import { seededRandom } from "../../lib/random.ts";
import { boxProbabilities } from "../../lib/weak/box_unary.ts";
import { box } from "../drawings.ts";

const README_CRF: DenseCrfOptions = {
  appearanceWeight: 10,
  appearanceSigmaPx: 80,
  appearanceSigmaLevels: 13,
  smoothnessWeight: 3,
  smoothnessSigmaPx: 3,
  iterations: 10,
  normalisation: "symmetric",
};

/** Those that the peers were measured with. */
const CASES: readonly {
  readonly name: string;
  readonly unary: (size: Size) => LabelPlanes;
  readonly options: DenseCrfOptions;
}[] = [
  {
    name: "L=2, 4/67/3 + 3/1",
    unary: (size) => scoreUnary(size, 2),
    options: RESNET101_CRF,
  },
  {
    name: "L=2, WSSL 45/37/3 + 15/3",
    unary: boxUnary,
    options: WSSL_BOX_CRF,
  },
  {
    name: "L=2, README 10/80/13 + 3/3",
    unary: (size) => scoreUnary(size, 2),
    options: README_CRF,
  },
  {
    name: "L=21, 4/67/3 + 3/1",
    unary: (size) => scoreUnary(size, 21),
    options: RESNET101_CRF,
  },
  {
    name: "L=21, README 10/80/13 + 3/3",
    unary: (size) => scoreUnary(size, 21),
    options: README_CRF,
  },
];

/** Blobs and noise; with WSSL's std about as many vertices as a photograph. */
function drawnImage({ width, height }: Size, seed: number): RgbImage {
  const random = seededRandom(seed);
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    const x = pixel % width;
    const y = Math.floor(pixel / width);
    const blob = Math.sin(x / 50 + at % 3) + Math.cos(y / 40 - at % 3);
    return 128 + 50 * blob + 3 * random.normal();
  });
  return { width, height, data };
}

/** A score map's softmax: two labels lead by turns, all others are unlikely. */
function scoreUnary({ width, height }: Size, labelCount: number): LabelPlanes {
  const pixelCount = width * height;
  const data = new Float32Array(labelCount * pixelCount)
    .fill(0.1 / (labelCount - 1));
  for (let p = 0; p < pixelCount; p++) {
    const leading = (p % width) % 100 < 50 ? 0 : 1;
    data[leading * pixelCount + p] = 0.9;
  }
  return unaryFromProbabilities({ labelCount, width, height, data });
}

/** WSSL's of a box that leaves a fifth of the picture on each side. */
function boxUnary(size: Size): LabelPlanes {
  const [x, y] = [Math.floor(size.width / 5), Math.floor(size.height / 5)];
  const object = box(7, x, y, size.width - x, size.height - y);
  return unaryFromProbabilities(boxProbabilities([object], size));
}

/** Those of a folder, or drawn ones. */
async function readImages(
  { folder, count, size }: { folder?: string; count: number; size: Size },
): Promise<RgbImage[]> {
  if (folder === undefined) {
    return Array.from({ length: count }, (_, i) => drawnImage(size, i));
  }
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => /\.jpe?g$/i.test(name)).sort().slice(0, count);
  return await Promise.all(
    names.map((name) => `${folder}/${name}`)
      .map((path) => decodeImage(Deno.readFileSync(path), path)),
  );
}

/** Counts the bytes of the device's buffers that are not destroyed. */
function countBytes(device: GPUDevice): () => number {
  let bytes = 0;
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    bytes += buffer.size;
    buffer.destroy = () => {
      bytes -= buffer.size;
      destroy();
    };
    return buffer;
  };
  return () => bytes;
}

/** Median milliseconds; the first run does not count. */
async function medianMs(
  repeat: number,
  run: () => unknown,
): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i <= repeat; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times.slice(1).toSorted((a, b) => a - b)[repeat >> 1]!;
}

async function measure(
  crf: GpuCrf,
  pictures: readonly CrfPicture[],
  { options, repeat }: { options: DenseCrfOptions; repeat: number },
) {
  const alone = (iterations: number) =>
    medianMs(
      repeat,
      () => crf.run(pictures.slice(0, 1), { ...options, iterations }),
    );
  const { iterations } = options;
  const ms = await alone(iterations);
  const twice = await alone(2 * iterations);
  const together = await medianMs(repeat, () => crf.run(pictures, options));
  return {
    "ms": ms.toFixed(2),
    "ms an iteration": ((twice - ms) / iterations).toFixed(3),
    "ms of many": (together / pictures.length).toFixed(2),
  };
}

/** One core, and how far from it the GPU is. */
async function compare(
  crf: GpuCrf,
  { image, unary }: CrfPicture,
  options: DenseCrfOptions,
) {
  const start = performance.now();
  const { data } = denseCrf(image, unary, options);
  const ms = performance.now() - start;
  const [{ data: ours }] = await crf.run([{ image, unary }], options) as [
    LabelPlanes,
  ];
  const sum = ours.reduce((sum, q, i) => sum + Math.abs(q - data[i]!), 0);
  return {
    "ms CPU": ms.toFixed(0),
    "mean |ΔQ|": (sum / data.length).toExponential(1),
  };
}

const { values } = parseArgs({
  options: {
    images: { type: "string" },
    size: { type: "string", default: "500x375" },
    pictures: { type: "string", default: "32" },
    repeat: { type: "string", default: "10" },
    cpu: { type: "boolean", default: false },
  },
});
const adapter = await findAdapter();
if (adapter === null) {
  console.error("WebGPU has no adapter on this machine");
  Deno.exit(1);
}
const [width, height] = values.size.split("x").map(Number);
const images = await readImages({
  folder: values.images,
  count: Number(values.pictures),
  size: { width: width!, height: height! },
});
const device = await requestCrfDevice(adapter as unknown as GPUAdapter);
const bytesNow = countBytes(device);
const crf = await openGpuCrf(device);
console.log(`${formatAdapter(adapter.info)}, ${images.length} pictures`);
const rows: Record<string, Record<string, string>> = {};
for (const { name, unary, options } of CASES) {
  const pictures = images.map((image) => ({ image, unary: unary(image) }));
  rows[name] = {
    ...await measure(crf, pictures, { options, repeat: Number(values.repeat) }),
    "MiB": (bytesNow() / 2 ** 20).toFixed(1),
    ...values.cpu ? await compare(crf, pictures[0]!, options) : {},
  };
  crf.dispose();
}
console.table(rows);
device.destroy();
