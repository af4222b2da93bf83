/**
 * Operators that move, repeat or leave out elements; of any element type.
 *
 * @module
 */
import { defineOperator, type Operator } from "../operator.ts";
import {
  apply,
  elementCount,
  formatShape,
  isSameShape,
  type Shape,
  type Value,
} from "../value.ts";
import {
  assertAxes,
  assertTypes,
  assertWhole,
  broadcastShapes,
} from "./_infer.ts";

/** ONNX Reshape, the new shape as an attribute. */
export const RESHAPE: Operator<Readonly<{ shape: Shape }>> = defineOperator({
  name: "Reshape",
  infer([x], { shape }) {
    if (elementCount(shape) === elementCount(x!.shape)) {
      return [{ type: x!.type, shape }];
    }
    throw new RangeError(
      `its shape must keep the count of elements: ` +
        `${formatShape(x!.shape)} becomes ${formatShape(shape)}`,
    );
  },
});

/** ONNX Transpose. */
export const TRANSPOSE: Operator<Readonly<{ perm: readonly number[] }>> =
  defineOperator({
    name: "Transpose",
    infer([x], { perm }) {
      assertAxes(perm, x!.shape);
      if (perm.length !== x!.shape.length) {
        throw new RangeError(
          `perm must name each axis once: it is ${formatShape(perm)}, ` +
            `the input is ${formatShape(x!.shape)}`,
        );
      }
      return [{ type: x!.type, shape: perm.map((axis) => x!.shape[axis]!) }];
    },
  });

/** ONNX Concat. */
export const CONCAT: Operator<Readonly<{ axis: number }>> = defineOperator({
  name: "Concat",
  infer(inputs, { axis }) {
    const [first] = inputs;
    assertAxes([axis], first!.shape);
    assertTypes(inputs, first!.type);
    const without = ({ shape }: { shape: Shape }) => shape.with(axis, 1);
    const fits = inputs.every((input) =>
      input.shape.length === first!.shape.length &&
      isSameShape(without(input), without(first!))
    );
    if (!fits) {
      const shapes = inputs.map(({ shape }) => formatShape(shape));
      throw new RangeError(
        `its inputs must be alike but for axis ${axis}: they are ` +
          shapes.join(", "),
      );
    }
    const size = inputs.reduce((sum, { shape }) => sum + shape[axis]!, 0);
    return [{ type: first!.type, shape: first!.shape.with(axis, size) }];
  },
});

/** Attributes of Slice: for each of `axes`, one of the others. */
export type SliceAttributes = Readonly<{
  /** First index; negative ones count from the end. */
  starts: readonly number[];
  /** Index after the last one, or before it where the step is negative. */
  ends: readonly number[];
  axes: readonly number[];
  steps: readonly number[];
}>;

/** ONNX Slice, its inputs but the first as attributes. */
export const SLICE: Operator<SliceAttributes> = defineOperator({
  name: "Slice",
  infer([x], { starts, ends, axes, steps }) {
    assertAxes(axes, x!.shape);
    const shape = [...x!.shape];
    for (const [i, axis] of axes.entries()) {
      const size = x!.shape[axis]!;
      const start = starts[i]! < 0 ? starts[i]! + size : starts[i]!;
      const end = ends[i]! < 0 ? ends[i]! + size : ends[i]!;
      const step = steps[i]!;
      const count = Math.ceil((end - start) / step);
      const last = start + (count - 1) * step;
      const isWhole = [start, end, step].every(Number.isInteger);
      const fits = count >= 1 && start >= 0 && start < size && last >= 0 &&
        last < size;
      if (!isWhole || !fits) {
        throw new RangeError(
          `a slice must ${isWhole ? "lie" : "be of whole numbers"} inside ` +
            `axis ${axis} of ${formatShape(x!.shape)}: ` +
            `it is [${starts[i]}, ${ends[i]}) in steps of ${step}`,
        );
      }
      shape[axis] = count;
    }
    return [{ type: x!.type, shape }];
  },
});

/** ONNX Pad with zeros, its inputs but the first as attributes. */
export const PAD: Operator<Readonly<{ pads: readonly number[] }>> =
  defineOperator({
    name: "Pad",
    infer([x], { pads }) {
      assertTypes([x!], "float32");
      const rank = x!.shape.length;
      if (pads.length !== 2 * rank) {
        throw new RangeError(
          `pads must be two for each axis: they are ${formatShape(pads)}, ` +
            `the input is ${formatShape(x!.shape)}`,
        );
      }
      for (const count of pads) assertWhole("a pad", count, 0);
      const shape = x!.shape.map((size, axis) =>
        pads[axis]! + size + pads[axis + rank]!
      );
      return [{ type: x!.type, shape }];
    },
  });

/** ONNX Expand, the shape as an attribute. */
export const EXPAND: Operator<Readonly<{ shape: Shape }>> = defineOperator({
  name: "Expand",
  infer([x], { shape }) {
    if (isSameShape(broadcastShapes(x!.shape, shape), shape)) {
      return [{ type: x!.type, shape }];
    }
    throw new RangeError(
      `its input must broadcast to the shape: ${formatShape(x!.shape)} ` +
        `to ${formatShape(shape)}`,
    );
  },
});

/**
 * The same elements, in row-major order, in another shape.
 *
 * @throws {RangeError} When it is one of more or fewer elements.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { reshape } from "./shape.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 3, 4]);
 * deepStrictEqual(reshape(x, [6, 4]).shape, [6, 4]);
 * ```
 */
export function reshape(x: Value, shape: Shape): Value {
  return apply(RESHAPE, [x], { shape });
}

/**
 * Axes in another order: axis i of the result is axis `perm[i]` of `x`.
 *
 * @throws {RangeError} When `perm` does not name each axis once.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { transpose } from "./shape.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 3, 4]);
 * deepStrictEqual(transpose(x, [2, 0, 1]).shape, [4, 2, 3]);
 * ```
 */
export function transpose(x: Value, perm: readonly number[]): Value {
  return apply(TRANSPOSE, [x], { perm });
}

/**
 * Tensors one after the other along an axis.
 *
 * @throws {RangeError} When they differ in type or in another axis.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { concat } from "./shape.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 3]);
 * deepStrictEqual(concat([x, x], 1).shape, [2, 6]);
 * ```
 */
export function concat(values: readonly Value[], axis: number): Value {
  return apply(CONCAT, values, { axis });
}

/**
 * Elements `start`, `start + step`, … before `end` of an axis.
 *
 * @param part `end`: after the last; `step`: 1 or more, 1 by default.
 * @throws {RangeError} When they are no whole numbers, or do not lie inside the
 *   axis.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { slice } from "./shape.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 7]);
 * const odd = slice(x, { axis: 1, start: 1, end: 7, step: 2 });
 * deepStrictEqual(odd.shape, [2, 3]);
 * ```
 */
export function slice(
  x: Value,
  { axis, start, end, step = 1 }: {
    axis: number;
    start: number;
    end: number;
    step?: number;
  },
): Value {
  const part = { starts: [start], ends: [end], axes: [axis], steps: [step] };
  return apply(SLICE, [x], part);
}

/**
 * The elements of axes in reverse order.
 *
 * @throws {RangeError} When an axis is none of `x`'s.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { flip } from "./shape.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 7]);
 * deepStrictEqual(flip(x, [1]).shape, [2, 7]);
 * ```
 */
export function flip(x: Value, axes: readonly number[]): Value {
  return apply(SLICE, [x], {
    starts: axes.map(() => -1),
    // Before element 0, as ONNX and numpy write it.
    ends: axes.map((axis) => -1 - x.shape[axis]!),
    axes,
    steps: axes.map(() => -1),
  });
}

/**
 * Zeros around a float32 tensor.
 *
 * @param pads Zeros before each axis, then after each, as in ONNX.
 * @throws {RangeError} When they are not two whole numbers for each axis.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { pad } from "./shape.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 3]);
 * deepStrictEqual(pad(x, [0, 1, 0, 2]).shape, [2, 6]);
 * ```
 */
export function pad(x: Value, pads: readonly number[]): Value {
  return apply(PAD, [x], { pads });
}

/**
 * Repeats axes of size 1, and adds leading ones, to reach a shape.
 *
 * @throws {RangeError} When `x` does not broadcast to it.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { expand } from "./shape.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [3, 1]);
 * deepStrictEqual(expand(x, [2, 3, 4]).shape, [2, 3, 4]);
 * ```
 */
export function expand(x: Value, shape: Shape): Value {
  return apply(EXPAND, [x], { shape });
}
