/**
 * Params of the stages that run the dense CRF.
 *
 * @module
 */
import * as z from "zod";
import { DeviceParam } from "../engine/engine_params.ts";
import type { DenseCrfOptions } from "./dense_crf.ts";

const Weight = z.number().min(0).max(1e6);
const Sigma = z.number().positive();

/** Where the CRF runs; `auto` takes a GPU if there is a real one. */
export const CrfDeviceParam = DeviceParam.describe("where the CRF runs");

/**
 * The fields of a stage's params that are the CRF's own, to be spread.
 *
 * @param preset Of their defaults.
 *
 * @example
 * ```ts
 * import * as z from "zod";
 * import { crfParams } from "./crf_params.ts";
 * import { BANA_CRF } from "./dense_crf.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(z.strictObject(crfParams(BANA_CRF)).parse({}), BANA_CRF);
 * ```
 */
export function crfParams(preset: DenseCrfOptions) {
  return {
    appearanceWeight: Weight.default(preset.appearanceWeight)
      .describe("of the bilateral kernel"),
    appearanceSigmaPx: Sigma.default(preset.appearanceSigmaPx).describe("px"),
    appearanceSigmaLevels: Sigma.default(preset.appearanceSigmaLevels)
      .describe("RGB levels of 0…255"),
    smoothnessWeight: Weight.default(preset.smoothnessWeight)
      .describe("of the spatial kernel"),
    smoothnessSigmaPx: Sigma.default(preset.smoothnessSigmaPx).describe("px"),
    normalisation: z.enum(["after", "symmetric"]).default(preset.normalisation)
      .describe(
        "after: by the filter of ones at the receiver; symmetric: ½ each",
      ),
    iterations: z.int().min(0).max(1000).default(preset.iterations)
      .describe("of mean field"),
  };
}
