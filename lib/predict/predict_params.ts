/**
 * Params of the stages that predict.
 *
 * @module
 */
import * as z from "zod";
import { DeviceParam, EngineParam } from "../engine/engine_params.ts";

/** How pictures are padded, and what the network runs on. */
export const PredictParams = z.strictObject({
  inputSizePx: z.int().min(9).nullable().default(null).describe(
    "8k + 1; pictures that fit in such a square are padded to it, as the " +
      "paper pads to 513; null: each side to the next 8k + 1",
  ),
  engine: EngineParam,
  device: DeviceParam,
});
