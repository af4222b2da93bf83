/**
 * How features become scores, with or without attention maps
 * [Song2019, Eq. 1, 2]: docs/method.md, Class-wise masking.
 *
 * @module
 */
import { sigmoid } from "../graph/operators/activation.ts";
import { add, mul } from "../graph/operators/arithmetic.ts";
import { conv } from "../graph/operators/convolution.ts";
import { reshape } from "../graph/operators/shape.ts";
import type { Graph } from "../graph/graph.ts";
import type { Value } from "../graph/value.ts";
import type { NetBuilder } from "./net_builder.ts";
import type { HeadConfig } from "./network_config.ts";

/** What a head gives; cells are as far apart as those of its features. */
export interface HeadOutput {
  /** `[N, C, Y, X]`. */
  readonly scores: Value;
  /** 0…1: `[N, C, Y, X]`, or `[N, 1, Y, X]` for one map; null: none. */
  readonly attention: Value | null;
}

/** Of layers that no file brings: 10 and 20 times the rate [Chen2015]. */
export const SCORING_LAYER = {
  weightRate: 10,
  biasRate: 20,
  init: { kind: "gaussian", std: 0.01 },
} as const;

/** How attention begins and learns; see `HeadConfig`. */
interface AttentionOptions {
  readonly alphaBias: number;
  /** Of the weight; that of the bias is twice as much. */
  readonly attentionRate: number;
}

/** See {@link head}. */
export interface HeadOptions {
  /** C, background included. */
  readonly classCount: number;
  /** Of the masked features, after the attention is taken from them. */
  readonly dropoutShare: number;
  /** Of fc8's weight, and twice that of its bias; 10 by default [Chen2015]. */
  readonly classifierRate?: number;
}

/**
 * Scores and attention maps of features.
 *
 * Attention comes from the features as they are, then masks them, then dropout
 * follows. With C classes the D channels are sliced in order: the first D mod C
 * classes get ⌈D / C⌉ channels, the others ⌊D / C⌋.
 *
 * @param features `[N, D, Y, X]`: relu(fc7).
 * @throws {RangeError} When a class would get no channel.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { head } from "./attention_heads.ts";
 * import { NetBuilder } from "./net_builder.ts";
 * import { HeadConfig } from "./network_config.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("head");
 * const features = graph.input("features", "float32", [1, 8, 5, 5]);
 * const config = HeadConfig.parse({ kind: "bcm" });
 * const options = { classCount: 3, dropoutShare: 0.5 };
 * const { attention } = head(new NetBuilder(graph, "train"), features, config, options);
 * deepStrictEqual(attention?.shape, [1, 3, 5, 5]);
 * ```
 */
export function head(
  builder: NetBuilder,
  features: Value,
  config: HeadConfig,
  options: HeadOptions,
): HeadOutput {
  const { classCount, dropoutShare, classifierRate = 10 } = options;
  const classify = (x: Value) =>
    builder.convolution(builder.dropout(x, "fc7", 1 - dropoutShare), {
      name: "fc8",
      channels: classCount,
      kernel: 1,
      init: SCORING_LAYER.init,
      weightRate: classifierRate,
      biasRate: 2 * classifierRate,
    });
  if (config.kind === "plain") {
    return { scores: classify(features), attention: null };
  }
  if (config.kind === "bgm") {
    const attention = wholeAttention(builder, features, 1, config);
    return { scores: classify(mul(features, attention)), attention };
  }
  if (config.combine === "logit") {
    const attention = wholeAttention(builder, features, classCount, config);
    return { scores: mul(classify(features), attention), attention };
  }
  const slices = sliceMask(features.shape[1]!, classCount);
  const attention = slicedAttention(builder, features, slices, config);
  const scores = config.combine === "concat"
    ? classify(mul(features, spread(attention, slices)))
    : groupedScores(builder, features, {
      ...{ attention, slices, dropoutShare, classifierRate },
    });
  return { scores, attention };
}

/**
 * Attention maps that each see the whole feature: sigmoid of a 1 × 1
 * convolution, `attention/weight` `[maps, D, 1, 1]`.
 *
 * @param x `[N, D, Y, X]`.
 * @returns `[N, maps, Y, X]`, 0…1.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { wholeAttention } from "./attention_heads.ts";
 * import { NetBuilder } from "./net_builder.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("head");
 * const x = graph.input("x", "float32", [1, 8, 5, 5]);
 * const builder = new NetBuilder(graph, "train");
 * const options = { alphaBias: 0, attentionRate: 10 };
 * deepStrictEqual(wholeAttention(builder, x, 3, options).shape, [1, 3, 5, 5]);
 * ```
 */
export function wholeAttention(
  builder: NetBuilder,
  x: Value,
  maps: number,
  { alphaBias, attentionRate }: AttentionOptions,
): Value {
  return sigmoid(builder.convolution(x, {
    name: "attention",
    channels: maps,
    kernel: 1,
    init: SCORING_LAYER.init,
    weightRate: attentionRate,
    biasRate: 2 * attentionRate,
    bias: alphaBias,
  }));
}

/** Which channel is of which class's slice. */
interface SliceMask {
  /** 1 where channel d is of class c: `[C, D]`. */
  readonly mask: Float32Array;
  readonly classCount: number;
  readonly channels: number;
}

/**
 * α_c = sigmoid(a_c · F_c + b_c), every class from its own slice. Each channel
 * has one weight, `attention/weight` `[1, D, 1, 1]`; put into rows by the mask
 * they make one dense convolution, which engines run faster than a grouped one.
 */
function slicedAttention(
  builder: NetBuilder,
  features: Value,
  slices: SliceMask,
  { alphaBias, attentionRate }: AttentionOptions,
): Value {
  const { channels, classCount } = slices;
  const perChannel = builder.weight("attention", [1, channels, 1, 1], {
    rate: attentionRate,
    init: SCORING_LAYER.init,
  });
  const bias = builder.bias("attention", classCount, {
    rate: 2 * attentionRate,
    value: alphaBias,
  });
  return builder.graph.scope("attention", () => {
    const rows = mul(perChannel, maskValue(builder.graph, slices));
    return sigmoid(conv(features, rows, bias));
  });
}

/** Each class's map on all channels of its slice: `[N, C, Y, X]` → `[N, D, …]`. */
function spread(attention: Value, slices: SliceMask): Value {
  const { mask, channels, classCount } = slices;
  const turned = new Float32Array(mask.length);
  for (let c = 0; c < classCount; c++) {
    for (let d = 0; d < channels; d++) {
      turned[d * classCount + c] = mask[c * channels + d]!;
    }
  }
  const { graph } = attention;
  const weight = graph.constant(turned, [channels, classCount, 1, 1]);
  return graph.scope("spread", () => conv(attention, weight, null));
}

/**
 * s_c = w_c · Φ_c + b_c from the class's own slice. α_c is one number a cell,
 * so it is taken out: s_c = α_c · (w_c · F_c) + b_c. `fc8/weight` stays
 * `[C, D, 1, 1]`, so that weights of other heads fit; what is not of a class's
 * slice is masked.
 */
function groupedScores(
  builder: NetBuilder,
  features: Value,
  { attention, slices, dropoutShare, classifierRate }: {
    readonly attention: Value;
    readonly slices: SliceMask;
    readonly dropoutShare: number;
    readonly classifierRate: number;
  },
): Value {
  const { classCount, channels } = slices;
  const dropped = builder.dropout(features, "fc7", 1 - dropoutShare);
  const weight = builder.weight("fc8", [classCount, channels, 1, 1], {
    rate: classifierRate,
    init: SCORING_LAYER.init,
  });
  const bias = builder.bias("fc8", classCount, { rate: 2 * classifierRate });
  return builder.graph.scope("fc8", () => {
    const own = mul(weight, maskValue(builder.graph, slices));
    const perClass = reshape(bias, [1, classCount, 1, 1]);
    return add(mul(conv(dropped, own, null), attention), perClass);
  });
}

function maskValue(
  graph: Graph,
  { mask, classCount, channels }: SliceMask,
): Value {
  return graph.constant(mask, [classCount, channels, 1, 1]);
}

/**
 * Sizes of the classes' slices of some channels.
 *
 * @throws {RangeError} When there are fewer channels than classes.
 *
 * @example
 * ```ts
 * import { sliceSizes } from "./attention_heads.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(sliceSizes(8, 3), [3, 3, 2]);
 * ```
 */
export function sliceSizes(channels: number, classCount: number): number[] {
  if (channels < classCount) {
    throw new RangeError(
      `Cannot slice features by class as each class must get a channel: ` +
        `${channels} channels, ${classCount} classes`,
    );
  }
  const least = Math.floor(channels / classCount);
  return Array.from(
    { length: classCount },
    (_, c) => least + (c < channels % classCount ? 1 : 0),
  );
}

function sliceMask(channels: number, classCount: number): SliceMask {
  const mask = new Float32Array(classCount * channels);
  let start = 0;
  for (const [c, size] of sliceSizes(channels, classCount).entries()) {
    const row = c * channels;
    mask.fill(1, row + start, row + start + size);
    start += size;
  }
  return { mask, classCount, channels };
}
