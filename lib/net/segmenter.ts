/**
 * A whole network: pictures to scores and attention maps.
 *
 * @module
 */
import { maximum, mul } from "../graph/operators/arithmetic.ts";
import { bilinearResize } from "../graph/operators/resize.ts";
import { Graph } from "../graph/graph.ts";
import { formatType, type Value } from "../graph/value.ts";
import { asppScores, resNetFeatures } from "./resnet101.ts";
import {
  head,
  type HeadOutput,
  SCORING_LAYER,
  wholeAttention,
} from "./attention_heads.ts";
import { largeFovFeatures } from "./largefov.ts";
import { mobileNetV2Features } from "./mobilenet_v2.ts";
import { NetBuilder } from "./net_builder.ts";
import type { ResNet101Config, SegmenterConfig } from "./network_config.ts";
import type { ParameterSpec } from "./parameter.ts";

/**
 * What a segmenter gives; Y = (H − 1)/s + 1, X = (W − 1)/s + 1, s the output
 * stride of its network.
 */
export interface SegmenterOutput extends HeadOutput {
  /**
   * `[N, C, Y, X]` of each scale, which training scores like `scores`; only of
   * a network that looks at several scales.
   */
  readonly extraScores?: readonly Value[];
}

/**
 * Adds a network to a graph. Cell (i, j) of what it gives is centred on pixel
 * (s·i, s·j), s the output stride of the network.
 *
 * @param images `[N, 3, H, W]` as `inputEncoding` says; H and W are 8k + 1.
 * @throws {RangeError} When they are not, or the network cannot have that head.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { NetBuilder } from "./net_builder.ts";
 * import { SegmenterConfig } from "./network_config.ts";
 * import { buildSegmenter } from "./segmenter.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("net");
 * const images = graph.input("images", "float32", [2, 3, 97, 97]);
 * const config = SegmenterConfig.parse({
 *   network: { kind: "largefov", width: 0.25, fcChannels: 128 },
 *   head: { kind: "plain" },
 *   classCount: 21,
 * });
 * const { scores } = buildSegmenter(new NetBuilder(graph, "train"), images, config);
 * deepStrictEqual(scores.shape, [2, 21, 13, 13]);
 * ```
 */
export function buildSegmenter(
  builder: NetBuilder,
  images: Value,
  config: SegmenterConfig,
): SegmenterOutput {
  assertImages(images);
  const { network, classCount } = config;
  if (network.kind === "resnet101") {
    return resNetSegmenter(builder, images, { ...config, network });
  }
  const features = network.kind === "largefov"
    ? largeFovFeatures(builder, images, network)
    : mobileNetV2Features(builder, images, network);
  const { dropoutShare, classifierRate } = network;
  return head(builder, features, config.head, {
    ...{ classCount, dropoutShare, classifierRate },
  });
}

/**
 * All parameters of a network, as training learns them.
 *
 * @throws {RangeError} When the network cannot have that head.
 *
 * @example
 * ```ts
 * import { SegmenterConfig } from "./network_config.ts";
 * import { segmenterParameters } from "./segmenter.ts";
 * import { strictEqual } from "node:assert";
 *
 * const specs = segmenterParameters(SegmenterConfig.parse({
 *   network: { kind: "largefov" },
 *   head: { kind: "plain" },
 *   classCount: 21,
 * }));
 * strictEqual(specs.length, 32);
 * ```
 */
export function segmenterParameters(
  config: SegmenterConfig,
): readonly ParameterSpec[] {
  const graph = new Graph("parameters");
  const builder = new NetBuilder(graph, "predict");
  const images = graph.input("images", "float32", [1, 3, 33, 33]);
  buildSegmenter(builder, images, config);
  return builder.parameters;
}

function assertImages(images: Value): void {
  const [, channels, ...sides] = images.shape;
  const fits = channels === 3 && sides.length === 2 &&
    sides.every((side) => side >= 9 && side % 8 === 1);
  if (fits) return;
  throw new RangeError(
    `Cannot build a segmenter as its images must be [N, 3, H, W] with H and ` +
      `W 8k + 1, at least 9: ${formatType(images)}`,
  );
}

/** Scales other than 1 at which DeepLab-v2 looks. */
const SCALES = [0.75, 0.5];

/**
 * Scores are the sum of ASPP's branches; over several scales, their largest.
 * Differs from DeepLab-v2's code: training scores each scale on the grid of
 * scale 1, so that one label map serves all four losses. Under an attention head
 * the scores of each scale are not masked: only the fused ones, which prediction
 * uses, are, by the attention of scale 1.
 */
function resNetSegmenter(
  builder: NetBuilder,
  images: Value,
  config: SegmenterConfig & { readonly network: ResNet101Config },
): SegmenterOutput {
  const { network, classCount } = config;
  const features = resNetFeatures(builder, images, network);
  const score = (x: Value) =>
    asppScores(builder, x, { classCount, layer: SCORING_LAYER });
  const atOne = score(features);
  if (!network.multiScale) return masked(builder, features, atOne, config);
  const size = atOne.shape.slice(2);
  const extraScores = [
    atOne,
    ...SCALES.map((scale) => {
      const resized = bilinearResize(images, scaledSize(images, scale));
      const scores = score(resNetFeatures(builder, resized, network));
      return bilinearResize(scores, size);
    }),
  ];
  const fused = extraScores.reduce(maximum);
  return { ...masked(builder, features, fused, config), extraScores };
}

/** The nearest 8k + 1: at 321 px, 241 and 161. */
function scaledSize({ shape }: Value, scale: number): number[] {
  return shape.slice(2).map((side) =>
    Math.round((side - 1) / 8 * scale) * 8 + 1
  );
}

/**
 * Scores under the attention of features at scale 1. ASPP sees all channels
 * around a cell, so only the scores themselves can be masked, as the author's
 * later code does.
 */
function masked(
  builder: NetBuilder,
  features: Value,
  scores: Value,
  { head: config, classCount }: SegmenterConfig,
): HeadOutput {
  if (config.kind === "plain") return { scores, attention: null };
  if (config.kind === "bcm" && config.combine !== "logit") {
    throw new RangeError(
      `Cannot build a resnet101 segmenter as its head must be plain, bgm or ` +
        `bcm with combine "logit": combine is "${config.combine}"`,
    );
  }
  const maps = config.kind === "bcm" ? classCount : 1;
  const attention = wholeAttention(builder, features, maps, config);
  return { scores: mul(scores, attention), attention };
}
