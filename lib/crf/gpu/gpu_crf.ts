/**
 * Dense CRF on a GPU: the model of `denseCrf`, as WebGPU compute passes.
 *
 * The lattice is built on the GPU too, so that a picture and its unary go up,
 * its marginals come down, and nothing waits in between. Runs in browsers, Deno
 * and wherever there is a `GPUDevice`.
 *
 * @module
 */
import type { CrfPicture } from "../crf_picture.ts";
import type { DenseCrfOptions } from "../dense_crf_options.ts";
import type { LabelPlanes } from "../label_planes.ts";
import { assertGpuOptions, assertPicture } from "./_assert_request.ts";
import { compileKernels } from "./_record_batch.ts";
import { type Batches, startBatches } from "./_run_batch.ts";

/** The dense CRF on one device. */
export interface GpuCrf {
  /**
   * Marginals of pictures, in their order, as `denseCrf` gives them for each.
   *
   * Those of one size and number of labels go through the GPU together, which
   * small ones need to fill it. Calls may overlap: while one result comes
   * down, the next is computed. Inputs and results are all in memory at once.
   * Equal inputs give equal bytes on one device, in whatever company.
   *
   * `onEvent` hears nothing, as all is done at once; `memoryLimit`, which is of
   * WebAssembly's memory, limits nothing.
   *
   * @throws {BeyondGpuError} What `denseCrf` may do: when an image is not RGB
   *   of 8 bits, `stopEarly` is wanted, the std are so small that coordinates
   *   overflow, or a picture is too large for the device.
   * @throws {RangeError} When sizes do not fit, a parameter is out of its
   *   range, or a unary is NaN, −∞ or +∞ for all labels of a pixel.
   * @throws {Error} When the device is lost or has no memory left.
   */
  run(
    pictures: readonly CrfPicture[],
    options: DenseCrfOptions,
  ): Promise<LabelPlanes[]>;
  /** Frees the buffers; the device stays the caller's. */
  dispose(): void;
}

/**
 * Compiles the dense CRF for a device; `requestCrfDevice` asks for one that
 * takes large pictures.
 *
 * @throws {Error} When the device does not take the compute passes.
 *
 * @example
 * ```ts
 * import { requestCrfDevice } from "./crf_device.ts";
 * import { openGpuCrf } from "./gpu_crf.ts";
 * import { findAdapter } from "../../engine/webgpu_adapter.ts";
 * import { RESNET101_CRF } from "../dense_crf.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const adapter = await findAdapter();
 * if (adapter !== null) {
 *   const device = await requestCrfDevice(adapter as GPUAdapter);
 *   const crf = await openGpuCrf(device);
 *   const image = { width: 1, height: 1, data: new Uint8Array(3) };
 *   const data = Float32Array.of(0, Infinity);
 *   const unary = { labelCount: 2, width: 1, height: 1, data };
 *   const [marginals] = await crf.run([{ image, unary }], RESNET101_CRF);
 *   deepStrictEqual(marginals?.data, Float32Array.of(1, 0));
 *   crf.dispose();
 *   device.destroy();
 * }
 * ```
 */
export async function openGpuCrf(device: GPUDevice): Promise<GpuCrf> {
  const batches = startBatches(device, await compileKernels(device));
  return {
    async run(pictures, options) {
      assertGpuOptions(options);
      for (const picture of pictures) assertPicture(picture);
      const results = new Array<LabelPlanes>(pictures.length);
      await Promise.all(
        batchesOf(pictures).map(async (places) => {
          const batch = places.map((place) => pictures[place]!);
          const marginals = await runAlike(batches, batch, options);
          places.forEach((place, i) => results[place] = marginals[i]!);
        }),
      );
      return results;
    },
    dispose: () => batches.dispose(),
  };
}

/** Marginals of pictures of one size and number of labels. */
async function runAlike(
  batches: Batches,
  pictures: readonly CrfPicture[],
  options: DenseCrfOptions,
): Promise<LabelPlanes[]> {
  // One label alone is sure.
  if (pictures[0]!.unary.labelCount === 1) {
    return pictures.map(({ unary }) => ({ ...unary, data: onesLike(unary) }));
  }
  return await batches.run(pictures, options);
}

function onesLike({ data }: LabelPlanes): Float32Array {
  return new Float32Array(data.length).fill(1);
}

/**
 * Values filtered together at most: beyond, a batch fills a large GPU, and
 * costs memory only.
 */
const MAX_TOGETHER = 1 << 21;

/** Places of pictures that go together: of one size, and not too many. */
function batchesOf(pictures: readonly CrfPicture[]): number[][] {
  const alike = Map.groupBy(
    pictures.keys(),
    (place) => {
      const { width, height, labelCount } = pictures[place]!.unary;
      return `${width} × ${height} × ${labelCount}`;
    },
  );
  return [...alike.values()].flatMap((places) => {
    const { unary } = pictures[places[0]!]!;
    const values = unary.width * unary.height * (unary.labelCount - 1);
    const together = Math.max(1, Math.floor(MAX_TOGETHER / (values + 1)));
    return Array.from(
      { length: Math.ceil(places.length / together) },
      (_, i) => places.slice(i * together, (i + 1) * together),
    );
  });
}
