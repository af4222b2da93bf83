/**
 * The dense CRF on a GPU, for use on its own: everything from one import.
 *
 * Runs wherever there is WebGPU: browsers, Deno. The CPU's, with parameters
 * for different uses, unaries and labels from marginals, is `lib/crf/mod.ts`.
 *
 * @module
 */
export { BeyondGpuError } from "./beyond_gpu.ts";
export { requestCrfDevice } from "./crf_device.ts";
export { type GpuCrf, openGpuCrf } from "./gpu_crf.ts";
export type { CrfPicture } from "../crf_picture.ts";
export type { DenseCrfOptions } from "../dense_crf_options.ts";
export type { LabelPlanes } from "../label_planes.ts";
