/**
 * Arithmetic by element, in float32. Operators of two tensors broadcast as in
 * ONNX and numpy: aligned at their last axes, those of size 1 or absent repeat.
 *
 * @module
 */
import { defineOperator, type Operator } from "../operator.ts";
import { apply, type Value } from "../value.ts";
import { assertTypes, broadcastShapes } from "./_infer.ts";

/** No attributes. */
type None = Record<never, never>;

function unary(name: string): Operator<None> {
  return defineOperator<None>({
    name,
    infer([x]) {
      assertTypes([x!], "float32");
      return [x!];
    },
  });
}

function binary(name: string): Operator<None> {
  return defineOperator<None>({
    name,
    infer([a, b]) {
      assertTypes([a!, b!], "float32");
      return [{ type: "float32", shape: broadcastShapes(a!.shape, b!.shape) }];
    },
  });
}

/** ONNX Add. */
export const ADD: Operator<None> = binary("Add");
/** ONNX Sub. */
export const SUB: Operator<None> = binary("Sub");
/** ONNX Mul. */
export const MUL: Operator<None> = binary("Mul");
/** ONNX Div. */
export const DIV: Operator<None> = binary("Div");
/** ONNX Max, of two tensors. */
export const MAX: Operator<None> = binary("Max");
/** ONNX Min, of two tensors. */
export const MIN: Operator<None> = binary("Min");
/** ONNX Neg. */
export const NEG: Operator<None> = unary("Neg");
/** ONNX Exp. */
export const EXP: Operator<None> = unary("Exp");
/** ONNX Log. */
export const LOG: Operator<None> = unary("Log");
/** ONNX Sqrt. */
export const SQRT: Operator<None> = unary("Sqrt");

/**
 * a + b.
 *
 * @throws {RangeError} When one is not float32, or they do not broadcast.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { add } from "./arithmetic.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "float32", [2, 3]);
 * const b = graph.input("b", "float32", [3]);
 * deepStrictEqual(add(a, b).shape, [2, 3]);
 * ```
 */
export function add(a: Value, b: Value): Value {
  return apply(ADD, [a, b], {});
}

/**
 * a − b.
 *
 * @throws {RangeError} When one is not float32, or they do not broadcast.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { sub } from "./arithmetic.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "float32", [2, 3]);
 * const b = graph.input("b", "float32", [3]);
 * deepStrictEqual(sub(a, b).shape, [2, 3]);
 * ```
 */
export function sub(a: Value, b: Value): Value {
  return apply(SUB, [a, b], {});
}

/**
 * a · b.
 *
 * @throws {RangeError} When one is not float32, or they do not broadcast.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { mul } from "./arithmetic.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "float32", [2, 3]);
 * const b = graph.input("b", "float32", [3]);
 * deepStrictEqual(mul(a, b).shape, [2, 3]);
 * ```
 */
export function mul(a: Value, b: Value): Value {
  return apply(MUL, [a, b], {});
}

/**
 * a / b.
 *
 * @throws {RangeError} When one is not float32, or they do not broadcast.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { div } from "./arithmetic.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "float32", [2, 3]);
 * const b = graph.input("b", "float32", [3]);
 * deepStrictEqual(div(a, b).shape, [2, 3]);
 * ```
 */
export function div(a: Value, b: Value): Value {
  return apply(DIV, [a, b], {});
}

/**
 * max(a, b). Where they are equal, each gets half of the gradient, as in PyTorch.
 *
 * @throws {RangeError} When one is not float32, or they do not broadcast.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { maximum } from "./arithmetic.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "float32", [2, 3]);
 * const b = graph.input("b", "float32", [3]);
 * deepStrictEqual(maximum(a, b).shape, [2, 3]);
 * ```
 */
export function maximum(a: Value, b: Value): Value {
  return apply(MAX, [a, b], {});
}

/**
 * min(a, b). Where they are equal, each gets half of the gradient, as in PyTorch.
 *
 * @throws {RangeError} When one is not float32, or they do not broadcast.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { minimum } from "./arithmetic.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "float32", [2, 3]);
 * const b = graph.input("b", "float32", [3]);
 * deepStrictEqual(minimum(a, b).shape, [2, 3]);
 * ```
 */
export function minimum(a: Value, b: Value): Value {
  return apply(MIN, [a, b], {});
}

/**
 * −x.
 *
 * @throws {RangeError} When a tensor is not float32.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { neg } from "./arithmetic.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "float32", [2, 3]);
 * deepStrictEqual(neg(a).shape, [2, 3]);
 * ```
 */
export function neg(x: Value): Value {
  return apply(NEG, [x], {});
}

/**
 * e^x.
 *
 * @throws {RangeError} When a tensor is not float32.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { exp } from "./arithmetic.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "float32", [2, 3]);
 * deepStrictEqual(exp(a).shape, [2, 3]);
 * ```
 */
export function exp(x: Value): Value {
  return apply(EXP, [x], {});
}

/**
 * ln x.
 *
 * @throws {RangeError} When a tensor is not float32.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { log } from "./arithmetic.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "float32", [2, 3]);
 * deepStrictEqual(log(a).shape, [2, 3]);
 * ```
 */
export function log(x: Value): Value {
  return apply(LOG, [x], {});
}

/**
 * √x.
 *
 * @throws {RangeError} When a tensor is not float32.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { sqrt } from "./arithmetic.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "float32", [2, 3]);
 * deepStrictEqual(sqrt(a).shape, [2, 3]);
 * ```
 */
export function sqrt(x: Value): Value {
  return apply(SQRT, [x], {});
}
