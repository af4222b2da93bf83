/**
 * MobileNetV2 [Sandler2018] at output stride 8. Batch norm is folded into
 * weights and biases, as in the file of trained weights.
 *
 * @module
 */
import { relu6 } from "../graph/operators/activation.ts";
import { add } from "../graph/operators/arithmetic.ts";
import type { Value } from "../graph/value.ts";
import { fullyConnected } from "./largefov.ts";
import type { NetBuilder } from "./net_builder.ts";
import { type MobileNetV2Config, scaledChannels } from "./network_config.ts";

/** Expansion, channels, blocks and first stride of each stage. */
const STAGES = [
  { expansion: 1, channels: 16, blocks: 1, stride: 1 },
  { expansion: 6, channels: 24, blocks: 2, stride: 2 },
  { expansion: 6, channels: 32, blocks: 3, stride: 2 },
  { expansion: 6, channels: 64, blocks: 4, stride: 2 },
  { expansion: 6, channels: 96, blocks: 3, stride: 1 },
  { expansion: 6, channels: 160, blocks: 3, stride: 2 },
  { expansion: 6, channels: 320, blocks: 1, stride: 1 },
];
const STEM_CHANNELS = 32;
const OUTPUT_STRIDE = 8;

/** An inverted residual block. */
export interface InvertedResidual {
  /** `block0` … `block16`. */
  readonly name: string;
  readonly inputChannels: number;
  /** Between its 1 × 1 convolutions; the first block does not expand. */
  readonly hiddenChannels: number;
  readonly channels: number;
  readonly stride: number;
  readonly dilation: number;
  /** Whether its input is added to what it gives: not the first of a stage. */
  readonly hasShortcut: boolean;
}

/**
 * The stem's channels and the 17 blocks. Where a stride would take cells beyond
 * 8 px it is left out, and the depthwise convolutions after it are dilated by
 * it instead: the stage of 64 channels from its second block on by 2, those
 * after the first of 160 by 4. So the cells that the strided network would have
 * had keep their values.
 *
 * @example
 * ```ts
 * import { mobileNetBlocks } from "./mobilenet_v2.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const { blocks } = mobileNetBlocks(1);
 * deepStrictEqual(
 *   blocks.map(({ dilation }) => dilation),
 *   [1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 4, 4, 4],
 * );
 * ```
 */
export function mobileNetBlocks(
  width: number,
): { stemChannels: number; blocks: InvertedResidual[] } {
  const stemChannels = scaledChannels(STEM_CHANNELS, width);
  const blocks: InvertedResidual[] = [];
  let [inputChannels, cellPx, dilation] = [stemChannels, 2, 1];
  for (const stage of STAGES) {
    for (let i = 0; i < stage.blocks; i++) {
      const wanted = i === 0 ? stage.stride : 1;
      const stride = cellPx * wanted > OUTPUT_STRIDE ? 1 : wanted;
      const channels = scaledChannels(stage.channels, width);
      blocks.push({
        name: `block${blocks.length}`,
        inputChannels,
        hiddenChannels: inputChannels * stage.expansion,
        channels,
        stride,
        dilation,
        hasShortcut: i > 0,
      });
      dilation *= wanted / stride;
      cellPx *= stride;
      inputChannels = channels;
    }
  }
  return { stemChannels, blocks };
}

/**
 * Features before dropout: relu(fc7), `[N, fcChannels, (H−1)/8+1, (W−1)/8+1]`.
 *
 * @param images `[N, 3, H, W]`, H and W 8k + 1.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { mobileNetV2Features } from "./mobilenet_v2.ts";
 * import { NetBuilder } from "./net_builder.ts";
 * import { MobileNetV2Config } from "./network_config.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("net");
 * const images = graph.input("images", "float32", [1, 3, 33, 33]);
 * const config = MobileNetV2Config.parse({ kind: "mobilenet_v2" });
 * const builder = new NetBuilder(graph, "predict");
 * deepStrictEqual(mobileNetV2Features(builder, images, config).shape, [1, 256, 5, 5]);
 * ```
 */
export function mobileNetV2Features(
  builder: NetBuilder,
  images: Value,
  config: MobileNetV2Config,
): Value {
  return fullyConnected(
    builder,
    mobileNetV2Encoder(builder, images, config),
    config,
  );
}

/**
 * The encoder alone: `[N, 320 · width, (H−1)/8+1, (W−1)/8+1]`, not rectified.
 *
 * @param images `[N, 3, H, W]`, H and W 8k + 1.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { mobileNetV2Encoder } from "./mobilenet_v2.ts";
 * import { NetBuilder } from "./net_builder.ts";
 * import { MobileNetV2Config } from "./network_config.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("net");
 * const images = graph.input("images", "float32", [1, 3, 33, 33]);
 * const config = MobileNetV2Config.parse({ kind: "mobilenet_v2" });
 * const builder = new NetBuilder(graph, "predict");
 * deepStrictEqual(mobileNetV2Encoder(builder, images, config).shape, [1, 320, 5, 5]);
 * ```
 */
export function mobileNetV2Encoder(
  builder: NetBuilder,
  images: Value,
  { width, frozenBlocks }: Pick<MobileNetV2Config, "width" | "frozenBlocks">,
): Value {
  const { stemChannels, blocks } = mobileNetBlocks(width);
  const layer = new LayerAdder(builder);
  layer.isFrozen = frozenBlocks > 0;
  let x = layer.spatial(images, {
    name: "stem",
    channels: stemChannels,
    stride: 2,
    dilation: 1,
    group: 1,
  });
  for (const [b, block] of blocks.entries()) {
    layer.isFrozen = b + 1 < frozenBlocks;
    x = layer.block(x, block);
  }
  return x;
}

interface SpatialLayer {
  readonly name: string;
  readonly channels: number;
  readonly stride: number;
  readonly dilation: number;
  readonly group: number;
}

/** Adds layers that learn, or do not. */
class LayerAdder {
  isFrozen = false;

  constructor(readonly builder: NetBuilder) {}

  block(x: Value, block: InvertedResidual): Value {
    const { name, inputChannels, hiddenChannels, channels } = block;
    const expanded = hiddenChannels === inputChannels
      ? x
      : relu6(this.pointwise(x, `${name}/expand`, hiddenChannels));
    const filtered = this.spatial(expanded, {
      name: `${name}/depthwise`,
      channels: hiddenChannels,
      stride: block.stride,
      dilation: block.dilation,
      group: hiddenChannels,
    });
    const projected = this.pointwise(filtered, `${name}/project`, channels);
    return block.hasShortcut ? add(projected, x) : projected;
  }

  pointwise(x: Value, name: string, channels: number): Value {
    return this.builder.convolution(x, {
      name,
      channels,
      kernel: 1,
      ...this.#rates,
    });
  }

  spatial(x: Value, layer: SpatialLayer): Value {
    const [vertical, horizontal] = [x.shape[2]!, x.shape[3]!].map((size) =>
      samePads(size, { kernel: 3, ...layer })
    );
    return relu6(this.builder.convolution(x, {
      ...layer,
      kernel: 3,
      pad: [vertical![0], horizontal![0], vertical![1], horizontal![1]],
      ...this.#rates,
    }));
  }

  get #rates() {
    return this.isFrozen ? { weightRate: 0, biasRate: 0 } : {};
  }
}

/**
 * Padding before and after an axis that TensorFlow calls SAME: ⌈size / stride⌉
 * outputs, and an odd cell goes to the end. At 8k + 1 it is always even.
 *
 * @example
 * ```ts
 * import { samePads } from "./mobilenet_v2.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const layer = { kernel: 3, stride: 2, dilation: 1 };
 * deepStrictEqual(samePads(224, layer), [0, 1]);
 * deepStrictEqual(samePads(321, layer), [1, 1]);
 * ```
 */
export function samePads(
  size: number,
  { kernel, stride, dilation }: {
    readonly kernel: number;
    readonly stride: number;
    readonly dilation: number;
  },
): [number, number] {
  const covered = (Math.ceil(size / stride) - 1) * stride +
    (kernel - 1) * dilation + 1;
  const total = Math.max(0, covered - size);
  const before = Math.floor(total / 2);
  return [before, total - before];
}
