/**
 * DeepLab-v2 on ResNet-101 [DeepLab-v2]: docs/method.md, Networks. Batch norm is
 * frozen, so it is a scale and a shift of each channel that do not learn; they
 * act on the weights, as conv's bias, and not on pictures full of cells.
 *
 * @module
 */
import { relu } from "../graph/operators/activation.ts";
import { add, mul } from "../graph/operators/arithmetic.ts";
import { conv } from "../graph/operators/convolution.ts";
import { maxPool } from "../graph/operators/pooling.ts";
import type { Shape, Value } from "../graph/value.ts";
import type { ConvolutionLayer, NetBuilder } from "./net_builder.ts";
import { type ResNet101Config, scaledChannels } from "./network_config.ts";

/** layer1…layer4; the channels are those that a bottleneck gives. */
const STAGES = [
  { channels: 256, stride: 1, dilation: 1 },
  { channels: 512, stride: 2, dilation: 1 },
  { channels: 1024, stride: 1, dilation: 2 },
  { channels: 2048, stride: 1, dilation: 4 },
] as const;
const STEM_CHANNELS = 64;
/** A bottleneck's inner convolutions have a quarter of its channels. */
const BOTTLENECK = 4;

/** A convolution without bias, then its batch norm. */
export interface NormalisedConvolution {
  /** Ours: `conv1`, `layer1_0/conv2`, `layer1_0/downsample`. */
  readonly name: string;
  readonly channels: number;
  readonly inputChannels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly isFrozen: boolean;
}

/** A bottleneck and, where it changes the shape, its shortcut. */
export interface Bottleneck {
  readonly convolutions: readonly NormalisedConvolution[];
  readonly shortcut: NormalisedConvolution | null;
}

/**
 * The first convolution and the bottlenecks, in order.
 *
 * @example
 * ```ts
 * import { resNetLayers } from "./resnet101.ts";
 * import { ResNet101Config } from "./network_config.ts";
 * import { strictEqual } from "node:assert";
 *
 * const config = ResNet101Config.parse({ kind: "resnet101" });
 * strictEqual(resNetLayers(config).bottlenecks.length, 33);
 * ```
 */
export function resNetLayers(
  config: ResNet101Config,
): { stem: NormalisedConvolution; bottlenecks: Bottleneck[] } {
  const { width, blocks, frozenBlocks } = config;
  const stem = {
    name: "conv1",
    channels: scaledChannels(STEM_CHANNELS, width),
    inputChannels: 3,
    kernel: 7,
    stride: 2,
    dilation: 1,
    isFrozen: frozenBlocks > 0,
  };
  let inputChannels = stem.channels;
  const bottlenecks = STAGES.flatMap((stage, s) =>
    Array.from({ length: blocks[s]! }, (_, b) => {
      const channels = scaledChannels(stage.channels, width);
      const bottleneck = bottleneckOf({
        name: `layer${s + 1}_${b}`,
        channels,
        inputChannels,
        stride: b === 0 ? stage.stride : 1,
        dilation: stage.dilation,
        isFrozen: s + 1 < frozenBlocks,
        isFirst: b === 0,
        strideOn: config.strideOn,
      });
      inputChannels = channels;
      return bottleneck;
    })
  );
  return { stem, bottlenecks };
}

interface BottleneckPlan extends Omit<NormalisedConvolution, "kernel"> {
  readonly isFirst: boolean;
  readonly strideOn: "first" | "middle";
}

function bottleneckOf(plan: BottleneckPlan): Bottleneck {
  const { name, channels, inputChannels, stride, isFrozen, strideOn } = plan;
  const inner = Math.max(1, Math.round(channels / BOTTLENECK));
  const common = { stride: 1, dilation: 1, isFrozen, kernel: 1 };
  const [first, middle] = strideOn === "first" ? [stride, 1] : [1, stride];
  return {
    convolutions: [
      {
        ...common,
        name: `${name}/conv1`,
        inputChannels,
        channels: inner,
        stride: first!,
      },
      {
        ...common,
        name: `${name}/conv2`,
        inputChannels: inner,
        channels: inner,
        stride: middle!,
        kernel: 3,
        dilation: plan.dilation,
      },
      { ...common, name: `${name}/conv3`, inputChannels: inner, channels },
    ],
    shortcut: plan.isFirst
      ? {
        ...common,
        name: `${name}/downsample`,
        inputChannels,
        channels,
        stride,
      }
      : null,
  };
}

/**
 * Features at one scale: `[N, 2048 · width, (H−1)/8+1, (W−1)/8+1]`.
 *
 * The pool after conv1 has a pad of 1. At 8k + 1 pixels it gets 4k + 1 cells and
 * gives 2k + 1, whether the size is rounded up, as Caffe does, or down: the last
 * window ends exactly at the padding. Without a pad it would give 2k cells whose
 * centres are off the grid of the labels.
 *
 * @param images `[N, 3, H, W]`, H and W 8k + 1.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { NetBuilder } from "./net_builder.ts";
 * import { ResNet101Config } from "./network_config.ts";
 * import { resNetFeatures } from "./resnet101.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("net");
 * const images = graph.input("images", "float32", [1, 3, 33, 33]);
 * const config = ResNet101Config.parse({ kind: "resnet101", blocks: [1, 1, 1, 1] });
 * const features = resNetFeatures(new NetBuilder(graph, "predict"), images, config);
 * deepStrictEqual(features.shape, [1, 2048, 5, 5]);
 * ```
 */
export function resNetFeatures(
  builder: NetBuilder,
  images: Value,
  config: ResNet101Config,
): Value {
  const { stem, bottlenecks } = resNetLayers(config);
  let x = relu(normalisedConvolution(builder, images, stem));
  x = maxPool(x, { kernel: 3, stride: 2, pad: 1 });
  for (const { convolutions, shortcut } of bottlenecks) {
    const straight = shortcut === null
      ? x
      : normalisedConvolution(builder, x, shortcut);
    for (const [i, layer] of convolutions.entries()) {
      x = normalisedConvolution(builder, x, layer);
      if (i < convolutions.length - 1) x = relu(x);
    }
    x = relu(add(x, straight));
  }
  return x;
}

/**
 * conv · scale + shift, with the padding that keeps centres in place. The scale
 * is folded into the weight that learns: scale · (w ∗ x) = (scale · w) ∗ x.
 *
 * @param x `[N, inputChannels, H, W]`.
 * @returns `[N, channels, ⌈H / stride⌉, ⌈W / stride⌉]`.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { NetBuilder } from "./net_builder.ts";
 * import { normalisedConvolution } from "./resnet101.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("layer");
 * const x = graph.input("x", "float32", [1, 8, 5, 5]);
 * const y = normalisedConvolution(new NetBuilder(graph, "train"), x, {
 *   name: "layer1_0/conv2",
 *   channels: 4,
 *   inputChannels: 8,
 *   kernel: 3,
 *   stride: 2,
 *   dilation: 1,
 *   isFrozen: false,
 * });
 * deepStrictEqual(y.shape, [1, 4, 3, 3]);
 * ```
 */
export function normalisedConvolution(
  builder: NetBuilder,
  x: Value,
  layer: NormalisedConvolution,
): Value {
  const { name, channels, inputChannels, kernel, isFrozen } = layer;
  const { stride, dilation } = layer;
  const shape = [channels, inputChannels, kernel, kernel];
  const weight = builder.weight(name, shape, { rate: isFrozen ? 0 : 1 });
  const frozen = (part: string, shape: Shape, value: number) =>
    builder.parameter({
      name: `${name}/${part}`,
      shape,
      init: { kind: "constant", value },
      rate: 0,
      decays: false,
    });
  const scale = frozen("scale", [channels, 1, 1, 1], 1);
  const shift = frozen("shift", [channels], 0);
  const pad = dilation * (kernel - 1) / 2;
  return builder.graph.scope(name, () => {
    const scaled = builder.once(`${name}/scaled`, () => mul(weight, scale));
    return conv(x, scaled, shift, { stride, dilation, pad });
  });
}

/** Dilations of the branches of ASPP-L. */
const ASPP_DILATIONS = [6, 12, 18, 24];

/**
 * Scores of ASPP: the sum of 3 × 3 convolutions dilated by 6, 12, 18 and 24,
 * `fc8_6` … `fc8_24`.
 *
 * @param x `[N, D, Y, X]`.
 * @returns `[N, classCount, Y, X]`.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { NetBuilder } from "./net_builder.ts";
 * import { asppScores } from "./resnet101.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("end");
 * const x = graph.input("x", "float32", [1, 8, 5, 5]);
 * const scores = asppScores(new NetBuilder(graph, "predict"), x, { classCount: 21, layer: {} });
 * deepStrictEqual(scores.shape, [1, 21, 5, 5]);
 * ```
 */
export function asppScores(
  builder: NetBuilder,
  x: Value,
  { classCount, layer }: {
    readonly classCount: number;
    /** Rates and first values of a scoring layer. */
    readonly layer: Partial<ConvolutionLayer>;
  },
): Value {
  return ASPP_DILATIONS.map((dilation) =>
    builder.convolution(x, {
      name: `fc8_${dilation}`,
      channels: classCount,
      kernel: 3,
      pad: dilation,
      dilation,
      ...layer,
    })
  ).reduce(add);
}
