/**
 * Weights that others have trained, as values of our parameters.
 *
 * @module
 */
import type { TrainedEncodingName } from "./first_convolution.ts";
import { mobileNetV2Layout } from "./mobilenet_v2_layout.ts";
import type { NetworkConfig, ResNet101Config } from "./network_config.ts";
import { resNet101Layout } from "./resnet101_layout.ts";
import type { NamedTensor } from "./safetensors.ts";
import { vgg16Layout, vgg19Layout } from "./vgg_layout.ts";
import { applyLayout, type WeightLayout } from "./weight_layout.ts";

/** Kinds of files that can be imported. */
export const LAYOUT_NAMES = [
  "vgg16",
  "vgg19_conv1_3",
  "resnet101",
  "mobilenet_v2",
] as const;

/** One of {@link LAYOUT_NAMES}. */
export type LayoutName = typeof LAYOUT_NAMES[number];

/** See {@link importWeights}. */
export interface ImportOptions {
  readonly layout: LayoutName;
  /** The network that the weights are for. */
  readonly network: NetworkConfig;
  /** What the weights were trained on; null: what its publisher uses. */
  readonly encoding?: TrainedEncodingName | null;
}

/** What an import gave. */
export interface ImportedWeights {
  /** By name of our parameter. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  /** Tensors of the file that were not wanted, such as its classifier. */
  readonly dropped: readonly string[];
}

/**
 * Turns a file's tensors into values of a network's parameters; they fit the
 * network's own encoding of pictures, whatever they were trained on.
 *
 * @throws {RangeError} When the layout is not one of the network's, the network
 *   strides where the weights did not, or the file is not of the layout: all
 *   that is missing, surplus, mis-shaped or not finite is told at once.
 *
 * @example
 * ```ts
 * import { importWeights } from "./import_weights.ts";
 * import { NetworkConfig } from "./network_config.ts";
 * import { throws } from "node:assert";
 *
 * const network = NetworkConfig.parse({ kind: "largefov" });
 * const noTensors = new Map();
 * throws(() => importWeights(noTensors, { layout: "vgg16", network }), /missing/);
 * ```
 */
export function importWeights(
  tensors: ReadonlyMap<string, NamedTensor>,
  options: ImportOptions,
): ImportedWeights {
  const layout = layoutOf(tensors, options);
  const imported = applyLayout(tensors, layout);
  const dropped = [...tensors.keys()].filter((name) => layout.isDropped(name));
  return { tensors: imported, dropped };
}

function layoutOf(
  tensors: ReadonlyMap<string, NamedTensor>,
  { layout, network, encoding = null }: ImportOptions,
): WeightLayout {
  if (layout === "vgg16" && network.kind === "largefov") {
    return vgg16Layout(tensors, network, { encoding });
  }
  if (layout === "vgg19_conv1_3" && network.kind === "largefov") {
    return vgg19Layout(network, { encoding });
  }
  if (layout === "resnet101" && network.kind === "resnet101") {
    assertStride(network, encoding ?? "torchvision");
    return resNet101Layout(network, { encoding });
  }
  if (layout === "mobilenet_v2" && network.kind === "mobilenet_v2") {
    assertTensorFlow(encoding);
    return mobileNetV2Layout(network);
  }
  throw new RangeError(
    `Cannot import weights as the network must take layout "${layout}": ` +
      `it is "${network.kind}"`,
  );
}

/** Which convolution of a bottleneck strides in a publisher's ResNet-101. */
const STRIDE_ON: Partial<
  Record<TrainedEncodingName, ResNet101Config["strideOn"]>
> = { torchvision: "middle", caffe: "first", keras: "first" };

/** Weights of either kind have the same names and shapes. */
function assertStride(
  { strideOn }: ResNet101Config,
  encoding: TrainedEncodingName,
): void {
  const theirs = STRIDE_ON[encoding] ?? strideOn;
  if (strideOn === theirs) return;
  throw new RangeError(
    `Cannot import ResNet-101 as the network must stride in the "${theirs}" ` +
      `convolution of a bottleneck, as weights of encoding "${encoding}" do: ` +
      `strideOn is "${strideOn}"; set it, or the encoding if the weights are ` +
      `another publisher's`,
  );
}

/** MobileNetV2's own encoding is TensorFlow's; there is no other to fit. */
function assertTensorFlow(encoding: TrainedEncodingName | null): void {
  if (encoding === null || encoding === "tensorflow") return;
  throw new RangeError(
    `Cannot import MobileNetV2 as its encoding must be "tensorflow": ` +
      `it is "${encoding}"`,
  );
}
