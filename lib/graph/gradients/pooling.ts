/**
 * Gradients of pooling, built of what every engine has: none needs indices of
 * maxima or a scatter.
 *
 * @module
 */
import { add, sub } from "../operators/arithmetic.ts";
import { equal, where } from "../operators/comparison.ts";
import { interleave, place } from "../operators/interleave.ts";
import {
  AVERAGE_POOL,
  type AveragePoolAttributes,
  MAX_POOL,
  type PoolAttributes,
} from "../operators/pooling.ts";
import { expand, slice } from "../operators/shape.ts";
import { apply, type Node, type Value } from "../value.ts";
import { spreadWindows } from "./_spread_windows.ts";
import { type GradientRule, gradientRule } from "./gradient_rule.ts";

/** Rules of MaxPool and AveragePool. */
export const POOLING_RULES: readonly GradientRule[] = [
  gradientRule(MAX_POOL, (node, g) => [() => maxPoolGradient(node, g)]),
  gradientRule(AVERAGE_POOL, (node, g) => [() => averagePoolGradient(node, g)]),
];

/**
 * Each window's gradient goes to the first of its maxima in row-major order.
 *
 * The maximum of a window is that of the maxima m of its rows: the first row
 * whose m is the maximum, then the first cell of that row which is m, is the
 * first maximum in row-major order. So one axis is undone after the other, in
 * kernel height + kernel width comparisons rather than their product.
 */
function maxPoolGradient(
  { inputs: [x], outputs: [y], attributes }: Node<PoolAttributes>,
  g: Value,
): Value {
  const { kernelShape, strides, pads: [top, left, , right] } = attributes;
  const ofRows = apply(MAX_POOL, [x!], {
    kernelShape: [1, kernelShape[1]!],
    strides: [1, strides[1]!],
    pads: [0, left!, 0, right!],
  });
  const toRows = firstMaximumGradient({ x: ofRows, y: y!, g }, {
    axis: 2,
    kernel: kernelShape[0]!,
    stride: strides[0]!,
    before: top!,
  });
  return firstMaximumGradient({ x: x!, y: ofRows, g: toRows }, {
    axis: 3,
    kernel: kernelShape[1]!,
    stride: strides[1]!,
    before: left!,
  });
}

/** Windows along one axis. */
interface AxisWindows {
  readonly axis: number;
  readonly kernel: number;
  readonly stride: number;
  /** Cells of padding before the axis. */
  readonly before: number;
}

/**
 * ∂loss/∂x of maxima y of windows along one axis: window u sees the cells
 * stride·u + t − before of x, for taps t < kernel.
 *
 * Taps come in order; each takes the gradient that is left where its cell is
 * the maximum. What they take is added up where it belongs.
 */
function firstMaximumGradient(
  { x, y, g }: { x: Value; y: Value; g: Value },
  { axis, kernel, stride, before }: AxisWindows,
): Value {
  const zero = g.graph.scalar(0);
  const [size, count] = [x.shape[axis]!, y.shape[axis]!];
  // Cells stride·v + f of x are element v of phase f.
  const phases = new Array<Value | undefined>(stride).fill(undefined);
  const length = Math.ceil(size / stride);
  let left = g;
  for (let tap = 0; tap < kernel; tap++) {
    const offset = tap - before;
    const first = Math.max(0, Math.ceil(-offset / stride));
    const end = Math.min(count, Math.floor((size - 1 - offset) / stride) + 1);
    if (first >= end) continue;
    const cells = sliced(x, {
      axis,
      start: stride * first + offset,
      end: stride * (end - 1) + offset + 1,
      step: stride,
    });
    const windows = { axis, start: first, end, step: 1 };
    const isMaximum = equal(cells, sliced(y, windows));
    const taken = where(isMaximum, sliced(left, windows), zero);
    left = sub(left, place(taken, { axis, start: first, size: count }));
    const shift = Math.floor(offset / stride);
    const start = first + shift;
    const placed = place(taken, { axis, start, size: length });
    const phase = offset - stride * shift;
    const sum = phases[phase];
    phases[phase] = sum === undefined ? placed : add(sum, placed);
  }
  const shape = x.shape.with(axis, length);
  const all = phases.map((phase) => phase ?? expand(zero, shape));
  return place(interleave(all, axis), { axis, start: 0, size });
}

/** A slice, unless it is all of an axis. */
function sliced(x: Value, part: Required<Parameters<typeof slice>[1]>): Value {
  const { axis, start, end, step } = part;
  const isAll = start === 0 && end === x.shape[axis] && step === 1;
  return isAll ? x : slice(x, part);
}

/**
 * The mean of the gradients, spread by the stride, of the windows that saw each
 * cell; those which do not exist count as zeros.
 *
 *   ∂x[i] = 1/kernel² · Σ_t g[u] where stride·u + t − pad = i
 */
function averagePoolGradient(
  { inputs: [x], attributes }: Node<AveragePoolAttributes>,
  g: Value,
): Value {
  const { kernelShape } = attributes;
  const { spreadG, pads } = spreadWindows(g, {
    ...attributes,
    size: x!.shape.slice(2),
    reach: kernelShape.map((taps) => taps - 1),
  });
  return apply(AVERAGE_POOL, [spreadG], {
    kernelShape,
    strides: [1, 1],
    pads,
    countIncludePad: 1,
  });
}
