/**
 * A worker of the CRF pool: one picture after the other.
 *
 * @module
 */
import type { CrfPicture } from "./crf_picture.ts";
import { denseCrf, type DenseCrfOptions } from "./dense_crf.ts";
import type { LabelPlanes } from "./label_planes.ts";

/** What a worker is started from. In a bundle, the whole bundle. */
export const CRF_WORKER_URL = import.meta.url;

/**
 * By this name a worker knows itself: the pool imports this module too, so that
 * one file holds both, and `import.meta.main` is unknown to browsers.
 */
export const CRF_WORKER_NAME = "boxfill-crf-worker";

/** A message to a worker: a picture to be done. */
export interface CrfJob {
  readonly picture: CrfPicture;
  readonly options: DenseCrfOptions;
}

/** What a worker answers to each job. */
export type CrfAnswer =
  | { readonly marginals: LabelPlanes }
  | { readonly error: Error };

/**
 * Does one job; failures are answers.
 *
 * @example
 * ```ts
 * import { answerCrfJob } from "./crf_worker.ts";
 * import { RESNET101_CRF } from "./dense_crf.ts";
 * import { ok } from "node:assert";
 *
 * const image = { width: 1, height: 1, data: new Uint8Array(3) };
 * const data = Float32Array.of(NaN);
 * const unary = { labelCount: 1, width: 1, height: 1, data };
 * const picture = { image, unary };
 * ok("error" in answerCrfJob({ picture, options: RESNET101_CRF }));
 * ```
 */
export function answerCrfJob({ picture, options }: CrfJob): CrfAnswer {
  try {
    return { marginals: denseCrf(picture.image, picture.unary, options) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** What is moved rather than copied. */
function memoryOf(answer: CrfAnswer): ArrayBuffer[] {
  if ("error" in answer) return [];
  const { buffer } = answer.marginals.data;
  return buffer instanceof ArrayBuffer ? [buffer] : [];
}

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  readonly name?: unknown;
  onmessage: ((event: MessageEvent<CrfJob>) => void) | null;
  postMessage(answer: CrfAnswer, transfer: Transferable[]): void;
}

const SCOPE = globalThis as unknown as WorkerScope;
if (SCOPE.name === CRF_WORKER_NAME) {
  SCOPE.onmessage = ({ data }) => {
    const answer = answerCrfJob(data);
    SCOPE.postMessage(answer, memoryOf(answer));
  };
}
