/**
 * MobileNetV2 as TensorFlow names it, batch norm folded, into ours.
 *
 * @module
 */
import { mobileNetBlocks } from "./mobilenet_v2.ts";
import type { MobileNetV2Config } from "./network_config.ts";
import { copied, type WeightLayout, type WeightRule } from "./weight_layout.ts";

/**
 * MobileNetV2 with weights `[Co, Ci / group, kh, kw]` and a bias of each layer.
 * What comes after the last block, 1,280 channels and the classifier, is left
 * out.
 *
 * @example
 * ```ts
 * import { MobileNetV2Config } from "./network_config.ts";
 * import { mobileNetV2Layout } from "./mobilenet_v2_layout.ts";
 * import { strictEqual } from "node:assert";
 *
 * const network = MobileNetV2Config.parse({ kind: "mobilenet_v2" });
 * strictEqual(mobileNetV2Layout(network).rules.length, 2 * (1 + 17 * 3 - 1));
 * ```
 */
export function mobileNetV2Layout(network: MobileNetV2Config): WeightLayout {
  const { stemChannels, blocks } = mobileNetBlocks(network.width);
  const rules = blocks.flatMap((block, b) => {
    const { name, inputChannels, hiddenChannels, channels } = block;
    const source = b === 0 ? "expanded_conv" : `expanded_conv_${b}`;
    const layer = (part: string, shape: number[]) =>
      layerRules(`${name}/${part}`, `${source}/${part}`, shape);
    return [
      ...(hiddenChannels === inputChannels
        ? []
        : layer("expand", [hiddenChannels, inputChannels, 1, 1])),
      ...layer("depthwise", [hiddenChannels, 1, 3, 3]),
      ...layer("project", [channels, hiddenChannels, 1, 1]),
    ];
  });
  return {
    title: "MobileNetV2",
    rules: [...layerRules("stem", "Conv", [stemChannels, 3, 3, 3]), ...rules],
    isDropped: (name) => /^(Conv_1\.|Logits\/)/.test(name),
  };
}

function layerRules(
  name: string,
  source: string,
  shape: readonly number[],
): WeightRule[] {
  return [
    copied(`${name}/weight`, shape, `${source}.weight`),
    copied(`${name}/bias`, [shape[0]!], `${source}.bias`),
  ];
}
