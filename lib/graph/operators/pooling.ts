/**
 * Pooling: the maximum or mean of windows of a plane.
 *
 * @module
 */
import { defineOperator, type Operator } from "../operator.ts";
import { apply, formatShape, type TensorType, type Value } from "../value.ts";
import { assertRank, assertTypes } from "./_infer.ts";
import { type Padding, padsOf, windowCounts } from "./_window.ts";

/** Attributes of MaxPool, as in ONNX. */
export type PoolAttributes = Readonly<{
  /** `[y, x]`. */
  kernelShape: readonly number[];
  /** `[y, x]`. */
  strides: readonly number[];
  /** `[top, left, bottom, right]`; each smaller than the kernel. */
  pads: readonly number[];
}>;

/** Attributes of AveragePool, as in ONNX. */
export type AveragePoolAttributes =
  & PoolAttributes
  /** 1: zeros of the padding count. */
  & Readonly<{ countIncludePad: 1 }>;

function inferPool(
  x: TensorType,
  { kernelShape: kernel, strides, pads }: PoolAttributes,
): TensorType[] {
  assertTypes([x], "float32");
  assertRank("the input", x, 4);
  if (pads.some((count, side) => count >= kernel[side % 2]!)) {
    throw new RangeError(
      `its pads must be smaller than the kernel: pads ${formatShape(pads)}, ` +
        `kernel ${formatShape(kernel)}`,
    );
  }
  const [batch, channels, ...size] = x.shape;
  const dilations = [1, 1];
  const counts = windowCounts(size, { kernel, strides, dilations, pads });
  return [{ type: "float32", shape: [batch!, channels!, ...counts] }];
}

/** ONNX MaxPool, its first output only. */
export const MAX_POOL: Operator<PoolAttributes> = defineOperator({
  name: "MaxPool",
  infer: ([x], attributes) => inferPool(x!, attributes),
});

/** ONNX AveragePool. */
export const AVERAGE_POOL: Operator<AveragePoolAttributes> = defineOperator({
  name: "AveragePool",
  infer: ([x], attributes) => inferPool(x!, attributes),
});

/** See `maxPool`. */
export interface PoolOptions {
  /** Cells of a side of a window. */
  readonly kernel: number;
  /** Cells from one window to the next. */
  readonly stride: number;
  /**
   * Cells around the input: of each side, or `[top, left, bottom, right]`; 0
   * by default.
   */
  readonly pad?: Padding;
}

/**
 * The maximum of each window; cells of the padding do not count.
 *
 * The gradient of a window goes to the first of its maxima in row-major order,
 * as in PyTorch.
 *
 * @param x float32 `[N, C, H, W]`.
 * @returns float32 `[N, C, Y, X]`, Y = ⌊(H + pads − kernel) / stride⌋ + 1.
 * @throws {RangeError} When no window fits or a pad is not below the kernel.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { maxPool } from "./pooling.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 64, 321, 321]);
 * const y = maxPool(x, { kernel: 3, stride: 2, pad: 1 });
 * deepStrictEqual(y.shape, [2, 64, 161, 161]);
 * ```
 */
export function maxPool(
  x: Value,
  { kernel, stride, pad = 0 }: PoolOptions,
): Value {
  return apply(MAX_POOL, [x], {
    kernelShape: [kernel, kernel],
    strides: [stride, stride],
    pads: padsOf(pad),
  });
}

/**
 * The mean of each window; cells of the padding count as zeros, so that sums
 * are always divided by kernel².
 *
 * @param x float32 `[N, C, H, W]`.
 * @returns float32 `[N, C, Y, X]`, Y = ⌊(H + pads − kernel) / stride⌋ + 1.
 * @throws {RangeError} When no window fits or a pad is not below the kernel.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { averagePool } from "./pooling.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 64, 41, 41]);
 * const y = averagePool(x, { kernel: 3, stride: 1, pad: 1 });
 * deepStrictEqual(y.shape, [2, 64, 41, 41]);
 * ```
 */
export function averagePool(
  x: Value,
  { kernel, stride, pad = 0 }: PoolOptions,
): Value {
  return apply(AVERAGE_POOL, [x], {
    kernelShape: [kernel, kernel],
    strides: [stride, stride],
    pads: padsOf(pad),
    countIncludePad: 1,
  });
}
