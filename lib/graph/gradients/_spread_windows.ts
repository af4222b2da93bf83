/**
 * How gradients of windows that slide over an image go back to its cells.
 *
 * @module
 */
import { place, spread } from "../operators/interleave.ts";
import type { Shape, Value } from "../value.ts";

/** Windows that slid over an image. */
export interface SlidWindows {
  /** `[H, W]` of the image. */
  readonly size: Shape;
  /** Cells from a window's first tap to its last: `[y, x]`. */
  readonly reach: readonly number[];
  /** `[y, x]`. */
  readonly strides: readonly number[];
  /** `[top, left, bottom, right]`. */
  readonly pads: readonly number[];
}

/**
 * The gradients g of windows, spread by the stride, and the padding with which
 * windows that slide over them by 1 see, from each cell of the image, those
 * that saw it: tap t's is then `reach − dilation · t` from the first.
 *
 * Gradients of windows that saw nothing but padding are cut off, as no pad is
 * negative. No pad is larger than the reach.
 */
export function spreadWindows(
  g: Value,
  { size, reach, strides, pads }: SlidWindows,
): { spreadG: Value; pads: readonly number[] } {
  let spreadG = g;
  const newPads = [0, 0, 0, 0];
  for (const side of [0, 1]) {
    const axis = side + 2;
    const apart = spread(spreadG, { axis, stride: strides[side]! });
    const length = apart.shape[axis]!;
    const before = reach[side]! - pads[side]!;
    const after = size[side]! + pads[side]! - length;
    spreadG = place(apart, {
      axis,
      start: Math.min(0, before),
      size: length + Math.min(0, before) + Math.min(0, after),
    });
    newPads[side] = Math.max(0, before);
    newPads[side + 2] = Math.max(0, after);
  }
  return { spreadG, pads: newPads };
}
