/**
 * Two-dimensional convolution (cross-correlation, as networks mean it).
 *
 * @module
 */
import { defineOperator, type Operator } from "../operator.ts";
import { apply, formatShape, type Value } from "../value.ts";
import { assertRank, assertTypes, assertWhole } from "./_infer.ts";
import { type Padding, padsOf, windowCounts } from "./_window.ts";

/** Attributes of Conv, as in ONNX. */
export type ConvAttributes = Readonly<{
  /** `[y, x]`. */
  strides: readonly number[];
  /** `[top, left, bottom, right]`. */
  pads: readonly number[];
  /** `[y, x]`: the atrous rate. */
  dilations: readonly number[];
  group: number;
}>;

/** ONNX Conv: input, weight and, if wanted, bias. */
export const CONV: Operator<ConvAttributes> = defineOperator({
  name: "Conv",
  infer([x, weight, bias], { strides, pads, dilations, group }) {
    assertTypes(bias ? [x!, weight!, bias] : [x!, weight!], "float32");
    assertRank("the input", x!, 4);
    assertRank("the weight", weight!, 4);
    assertWhole("group", group, 1);
    const [batch, channels, ...size] = x!.shape;
    const [filters, depth, ...kernel] = weight!.shape;
    if (channels !== depth! * group || filters! % group !== 0) {
      throw new RangeError(
        `its weight must be [Co, Ci / group, kernel, kernel], Co a multiple of ` +
          `group: input ${formatShape(x!.shape)}, weight ` +
          `${formatShape(weight!.shape)}, group ${group}`,
      );
    }
    if (bias && (bias.shape.length !== 1 || bias.shape[0] !== filters)) {
      throw new RangeError(
        `its bias must be [Co]: bias ${formatShape(bias.shape)}, weight ` +
          formatShape(weight!.shape),
      );
    }
    const counts = windowCounts(size, { kernel, strides, dilations, pads });
    return [{ type: "float32", shape: [batch!, filters!, ...counts] }];
  },
});

/** See `conv`. */
export interface ConvOptions {
  /** Input cells from one window to the next; 1 by default. */
  readonly stride?: number;
  /** Zeros around the input: of each side, or `[top, left, bottom, right]`. */
  readonly pad?: Padding;
  /** Atrous rate: input cells from one tap to the next; 1 by default. */
  readonly dilation?: number;
  /** Parts of the channels that do not see each other; 1 by default. */
  readonly group?: number;
}

/**
 * y_nouv = b_o + Σ_cij w_ocij · x_n,c,(s·u + d·i − top),(s·v + d·j − left)
 *
 * with stride s and dilation d; x is 0 outside. With `group` g, output
 * channels of part o·g/Co see input channels of the same part only.
 *
 * @param x float32 `[N, Ci, H, W]`.
 * @param weight float32 `[Co, Ci/g, kh, kw]`.
 * @param bias float32 `[Co]`, or null for none.
 * @returns float32 `[N, Co, Y, X]`.
 * @throws {RangeError} When they do not fit.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { conv } from "./convolution.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const x = graph.input("x", "float32", [2, 512, 41, 41]);
 * const weight = graph.parameter("fc6/weight", [1024, 512, 3, 3]);
 * const y = conv(x, weight, null, { pad: 12, dilation: 12 });
 * deepStrictEqual(y.shape, [2, 1024, 41, 41]);
 * ```
 */
export function conv(
  x: Value,
  weight: Value,
  bias: Value | null,
  { stride = 1, pad = 0, dilation = 1, group = 1 }: ConvOptions = {},
): Value {
  return apply(CONV, bias === null ? [x, weight] : [x, weight, bias], {
    strides: [stride, stride],
    pads: padsOf(pad),
    dilations: [dilation, dilation],
    group,
  });
}
