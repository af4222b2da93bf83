/**
 * Speed and memory of the dense CRF on a GPU, at the size of a VOC picture.
 *
 *   deno run -A tests/bench/crf_gpu.ts                as crf_bench.ts
 *   deno run -A tests/bench/crf_gpu.ts --images DIR   its first JPEGs
 *   deno run -A tests/bench/crf_gpu.ts --size 60x40 --pictures 4    drawn ones
 *
 * Pictures are VOC 2012's of 500 × 375 px, from ../shared/data/voc_subset;
 * without them, drawn ones. Cases are those of crf_bench.ts.
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
import { denseCrf, type DenseCrfOptions } from "../../lib/crf/dense_crf.ts";
import {
  type GpuCrf,
  openGpuCrf,
  requestCrfDevice,
} from "../../lib/crf/gpu/mod.ts";
import type { LabelPlanes } from "../../lib/crf/label_planes.ts";
import { findAdapter, formatAdapter } from "../../lib/engine/webgpu_adapter.ts";
import type { Size } from "../../lib/geometry/size.ts";
import { decodeImage } from "../../lib/image/decode_image.ts";
import {
  boxed,
  CASES,
  caseUnary,
  drawnPicture,
  type Picture,
  VOC_SIZE,
  vocPictures,
} from "./crf_cases.ts";
import { median } from "./median.ts";

/** So many pictures: of a folder, drawn ones of a size, or photographs. */
async function readPictures(
  count: number,
  { folder, size }: { folder?: string; size?: Size },
): Promise<Picture[]> {
  const drawn = (size: Size) =>
    Array.from({ length: count }, (_, i) => drawnPicture(size, i + 1));
  if (size !== undefined) return drawn(size);
  if (folder === undefined) {
    const photographs = await vocPictures(count);
    return photographs.length > 0 ? photographs : drawn(VOC_SIZE);
  }
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => /\.jpe?g$/i.test(name)).sort().slice(0, count);
  return await Promise.all(
    names.map((name) => `${folder}/${name}`).map(async (path) =>
      boxed(await decodeImage(Deno.readFileSync(path), path))
    ),
  );
}

/** From such as `60x40`. */
function parseSize(text: string): Size {
  const [width, height] = text.split("x").map(Number);
  return { width: width!, height: height! };
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
  return median(times.slice(1));
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
    size: { type: "string" },
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
const pictures = await readPictures(Number(values.pictures), {
  folder: values.images,
  size: values.size === undefined ? undefined : parseSize(values.size),
});
const device = await requestCrfDevice(adapter as unknown as GPUAdapter);
const bytesNow = countBytes(device);
const crf = await openGpuCrf(device);
console.log(`${formatAdapter(adapter.info)}, ${pictures.length} pictures`);
const rows: Record<string, Record<string, string>> = {};
for (const { name, labels, params } of CASES) {
  const asked = pictures.map((picture) => ({
    image: picture.image,
    unary: caseUnary(picture, labels),
  }));
  const settings = { options: params, repeat: Number(values.repeat) };
  rows[name] = {
    ...await measure(crf, asked, settings),
    "MiB": (bytesNow() / 2 ** 20).toFixed(1),
    ...values.cpu ? await compare(crf, asked[0]!, params) : {},
  };
  crf.dispose();
}
console.table(rows);
device.destroy();
