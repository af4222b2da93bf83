/**
 * Types, shapes and elements of tensors, apart from any graph.
 *
 * @module
 */

/** Types of elements; the names of ONNX, but for their case. */
export type ElementType = "float32" | "int64" | "bool";

/** Sizes of the axes; `[]` is a scalar. All are fixed: a graph has one batch size. */
export type Shape = readonly number[];

/** Elements of a tensor in row-major order: bool as 0 and 1. */
export type TensorData = Float32Array | BigInt64Array | Uint8Array;

/** What is known of a tensor before anything runs. */
export interface TensorType {
  readonly type: ElementType;
  readonly shape: Shape;
}

/**
 * How many elements a tensor of a shape has.
 *
 * @example
 * ```ts
 * import { elementCount } from "./tensor_type.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(elementCount([2, 3, 4]), 24);
 * strictEqual(elementCount([]), 1);
 * ```
 */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * A tensor's type and shape, as errors say it.
 *
 * @example
 * ```ts
 * import { formatType } from "./tensor_type.ts";
 * import { strictEqual } from "node:assert";
 *
 * const type = { type: "float32", shape: [8, 3, 97, 97] } as const;
 * strictEqual(formatType(type), "float32[8, 3, 97, 97]");
 * ```
 */
export function formatType({ type, shape }: TensorType): string {
  return `${type}${formatShape(shape)}`;
}

/**
 * A shape, as errors say it.
 *
 * @example
 * ```ts
 * import { formatShape } from "./tensor_type.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(formatShape([2, 3]), "[2, 3]");
 * ```
 */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/**
 * Whether two shapes have the same axes.
 *
 * @example
 * ```ts
 * import { isSameShape } from "./tensor_type.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(isSameShape([2, 3], [2, 3]), true);
 * strictEqual(isSameShape([1, 2, 3], [2, 3]), false);
 * ```
 */
export function isSameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
