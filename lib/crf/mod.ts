/**
 * The dense CRF for use on its own: everything from one import.
 *
 * Runs in Deno, Node and browsers; the pool, where there are web workers. What
 * runs on a GPU is `gpu/mod.ts`.
 *
 * @module
 */
export {
  BANA_CRF,
  type CrfEvent,
  denseCrf,
  type DenseCrfOptions,
  LARGEFOV_CRF,
  RESNET101_CRF,
  WSSL_BOX_CRF,
} from "./dense_crf.ts";
export type { CrfImage, FeatureImage, FeatureValues } from "./feature_image.ts";
export type { Normalisation, PairwiseParams } from "./pairwise.ts";
export type { CrfMemory } from "./crf_memory.ts";
export { denseCrfMemory } from "./dense_crf_memory.ts";
export { type LabelPlanes, mapLabels } from "./label_planes.ts";
export { LEAST_PROBABILITY, unaryFromProbabilities } from "./unary.ts";
export { openPictureCrf, type PictureCrf } from "./picture_crf.ts";
export type { CrfPicture } from "./crf_picture.ts";
export {
  type CrfPool,
  type CrfPoolOptions,
  type CrfRunOptions,
  openCrfPool,
} from "./crf_pool.ts";
