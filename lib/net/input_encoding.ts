/**
 * How a network wants its pictures.
 *
 * @module
 */
import type { NetworkConfig } from "./network_config.ts";

/** Channel c of the input is (level − mean[c]) · scale, levels 0…255. */
export interface InputEncoding {
  readonly order: "bgr" | "rgb";
  /** In that order. */
  readonly mean: readonly [number, number, number];
  readonly scale: number;
}

/** DeepLab's own: levels of 0…255 around the mean colour of ImageNet. */
export const CAFFE_ENCODING: InputEncoding = {
  order: "bgr",
  mean: [104.008, 116.669, 122.675],
  scale: 1,
};

/** That of the MobileNets of TensorFlow: −1…1. */
export const TENSORFLOW_ENCODING: InputEncoding = {
  order: "rgb",
  mean: [128, 128, 128],
  scale: 1 / 128,
};

/**
 * The encoding of a network's input. It does not depend on where weights come
 * from: `import_weights.ts` fits them to it. Padding is 0, the mean colour.
 *
 * @example
 * ```ts
 * import { inputEncoding } from "./input_encoding.ts";
 * import { NetworkConfig } from "./network_config.ts";
 * import { strictEqual } from "node:assert";
 *
 * const network = NetworkConfig.parse({ kind: "largefov" });
 * strictEqual(inputEncoding(network).order, "bgr");
 * ```
 */
export function inputEncoding(network: NetworkConfig): InputEncoding {
  if (network.kind === "mobilenet_v2") return TENSORFLOW_ENCODING;
  if (network.kind === "resnet101") return CAFFE_ENCODING;
  return { ...CAFFE_ENCODING, scale: network.inputScale };
}
