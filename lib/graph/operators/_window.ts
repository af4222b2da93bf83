/**
 * Windows that slide over the last two axes of `[N, C, H, W]`: how convolutions
 * and poolings share strides and paddings.
 *
 * @module
 */
import { formatShape, type Shape } from "../tensor_type.ts";
import { assertWhole } from "./_infer.ts";

/** Zeros around an image: on all four sides, or `[top, left, bottom, right]`. */
export type Padding = number | readonly [number, number, number, number];

/** A {@link Padding} as ONNX's `pads`: `[top, left, bottom, right]`. */
export function padsOf(padding: Padding): readonly number[] {
  return typeof padding === "number"
    ? [padding, padding, padding, padding]
    : padding;
}

/** Windows of `kernel` taps, `dilations` apart, at steps of `strides`: `[y, x]`. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** `[top, left, bottom, right]`. */
  readonly pads: readonly number[];
}

/**
 * How many windows fit, `[Y, X]`: ⌊(H + pads − dilation·(kernel − 1) − 1) /
 * stride⌋ + 1.
 *
 * @param size `[H, W]`.
 */
export function windowCounts(size: Shape, windows: Windows): number[] {
  const { kernel, strides, dilations, pads } = windows;
  for (const taps of kernel) assertWhole("a kernel's size", taps, 1);
  for (const stride of strides) assertWhole("a stride", stride, 1);
  for (const dilation of dilations) assertWhole("a dilation", dilation, 1);
  for (const count of pads) assertWhole("a pad", count, 0);
  return size.map((length, axis) => {
    const extent = dilations[axis]! * (kernel[axis]! - 1) + 1;
    const padded = pads[axis]! + length + pads[axis + 2]!;
    if (padded >= extent) {
      return Math.floor((padded - extent) / strides[axis]!) + 1;
    }
    throw new RangeError(
      `its window must fit into the padded input: it spans ${extent} of ` +
        `${padded} on axis ${axis + 2}, input ${formatShape(size)}, pads ` +
        formatShape(pads),
    );
  });
}
