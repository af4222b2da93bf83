/**
 * Moves along one axis that gradients of strided windows are built of.
 *
 * @module
 */
import type { Value } from "../value.ts";
import { concat, pad, reshape, slice } from "./shape.ts";

/**
 * Tensors in turn along an axis: element s·u + f of the result is element u of
 * tensor f of s.
 *
 * @param values Alike in shape and type.
 * @throws {RangeError} When they are not alike.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { interleave } from "./interleave.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const even = graph.input("even", "float32", [2, 3, 4]);
 * const odd = graph.input("odd", "float32", [2, 3, 4]);
 * deepStrictEqual(interleave([even, odd], 1).shape, [2, 6, 4]);
 * ```
 */
export function interleave(values: readonly Value[], axis: number): Value {
  const [first] = values;
  if (values.length === 1) return first!;
  const { shape } = first!;
  // Leading axes stay as they are, for engines that keep channels in blocks.
  const apart = shape.toSpliced(axis + 1, 0, 1);
  const parts = values.map((value) => reshape(value, apart));
  const size = shape[axis]! * values.length;
  return reshape(concat(parts, axis + 1), shape.with(axis, size));
}

/**
 * Zeros between the elements of an axis: element s·u is element u of `x`, the
 * s − 1 after it are 0. Float32 only.
 *
 * @param stride s; 1 or more.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { spread } from "./interleave.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 3, 4]);
 * deepStrictEqual(spread(x, { axis: 1, stride: 2 }).shape, [2, 6, 4]);
 * ```
 */
export function spread(
  x: Value,
  { axis, stride }: { axis: number; stride: number },
): Value {
  if (stride === 1) return x;
  const apart = x.shape.toSpliced(axis + 1, 0, 1);
  const pads = new Array<number>(2 * apart.length).fill(0);
  pads[apart.length + axis + 1] = stride - 1;
  const padded = pad(reshape(x, apart), pads);
  return reshape(padded, x.shape.with(axis, x.shape[axis]! * stride));
}

/**
 * The `size` elements of an axis of zeros into which `x` was laid with its
 * first element at `start`; what lies outside is cut off. Float32 only.
 *
 * @param start May be negative.
 * @throws {RangeError} When nothing of `x` lies inside.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { place } from "./interleave.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 3]);
 * deepStrictEqual(place(x, { axis: 1, start: -1, size: 6 }).shape, [2, 6]);
 * ```
 */
export function place(
  x: Value,
  { axis, start, size }: { axis: number; start: number; size: number },
): Value {
  const length = x.shape[axis]!;
  const from = Math.max(0, -start);
  const end = Math.min(length, size - start);
  const inside = end - from === length
    ? x
    : slice(x, { axis, start: from, end });
  const rank = x.shape.length;
  const pads = new Array<number>(2 * rank).fill(0);
  pads[axis] = Math.max(0, start);
  pads[rank + axis] = size - pads[axis] - (end - from);
  return pads.every((count) => count === 0) ? inside : pad(inside, pads);
}
