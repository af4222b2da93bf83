/**
 * Takes batches through the GPU: upload, compute, download.
 *
 * @module
 */
import type { CrfPicture } from "../crf_picture.ts";
import type { DenseCrfOptions } from "../dense_crf_options.ts";
import { featureImage } from "../feature_image.ts";
import type { LabelPlanes } from "../label_planes.ts";
import {
  mirroredImage,
  mirroredPlanes,
  type Mirroring,
  mirroringsOf,
  symmetrised,
  unaryMirrorings,
} from "../mirroring.ts";
import { assertFits, type BatchPlan, fits, planBatch } from "./_batch_plan.ts";
import { type BufferStore, bufferStore } from "./_buffer_store.ts";
import { encodeParams } from "./_kernel.ts";
import { CORNERS } from "./_lattice_plan.ts";
import { type Kernels, submitBatch } from "./_record_batch.ts";
import { type StagingPool, stagingPool } from "./_staging_pool.ts";
import { turnstile } from "./_turnstile.ts";
import { watched } from "./_watch_device.ts";

/** Batches of one device. */
export interface Batches {
  /** Marginals of pictures of one size and number of labels, at least 2. */
  run(
    pictures: readonly CrfPicture[],
    options: DenseCrfOptions,
  ): Promise<LabelPlanes[]>;
  /** Frees all buffers. */
  dispose(): void;
}

/** One goes up, one is computed, one comes down. */
const MAX_IN_FLIGHT = 3;

/**
 * Room for lattice vertices. With WSSL's parameters, the finest in use, 79 of
 * 3434 photographs of VOC have more, up to 3.9; a batch that has more is done
 * again with enough room.
 */
const VERTICES_PER_PIXEL = 2.25;

/** A picture and its unary, mirrored only on their way up and down. */
interface BatchPicture extends CrfPicture {
  /** Of the unary. */
  readonly mirrorings: readonly Mirroring[];
}

/** Where batches run. */
interface Gpu {
  readonly device: GPUDevice;
  readonly kernels: Kernels;
  readonly store: BufferStore;
  readonly staging: StagingPool;
  /** Lets one batch at a time have the store, until its work is submitted. */
  readonly enterStore: ReturnType<typeof turnstile>;
}

/** Starts with no buffers. */
export function startBatches(device: GPUDevice, kernels: Kernels): Batches {
  const enter = turnstile(MAX_IN_FLIGHT);
  const store = bufferStore(device);
  const staging = stagingPool(device, MAX_IN_FLIGHT);
  const enterStore = turnstile(1);
  const gpu = { device, kernels, store, staging, enterStore };
  const settings = { verticesPerPixel: VERTICES_PER_PIXEL };
  return {
    run: (pictures, options) =>
      enter(() =>
        runBatch(gpu, pictures.map(batchPicture), { options, ...settings })
      ),
    dispose() {
      store.clear();
      staging.clear();
    },
  };
}

function batchPicture({ image, unary }: CrfPicture): BatchPicture {
  const mirrorings = unaryMirrorings(unary, mirroringsOf(featureImage(image)));
  return { image, unary, mirrorings };
}

/** As often as it takes to find room: on the device, then for the vertices. */
async function runBatch(
  gpu: Gpu,
  pictures: readonly BatchPicture[],
  { options, verticesPerPixel }: {
    options: DenseCrfOptions;
    verticesPerPixel: number;
  },
): Promise<LabelPlanes[]> {
  const { width, height, labelCount } = pictures[0]!.unary;
  const pictureCount = pictures.length;
  const plan = planBatch(
    { width, height, labelCount, pictureCount, options },
    verticesPerPixel,
  );
  const { limits } = gpu.device;
  if (pictureCount > 1 && !fits(plan, limits)) {
    const half = pictureCount >> 1;
    const settings = { options, verticesPerPixel };
    return [
      ...await runBatch(gpu, pictures.slice(0, half), settings),
      ...await runBatch(gpu, pictures.slice(half), settings),
    ];
  }
  assertFits(plan, limits);
  const { vertexCount, planes } = await runPlan(gpu, plan, pictures);
  const { capacity, pixels } = plan.params;
  if (vertexCount <= capacity) return planes;
  if (verticesPerPixel === CORNERS) {
    throw new Error(
      `Internal error: ${vertexCount} lattice vertices of ${pixels} pixels`,
    );
  }
  const needed = Math.min(CORNERS, vertexCount / pixels);
  return await runBatch(gpu, pictures, { options, verticesPerPixel: needed });
}

/** What came down. */
interface Result {
  readonly vertexCount: number;
  readonly planes: LabelPlanes[];
}

async function runPlan(
  gpu: Gpu,
  plan: BatchPlan,
  pictures: readonly BatchPicture[],
): Promise<Result> {
  const { result } = await gpu.enterStore(async () => {
    await reserve(gpu, plan);
    // In an object, as a promise would be waited for in here.
    return { result: watched(gpu.device, () => submit(gpu, plan, pictures)) };
  });
  return await result;
}

/** Makes the batch's buffers, at the expense of others if need be. */
async function reserve(
  { device, store, staging }: Gpu,
  { sizes }: BatchPlan,
): Promise<void> {
  // More than once when they are disposed of meanwhile.
  while (!store.has(sizes)) {
    try {
      await store.reserve(sizes);
    } catch {
      // What is destroyed keeps its memory for as long as work uses it.
      store.clear();
      staging.clear();
      await device.queue.onSubmittedWorkDone();
      await store.reserve(sizes);
    }
  }
}

/** Everything up to the first `await` is one piece: batches do not mix. */
async function submit(
  gpu: Gpu,
  plan: BatchPlan,
  pictures: readonly BatchPicture[],
): Promise<Result> {
  const { device, store, staging } = gpu;
  const planes = plan.sizes["planes"]!;
  const target = staging.take(planes + 4);
  try {
    upload(gpu, plan, pictures);
    submitBatch(gpu, plan);
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(store.get("planes"), 0, target, 0, planes);
    encoder.copyBufferToBuffer(store.get("counts"), 0, target, planes, 4);
    device.queue.submit([encoder.finish()]);
    await target.mapAsync(GPUMapMode.READ, 0, planes + 4);
    const mapped = target.getMappedRange(0, planes + 4);
    const result = {
      vertexCount: new Uint32Array(mapped, planes, 1)[0]!,
      planes: readPlanes(mapped, pictures),
    };
    target.unmap();
    staging.giveBack(target);
    return result;
  } catch (error) {
    target.destroy();
    throw error;
  }
}

function upload(
  { device, store }: Gpu,
  { params, lattice, spatial, sizes }: BatchPlan,
  pictures: readonly BatchPicture[],
): void {
  const write = (name: string, data: BufferSource, offset = 0) =>
    device.queue.writeBuffer(store.get(name), offset, data);
  write("params", encodeParams(params));
  write("oneChannel", encodeParams({ ...params, channels: 1 }));
  if (spatial !== null) write("sides", spatial.sides);
  const unaryBytes = 4 * params.labels * params.picturePixels;
  pictures.forEach(({ unary, mirrorings: [mirroring] }, i) => {
    const { data } = mirroredPlanes(unary, mirroring!);
    write("planes", data as Float32Array<ArrayBuffer>, i * unaryBytes);
  });
  if (lattice === null) return;
  write("scaled", lattice.scaled);
  write("packing", lattice.packing);
  const levels = new Uint8Array(sizes["pictures"]!);
  pictures.forEach(({ image, mirrorings: [mirroring] }, i) => {
    const { data } = mirroredImage(featureImage(image), mirroring!);
    levels.set(data, i * 3 * params.picturePixels);
  });
  write("pictures", levels);
}

function readPlanes(
  bytes: ArrayBuffer,
  pictures: readonly BatchPicture[],
): LabelPlanes[] {
  let first = 0;
  return pictures.map(({ unary, mirrorings }) => {
    const end = first + unary.data.byteLength;
    const data = new Float32Array(bytes.slice(first, end));
    first = end;
    const planes = mirroredPlanes({ ...unary, data }, mirrorings[0]!);
    return symmetrised(planes, mirrorings);
  });
}
