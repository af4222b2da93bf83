/**
 * Activations by element, and softmax over an axis.
 *
 * @module
 */
import { defineOperator, type Operator } from "../operator.ts";
import { apply, type Value } from "../value.ts";
import { assertTypes } from "./_infer.ts";
import { div, exp, log, sub } from "./arithmetic.ts";
import { reduceMax, reduceSum } from "./reduction.ts";
import { stopGradient } from "./stop_gradient.ts";

type None = Record<never, never>;

function infer([x]: Parameters<Operator["infer"]>[0]) {
  assertTypes([x!], "float32");
  return [x!];
}

/** ONNX Relu. */
export const RELU: Operator<None> = defineOperator<None>({
  name: "Relu",
  infer,
});

/** ONNX Sigmoid. */
export const SIGMOID: Operator<None> = defineOperator<None>({
  name: "Sigmoid",
  infer,
});

/** ONNX Clip, its bounds as attributes. */
export const CLIP: Operator<Readonly<{ min: number; max: number }>> =
  defineOperator({ name: "Clip", infer });

/**
 * max(x, 0); its slope at 0 is 0.
 *
 * @throws {RangeError} When `x` is not float32.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { relu } from "./activation.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 3]);
 * deepStrictEqual(relu(x).shape, [2, 3]);
 * ```
 */
export function relu(x: Value): Value {
  return apply(RELU, [x], {});
}

/**
 * min(max(x, 0), 6) [Sandler2018]; its slope at 0 and 6 is 0.
 *
 * @throws {RangeError} When `x` is not float32.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { relu6 } from "./activation.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 3]);
 * deepStrictEqual(relu6(x).shape, [2, 3]);
 * ```
 */
export function relu6(x: Value): Value {
  return apply(CLIP, [x], { min: 0, max: 6 });
}

/**
 * 1 / (1 + e^−x).
 *
 * @throws {RangeError} When `x` is not float32.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { sigmoid } from "./activation.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 3]);
 * deepStrictEqual(sigmoid(x).shape, [2, 3]);
 * ```
 */
export function sigmoid(x: Value): Value {
  return apply(SIGMOID, [x], {});
}

/**
 * x minus its maximum m over an axis, which keeps e^x finite. The gradient
 * stops at m: softmax does not depend on it.
 */
function belowMaximum(x: Value, axis: number): Value {
  return sub(x, stopGradient(reduceMax(x, [axis])));
}

/**
 * ln softmax(x) = (x − m) − ln Σ e^(x − m) with the maximum m over the axis.
 *
 * Of basic operators, as engines' own LogSoftmax over an inner axis is slow.
 *
 * @throws {RangeError} When `x` has no such axis.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { logSoftmax } from "./activation.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const scores = new Graph("example").input("scores", "float32", [2, 21, 9, 9]);
 * deepStrictEqual(logSoftmax(scores, 1).shape, [2, 21, 9, 9]);
 * ```
 */
export function logSoftmax(x: Value, axis: number): Value {
  return x.graph.scope("LogSoftmax", () => {
    const shifted = belowMaximum(x, axis);
    return sub(shifted, log(reduceSum(exp(shifted), [axis])));
  });
}

/**
 * softmax(x) = e^(x − m) / Σ e^(x − m) with the maximum m over the axis.
 *
 * @throws {RangeError} When `x` has no such axis.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { softmax } from "./activation.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const scores = new Graph("example").input("scores", "float32", [2, 21, 9, 9]);
 * deepStrictEqual(softmax(scores, 1).shape, [2, 21, 9, 9]);
 * ```
 */
export function softmax(x: Value, axis: number): Value {
  return x.graph.scope("Softmax", () => {
    const powers = exp(belowMaximum(x, axis));
    return div(powers, reduceSum(powers, [axis]));
  });
}
