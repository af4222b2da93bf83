/**
 * What flows along the edges of a graph: tensors whose element type and shape
 * are known before anything runs.
 *
 * @module
 */
import type { Graph } from "./graph.ts";

/** Types of elements; the names of ONNX, but for their case. */
export type ElementType = "float32" | "int64" | "bool";

/** Sizes of the axes; `[]` is a scalar. All are fixed: a graph has one batch size. */
export type Shape = readonly number[];

/** Elements of a tensor in row-major order: bool as 0 and 1. */
export type TensorData = Float32Array | BigInt64Array | Uint8Array;

/** A tensor in the making: where it comes from, its type and shape. */
export interface Value {
  readonly graph: Graph;
  /** Unique in the graph. */
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

/** How many elements a tensor of a shape has. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** `float32[8, 3, 97, 97]`, as errors say it. */
export function formatType({ type, shape }: Pick<Value, "type" | "shape">) {
  return `${type}[${shape.join(", ")}]`;
}

/** Whether two shapes have the same axes. */
export function isSameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
