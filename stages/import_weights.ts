/**
 * Stage `import_weights`: what others have trained, fitted to a network here.
 *
 * VGG-16's fc6 and fc7 are decimated, ResNet-101's batch norm becomes a scale
 * and a shift, classifiers are left out, and the first convolution is fitted to
 * the network's own encoding of pictures.
 *
 *   in   file     safetensors or ONNX
 *   out  weights  by name of the network's parameters; some may be left out
 *
 * @module
 */
import * as z from "zod";
import { TRAINED_ENCODINGS } from "../lib/net/first_convolution.ts";
import {
  importWeights as fitWeights,
  LAYOUT_NAMES,
} from "../lib/net/import_weights.ts";
import { NetworkConfig } from "../lib/net/network_config.ts";
import { WEIGHTS, WEIGHTS_FILE } from "./artifacts.ts";
import { defineStage } from "../pipeline/mod.ts";

const ENCODING_NAMES = Object.keys(
  TRAINED_ENCODINGS,
) as (keyof typeof TRAINED_ENCODINGS)[];

const Params = z.strictObject({
  layout: z.enum(LAYOUT_NAMES).describe("what the file is"),
  network: NetworkConfig.describe("what the weights are for"),
  encoding: z.enum(ENCODING_NAMES).nullable().default(null).describe(
    "pictures that the weights were trained on; null: as their publisher's",
  ),
});

/** Imports weights. */
export const importWeights = defineStage({
  name: "import_weights",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: { file: WEIGHTS_FILE },
  outputs: { weights: WEIGHTS },
  run({ params, inputs, log }) {
    const { tensors, dropped } = fitWeights(inputs.file.tensors, params);
    log(`${tensors.size} parameters imported`);
    log(`Left out of the file: ${dropped.join(", ") || "nothing"}`);
    const { layout, network } = params;
    const metadata = { layout, network: JSON.stringify(network) };
    return Promise.resolve({ weights: { tensors, metadata } });
  },
});
