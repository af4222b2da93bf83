/**
 * Sums, means and maxima over axes, which stay with size 1.
 *
 * @module
 */
import { defineOperator, type Operator } from "../operator.ts";
import {
  apply,
  elementCount,
  isSameShape,
  type Shape,
  type Value,
} from "../value.ts";
import { assertAxes, assertTypes } from "./_infer.ts";
import { mul } from "./arithmetic.ts";
import { reshape } from "./shape.ts";

/** Attributes of reductions. */
export type ReduceAttributes = Readonly<{
  axes: readonly number[];
  /** 1: reduced axes stay, with size 1. */
  keepdims: 1;
}>;

function reduction(name: string): Operator<ReduceAttributes> {
  return defineOperator<ReduceAttributes>({
    name,
    infer([x], { axes }) {
      assertTypes([x!], "float32");
      assertAxes(axes, x!.shape);
      // ONNX takes none for all.
      if (axes.length === 0) {
        throw new RangeError("it must reduce an axis: it is given none");
      }
      const shape = x!.shape.map((size, axis) =>
        axes.includes(axis) ? 1 : size
      );
      return [{ type: "float32", shape }];
    },
  });
}

/** ONNX ReduceSum. */
export const REDUCE_SUM: Operator<ReduceAttributes> = reduction("ReduceSum");
/** ONNX ReduceMax. */
export const REDUCE_MAX: Operator<ReduceAttributes> = reduction("ReduceMax");

/**
 * The sum over axes; they stay with size 1.
 *
 * @throws {RangeError} When an axis is none of `x`'s.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { reduceSum } from "./reduction.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 3, 4]);
 * deepStrictEqual(reduceSum(x, [0, 2]).shape, [1, 3, 1]);
 * ```
 */
export function reduceSum(x: Value, axes: readonly number[]): Value {
  return apply(REDUCE_SUM, [x], { axes, keepdims: 1 });
}

/**
 * The mean over axes; they stay with size 1.
 *
 * @throws {RangeError} When an axis is none of `x`'s.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { reduceMean } from "./reduction.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 3, 4]);
 * deepStrictEqual(reduceMean(x, [1]).shape, [2, 1, 4]);
 * ```
 */
export function reduceMean(x: Value, axes: readonly number[]): Value {
  const sum = reduceSum(x, axes);
  const count = elementCount(x.shape) / elementCount(sum.shape);
  return mul(sum, x.graph.scalar(1 / count));
}

/**
 * The maximum over axes; they stay with size 1. Equal maxima share the
 * gradient, as in PyTorch's `amax`.
 *
 * @throws {RangeError} When an axis is none of `x`'s.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { reduceMax } from "./reduction.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 3, 4]);
 * deepStrictEqual(reduceMax(x, [1]).shape, [2, 1, 4]);
 * ```
 */
export function reduceMax(x: Value, axes: readonly number[]): Value {
  return apply(REDUCE_MAX, [x], { axes, keepdims: 1 });
}

/**
 * Sums what broadcasting had repeated: the inverse of broadcasting a tensor of
 * `shape` to that of `x`, which is what gradients do with it.
 *
 * @param shape One that broadcasts to `x.shape`.
 * @throws {RangeError} When it does not.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { sumTo } from "./reduction.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 3, 4]);
 * deepStrictEqual(sumTo(x, [3, 1]).shape, [3, 1]);
 * ```
 */
export function sumTo(x: Value, shape: Shape): Value {
  if (isSameShape(x.shape, shape)) return x;
  const missing = x.shape.length - shape.length;
  const axes = x.shape.flatMap((size, axis) =>
    axis < missing || (shape[axis - missing] === 1 && size !== 1) ? [axis] : []
  );
  const sum = axes.length === 0 ? x : reduceSum(x, axes);
  return isSameShape(sum.shape, shape) ? sum : reshape(sum, shape);
}
