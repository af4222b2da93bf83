/**
 * ResNet-101 as PyTorch names it, into DeepLab-v2.
 *
 * @module
 */
import {
  fitFirstConvolution,
  TRAINED_ENCODINGS,
  type TrainedEncodingName,
} from "./first_convolution.ts";
import { CAFFE_ENCODING } from "./input_encoding.ts";
import type { ResNet101Config } from "./network_config.ts";
import { type NormalisedConvolution, resNetLayers } from "./resnet101.ts";
import { copied, type WeightLayout, type WeightRule } from "./weight_layout.ts";

/** PyTorch's, added to the variance. */
const EPSILON = 1e-5;

/**
 * ResNet-101 as torchvision has it, or a port of Caffe's under the same names,
 * for which `encoding` is `caffe`. Of batch norm's mean μ, variance σ², weight γ
 * and bias β remain a scale γ / √(σ² + 10⁻⁵) and a shift β − μ · scale.
 *
 * @example
 * ```ts
 * import { ResNet101Config } from "./network_config.ts";
 * import { resNet101Layout } from "./resnet101_layout.ts";
 * import { strictEqual } from "node:assert";
 *
 * const network = ResNet101Config.parse({ kind: "resnet101" });
 * const { rules } = resNet101Layout(network, { encoding: null });
 * strictEqual(rules.length, 104 * 3);
 * ```
 */
export function resNet101Layout(
  network: ResNet101Config,
  { encoding }: { readonly encoding: TrainedEncodingName | null },
): WeightLayout {
  const { stem, bottlenecks } = resNetLayers(network);
  const layers = bottlenecks.flatMap(({ convolutions, shortcut }) =>
    shortcut === null ? convolutions : [...convolutions, shortcut]
  );
  return {
    title: "ResNet-101",
    rules: [
      ...stemRules(stem, encoding ?? "torchvision"),
      ...layers.flatMap(layerRules),
    ],
    isDropped: isDroppedByResNet,
  };
}

/**
 * Whether a tensor of a ResNet is of no use: its classifier, and how many
 * batches it has seen.
 *
 * @example
 * ```ts
 * import { isDroppedByResNet } from "./resnet101_layout.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(isDroppedByResNet("bn1.num_batches_tracked"), true);
 * strictEqual(isDroppedByResNet("bn1.running_mean"), false);
 * ```
 */
export function isDroppedByResNet(name: string): boolean {
  return name.startsWith("fc.") || name.endsWith(".num_batches_tracked");
}

/** `layer1_0/conv2` → `layer1.0.conv2` and `layer1.0.bn2`. */
function sourceNames(name: string): { convolution: string; norm: string } {
  const path = name.replace(/^(layer\d)_(\d+)\//, "$1.$2.");
  if (path.endsWith("downsample")) {
    return { convolution: `${path}.0`, norm: `${path}.1` };
  }
  return { convolution: path, norm: path.replace(/conv(\d)$/, "bn$1") };
}

function layerRules(layer: NormalisedConvolution): WeightRule[] {
  const { name, channels, inputChannels, kernel } = layer;
  const { convolution, norm } = sourceNames(name);
  const shape = [channels, inputChannels, kernel, kernel];
  const of = (part: string) => ({
    name: `${norm}.${part}`,
    shapes: [[channels]],
  });
  return [
    copied(`${name}/weight`, shape, `${convolution}.weight`),
    {
      parameter: `${name}/scale`,
      shape: [channels, 1, 1, 1],
      sources: [of("weight"), of("running_var")],
      convert: (gamma, variance) => scaleOf(gamma!, variance!),
    },
    {
      parameter: `${name}/shift`,
      shape: [channels],
      sources: ["weight", "running_var", "bias", "running_mean"].map(of),
      convert: (gamma, variance, beta, mean) => {
        const scale = scaleOf(gamma!, variance!);
        return beta!.map((value, i) => value - mean![i]! * scale[i]!);
      },
    },
  ];
}

function scaleOf(gamma: Float32Array, variance: Float32Array): Float32Array {
  return gamma.map((value, i) => value / Math.sqrt(variance[i]! + EPSILON));
}

/** The first layer, fitted to DeepLab's pictures: its offset is scaled too. */
function stemRules(
  stem: NormalisedConvolution,
  trainedOn: TrainedEncodingName,
): WeightRule[] {
  const [weight, scale, shift] = layerRules(stem);
  const fitted = (data: Float32Array) =>
    fitFirstConvolution(data, {
      channels: stem.channels,
      from: TRAINED_ENCODINGS[trainedOn],
      to: CAFFE_ENCODING,
    });
  return [
    { ...weight!, convert: (data) => fitted(data!).weight },
    scale!,
    {
      ...shift!,
      sources: [...shift!.sources, ...weight!.sources],
      convert: (gamma, variance, beta, mean, data) => {
        const scales = scaleOf(gamma!, variance!);
        const { offset } = fitted(data!);
        return shift!.convert(gamma!, variance!, beta!, mean!)
          .map((value, i) => value + offset[i]! * scales[i]!);
      },
    },
  ];
}
