/**
 * Comparisons, logic on their bool results, choice by them and casts. Those of
 * several tensors broadcast as in ONNX and numpy. No gradient goes through a
 * bool.
 *
 * @module
 */
import { defineOperator, type Operator } from "../operator.ts";
import {
  apply,
  type ElementType,
  formatType,
  type TensorType,
  type Value,
} from "../value.ts";
import { assertTypes, broadcastShapes } from "./_infer.ts";

type None = Record<never, never>;

function comparison(name: string): Operator<None> {
  return defineOperator<None>({
    name,
    infer([a, b]) {
      assertTypes([a!, b!], "float32", "int64");
      assertSameType(a!, b!);
      return [{ type: "bool", shape: broadcastShapes(a!.shape, b!.shape) }];
    },
  });
}

function logic(name: string): Operator<None> {
  return defineOperator<None>({
    name,
    infer(inputs) {
      assertTypes(inputs, "bool");
      const shape = broadcastShapes(...inputs.map(({ shape }) => shape));
      return [{ type: "bool", shape }];
    },
  });
}

function assertSameType(a: TensorType, b: TensorType): void {
  if (a.type === b.type) return;
  throw new RangeError(
    `its inputs must be of one type: they are ${formatType(a)} and ` +
      formatType(b),
  );
}

/** ONNX Equal. */
export const EQUAL: Operator<None> = comparison("Equal");
/** ONNX Greater. */
export const GREATER: Operator<None> = comparison("Greater");
/** ONNX Less. */
export const LESS: Operator<None> = comparison("Less");
/** ONNX And. */
export const AND: Operator<None> = logic("And");
/** ONNX Or. */
export const OR: Operator<None> = logic("Or");
/** ONNX Not. */
export const NOT: Operator<None> = logic("Not");

/** ONNX Where. */
export const WHERE: Operator<None> = defineOperator<None>({
  name: "Where",
  infer([condition, a, b]) {
    if (condition!.type !== "bool") {
      throw new RangeError(
        `its condition must be bool: it is ${formatType(condition!)}`,
      );
    }
    assertSameType(a!, b!);
    const shape = broadcastShapes(condition!.shape, a!.shape, b!.shape);
    return [{ type: a!.type, shape }];
  },
});

/** ONNX Cast; `to` is an element type's name, which ONNX writes as a number. */
export const CAST: Operator<Readonly<{ to: ElementType }>> = defineOperator({
  name: "Cast",
  infer: ([x], { to }) => [{ type: to, shape: x!.shape }],
});

/**
 * a = b, as bool.
 *
 * @throws {RangeError} When they differ in type or do not broadcast.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { equal } from "./comparison.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "float32", [2, 3]);
 * const b = graph.input("b", "float32", [3]);
 * deepStrictEqual(equal(a, b).shape, [2, 3]);
 * ```
 */
export function equal(a: Value, b: Value): Value {
  return apply(EQUAL, [a, b], {});
}

/**
 * a > b, as bool.
 *
 * @throws {RangeError} When they differ in type or do not broadcast.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { greater } from "./comparison.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "float32", [2, 3]);
 * const b = graph.input("b", "float32", [3]);
 * deepStrictEqual(greater(a, b).shape, [2, 3]);
 * ```
 */
export function greater(a: Value, b: Value): Value {
  return apply(GREATER, [a, b], {});
}

/**
 * a < b, as bool.
 *
 * @throws {RangeError} When they differ in type or do not broadcast.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { less } from "./comparison.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "float32", [2, 3]);
 * const b = graph.input("b", "float32", [3]);
 * deepStrictEqual(less(a, b).shape, [2, 3]);
 * ```
 */
export function less(a: Value, b: Value): Value {
  return apply(LESS, [a, b], {});
}

/**
 * a ∧ b of bools.
 *
 * @throws {RangeError} When one is not bool, or they do not broadcast.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { and } from "./comparison.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "bool", [2, 3]);
 * const b = graph.input("b", "bool", [3]);
 * deepStrictEqual(and(a, b).shape, [2, 3]);
 * ```
 */
export function and(a: Value, b: Value): Value {
  return apply(AND, [a, b], {});
}

/**
 * a ∨ b of bools.
 *
 * @throws {RangeError} When one is not bool, or they do not broadcast.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { or } from "./comparison.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "bool", [2, 3]);
 * const b = graph.input("b", "bool", [3]);
 * deepStrictEqual(or(a, b).shape, [2, 3]);
 * ```
 */
export function or(a: Value, b: Value): Value {
  return apply(OR, [a, b], {});
}

/**
 * ¬x of bools.
 *
 * @throws {RangeError} When `x` is not bool.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { not } from "./comparison.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const x = graph.input("x", "bool", [2, 3]);
 * deepStrictEqual(not(x).shape, [2, 3]);
 * ```
 */
export function not(x: Value): Value {
  return apply(NOT, [x], {});
}

/**
 * `a` where the condition holds, else `b`. Gradients go to the one chosen.
 *
 * @throws {RangeError} When the condition is not bool, `a` and `b` differ in type, or the
 *   three do not broadcast.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { where } from "./comparison.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const condition = graph.input("condition", "bool", [2, 1]);
 * const a = graph.input("a", "float32", [2, 3]);
 * const b = graph.input("b", "float32", [3]);
 * deepStrictEqual(where(condition, a, b).shape, [2, 3]);
 * ```
 */
export function where(condition: Value, a: Value, b: Value): Value {
  return apply(WHERE, [condition, a, b], {});
}

/**
 * The same numbers as another type: bool to 0 and 1, numbers to bool as ≠ 0,
 * float32 to int64 towards 0.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { cast } from "./comparison.ts";
 * import { strictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "bool", [2, 3]);
 * strictEqual(cast(x, "float32").type, "float32");
 * ```
 */
export function cast(x: Value, type: ElementType): Value {
  return x.type === type ? x : apply(CAST, [x], { to: type });
}
