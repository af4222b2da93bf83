/**
 * What a network is, as a workflow file says it.
 *
 * @module
 */
import * as z from "zod";

/**
 * Bounds are far from any use. They keep files, whose metadata says of what
 * network they are, from asking for one that cannot be built.
 */
const Channels = z.int().min(8).max(65536).multipleOf(8);
const FcChannels = z.int().min(1).max(65536);
const Blocks = z.int().min(1).max(64);
const AlphaBias = z.number().min(-1000).max(1000).default(0);
const Fc6Dilation = z.int().min(1).max(1024).default(12).describe(
  "cells between the taps of fc6; 12 for pictures of 321 px, smaller ones " +
    "need less: at 12 and 8 px a cell its outer taps only see padding below " +
    "97 px",
);
const DropoutShare = z.number().min(0).lt(1).default(0.5)
  .describe("share of elements of fc6 and fc7 that training drops");

const ClassifierRate = z.number().positive().max(1000).default(10).describe(
  "factor of fc8's learning rate: 10 over ImageNet's weights, 1 where all " +
    "layers begin anew",
);

/** DeepLab-LargeFOV on VGG-16; the defaults are the paper's. */
export const LargeFovConfig = z.strictObject({
  kind: z.literal("largefov"),
  width: z.number().gt(0).max(4).default(1)
    .describe("factor of the channels of conv1…conv5: 64 128 256 512 512"),
  maxChannels: Channels.default(512).describe("of any conv layer"),
  convolutions: z.array(z.int().min(1).max(8)).length(5)
    .default([2, 2, 3, 3, 3]).describe(
      "of conv1…conv5; fewer learn faster without ImageNet's weights",
    ),
  outputStride: z.union([z.literal(8), z.literal(4)]).default(8).describe(
    "px of the picture to a cell of the scores; 4 for small pictures: pool3 " +
      "does not stride, conv4 and conv5 are dilated in return, fc6 only as " +
      "fc6Dilation says",
  ),
  inputScale: z.number().min(1e-6).max(1e6).default(1).describe(
    "factor of colours after their mean is taken off: 1 for ImageNet's " +
      "weights; new ones need inputs of about 1, which 1/64 gives",
  ),
  fcChannels: FcChannels.default(1024).describe("of fc6 and fc7"),
  fc7Channels: FcChannels.nullable().default(null)
    .describe("of fc7 when it differs: 1050 slices evenly into 21 classes"),
  fc6Dilation: Fc6Dilation,
  dropoutShare: DropoutShare,
  classifierRate: ClassifierRate,
  frozenBlocks: z.int().min(0).max(5).default(0)
    .describe("how many of conv1…conv5 do not learn, from the first"),
});

/** DeepLab-v2 on ResNet-101. */
export const ResNet101Config = z.strictObject({
  kind: z.literal("resnet101"),
  width: z.number().gt(0).max(4).default(1)
    .describe("factor of the channels: 64, then 256 512 1024 2048"),
  blocks: z.tuple([Blocks, Blocks, Blocks, Blocks])
    .default([3, 4, 23, 3]).describe("bottlenecks of layer1…layer4"),
  strideOn: z.enum(["first", "middle"]).default("first").describe(
    "which convolution of a bottleneck strides: the first in Caffe's " +
      "weights, the middle one in torchvision's; import_weights refuses the " +
      "other",
  ),
  multiScale: z.boolean().default(true)
    .describe("whether scores are the largest over scales 1, 0.75 and 0.5"),
  frozenBlocks: z.int().min(0).max(5).default(0)
    .describe("how many of conv1, layer1…layer4 do not learn"),
});

/** MobileNetV2 at output stride 8, ended like LargeFOV. */
export const MobileNetV2Config = z.strictObject({
  kind: z.literal("mobilenet_v2"),
  width: z.number().gt(0).max(4).default(1)
    .describe("factor of the encoder's channels; 1 is what is trained"),
  fcChannels: FcChannels.default(256).describe("of fc6 and fc7"),
  fc6Dilation: Fc6Dilation,
  dropoutShare: DropoutShare,
  classifierRate: ClassifierRate,
  frozenBlocks: z.int().min(0).max(18).default(0).describe(
    "how many of the stem and the 17 blocks do not learn, from the first; " +
      "training asks no gradient of them",
  ),
});

/** A network without its head. */
export const NetworkConfig = z.discriminatedUnion("kind", [
  LargeFovConfig,
  ResNet101Config,
  MobileNetV2Config,
]);

const AttentionRate = z.number().positive().max(1000).default(10).describe(
  "factor of the learning rate of the attention layers, twice that for their " +
    "biases; 10 as of any layer that ImageNet's weights lack",
);

/** How features become scores; docs/method.md, Class-wise masking. */
export const HeadConfig = z.discriminatedUnion("kind", [
  /** fc8 alone. */
  z.strictObject({ kind: z.literal("plain") }),
  /** One attention map a class: BCM, and CM where its loss weighs nothing. */
  z.strictObject({
    kind: z.literal("bcm"),
    combine: z.enum(["concat", "grouped", "logit"]).default("concat").describe(
      "concat: fc8 sees all masked slices; grouped: a class sees its own " +
        "slice; logit: the attention multiplies the scores",
    ),
    alphaBias: AlphaBias
      .describe("first bias of the attention; 0: maps begin at 0.5; 4: 0.98"),
    attentionRate: AttentionRate,
  }),
  /** One attention map for all. */
  z.strictObject({
    kind: z.literal("bgm"),
    alphaBias: AlphaBias
      .describe("first bias of the attention; 0: the map begins at 0.5"),
    attentionRate: AttentionRate,
  }),
]);

/** A network with its head. */
export const SegmenterConfig = z.strictObject({
  network: NetworkConfig,
  head: HeadConfig,
  classCount: z.int().min(2).max(255).describe("background included"),
});

/** {@link LargeFovConfig}, complete. */
export type LargeFovConfig = z.output<typeof LargeFovConfig>;
/** {@link ResNet101Config}, complete. */
export type ResNet101Config = z.output<typeof ResNet101Config>;
/** {@link MobileNetV2Config}, complete. */
export type MobileNetV2Config = z.output<typeof MobileNetV2Config>;
/** {@link NetworkConfig}, complete. */
export type NetworkConfig = z.output<typeof NetworkConfig>;
/** {@link HeadConfig}, complete. */
export type HeadConfig = z.output<typeof HeadConfig>;
/** {@link SegmenterConfig}, complete. */
export type SegmenterConfig = z.output<typeof SegmenterConfig>;

/**
 * Pixels of the picture to a cell of the scores, along each axis.
 *
 * @example
 * ```ts
 * import { NetworkConfig, outputStride } from "./network_config.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(outputStride(NetworkConfig.parse({ kind: "largefov" })), 8);
 * ```
 */
export function outputStride(network: NetworkConfig): number {
  return network.kind === "largefov" ? network.outputStride : 8;
}

/**
 * Channels of a layer at a width: a multiple of 8, as vector units like it, and
 * at least 8.
 *
 * @example
 * ```ts
 * import { scaledChannels } from "./network_config.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(scaledChannels(64, 0.25), 16);
 * strictEqual(scaledChannels(16, 0.1), 8);
 * ```
 */
export function scaledChannels(channels: number, width: number): number {
  return Math.max(8, Math.round(width * channels / 8) * 8);
}

/**
 * The smallest side that a network takes and that holds `sidePx`: 8k + 1, at
 * which strides of 2 halve the distance between centres and never their frame.
 *
 * @example
 * ```ts
 * import { paddedSide } from "./network_config.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(paddedSide(500), 505);
 * strictEqual(paddedSide(513), 513);
 * ```
 */
export function paddedSide(sidePx: number): number {
  return Math.max(9, Math.ceil((sidePx - 1) / 8) * 8 + 1);
}
