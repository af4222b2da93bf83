/**
 * DeepLab-LargeFOV on VGG-16 [Chen2015]: docs/method.md, Networks.
 *
 * @module
 */
import { relu } from "../graph/operators/activation.ts";
import { averagePool, maxPool } from "../graph/operators/pooling.ts";
import type { Value } from "../graph/value.ts";
import type { NetBuilder } from "./net_builder.ts";
import { type LargeFovConfig, scaledChannels } from "./network_config.ts";

/** A block of VGG-16: convolutions, each with a ReLU, then a pool. */
interface VggBlock {
  /** At width 1. */
  readonly channels: number;
  /** Cells between the taps of its convolutions. */
  readonly dilation: number;
  readonly poolStride: number;
}

/** Of conv1…conv5 at width 1. */
const CHANNELS = [64, 128, 256, 512, 512];

/**
 * conv1…conv5. All of VGG-16's pools stride; here they do until cells are as far
 * apart as they shall be, and each stride left out doubles the dilation of the
 * convolutions after it. What fc6 loses so, its own dilation makes up for.
 */
function blocks({ outputStride }: LargeFovConfig): VggBlock[] {
  let [cellPx, vggCellPx] = [1, 1];
  return CHANNELS.map((channels) => {
    const dilation = vggCellPx / cellPx;
    const poolStride = cellPx < outputStride ? 2 : 1;
    cellPx *= poolStride;
    vggCellPx *= 2;
    return { channels, dilation, poolStride };
  });
}

/** A convolution of conv1…conv5. */
export interface VggConvolution {
  /** `conv1_1` … `conv5_3`. */
  readonly name: string;
  readonly channels: number;
  readonly inputChannels: number;
}

/**
 * The convolutions of conv1…conv5 in order.
 *
 * @example
 * ```ts
 * import { vggConvolutions } from "./largefov.ts";
 * import { LargeFovConfig } from "./network_config.ts";
 * import { strictEqual } from "node:assert";
 *
 * const config = LargeFovConfig.parse({ kind: "largefov" });
 * strictEqual(vggConvolutions(config).length, 13);
 * ```
 */
export function vggConvolutions(config: LargeFovConfig): VggConvolution[] {
  let inputChannels = 3;
  return blocks(config).flatMap((block, b) =>
    Array.from({ length: config.convolutions[b]! }, (_, i) => {
      const channels = blockChannels(block, config);
      const layer = { name: layerName(b, i), channels, inputChannels };
      inputChannels = channels;
      return layer;
    })
  );
}

/**
 * Features before dropout: relu(fc7), `[N, fc7Channels, (H−1)/s+1, (W−1)/s+1]`, s
 * the output stride.
 *
 * @param images `[N, 3, H, W]`, H and W 8k + 1.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { largeFovFeatures } from "./largefov.ts";
 * import { NetBuilder } from "./net_builder.ts";
 * import { LargeFovConfig } from "./network_config.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("net");
 * const images = graph.input("images", "float32", [1, 3, 33, 33]);
 * const config = LargeFovConfig.parse({ kind: "largefov" });
 * const features = largeFovFeatures(new NetBuilder(graph, "predict"), images, config);
 * deepStrictEqual(features.shape, [1, 1024, 5, 5]);
 * ```
 */
export function largeFovFeatures(
  builder: NetBuilder,
  images: Value,
  config: LargeFovConfig,
): Value {
  let x = images;
  for (const [b, block] of blocks(config).entries()) {
    const rates = b < config.frozenBlocks ? { weightRate: 0, biasRate: 0 } : {};
    for (let i = 0; i < config.convolutions[b]!; i++) {
      x = relu(builder.convolution(x, {
        name: layerName(b, i),
        channels: blockChannels(block, config),
        kernel: 3,
        pad: block.dilation,
        dilation: block.dilation,
        ...rates,
      }));
    }
    x = maxPool(x, { kernel: 3, stride: block.poolStride, pad: 1 });
  }
  const pool5a = averagePool(x, { kernel: 3, stride: 1, pad: 1 });
  return fullyConnected(builder, pool5a, config);
}

/** What {@link fullyConnected} needs to know. */
export interface FullyConnectedConfig {
  readonly fcChannels: number;
  readonly fc7Channels?: number | null;
  readonly fc6Dilation: number;
  readonly dropoutShare: number;
}

/**
 * The end of LargeFOV but its classifier: fc6 (3 × 3, dilated), ReLU, dropout,
 * fc7 (1 × 1), ReLU. Without a file they begin as He has it: at a fixed std of
 * 0.01 narrow networks would hardly pass a signal on.
 *
 * @param x `[N, D, Y, X]`.
 * @returns `[N, fc7Channels, Y, X]`, before the dropout of fc7.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { fullyConnected } from "./largefov.ts";
 * import { NetBuilder } from "./net_builder.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("end");
 * const x = graph.input("x", "float32", [1, 8, 5, 5]);
 * const config = { fcChannels: 16, fc6Dilation: 2, dropoutShare: 0.5 };
 * const features = fullyConnected(new NetBuilder(graph, "train"), x, config);
 * deepStrictEqual(features.shape, [1, 16, 5, 5]);
 * ```
 */
export function fullyConnected(
  builder: NetBuilder,
  x: Value,
  { fcChannels, fc7Channels, fc6Dilation, dropoutShare }: FullyConnectedConfig,
): Value {
  const fc6 = relu(builder.convolution(x, {
    name: "fc6",
    channels: fcChannels,
    kernel: 3,
    pad: fc6Dilation,
    dilation: fc6Dilation,
  }));
  const dropped = builder.dropout(fc6, "fc6", 1 - dropoutShare);
  const channels = fc7Channels ?? fcChannels;
  return relu(
    builder.convolution(dropped, { name: "fc7", channels, kernel: 1 }),
  );
}

function layerName(block: number, layer: number): string {
  return `conv${block + 1}_${layer + 1}`;
}

function blockChannels(
  { channels }: VggBlock,
  { width, maxChannels }: LargeFovConfig,
): number {
  return Math.min(maxChannels, scaledChannels(channels, width));
}
