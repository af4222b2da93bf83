/**
 * Where networks run, as a workflow file says it.
 *
 * @module
 */
import * as z from "zod";

/** The library that runs networks; `auto` takes the first that starts. */
export const EngineParam = z
  .enum(["auto", "onnxruntime-node", "onnxruntime-web", "tfjs"])
  .default("auto").describe("library that runs networks");

/** Where it runs them; `auto` takes a GPU if there is a real one. */
export const DeviceParam = z.enum(["auto", "cpu", "gpu"])
  .default("auto").describe("where networks run");
