/**
 * What an operator is: its name and the shapes it takes and gives.
 *
 * Each module in `operators/` defines some with {@link defineOperator} and
 * exports functions on values that add a node of one. Their gradients are in
 * `gradients/`, apart, as those are built of each other's operators.
 *
 * @module
 */
import type { TensorType } from "./tensor_type.ts";

/** Numbers that say what exactly a node does: strides, axes, … */
export type Attributes = Readonly<
  Record<string, number | string | readonly number[]>
>;

/** An operator, named and meant as in ONNX. */
export interface Operator<A extends Attributes = Attributes> {
  /** ONNX's `op_type`. */
  readonly name: string;
  /** Whose operator it is, as in ONNX; ONNX's own by default. */
  readonly domain?: string;
  /**
   * What comes out.
   *
   * @throws {RangeError} When the inputs do not fit; only what must hold and
   *   what was found (`Cannot … as` is put before it by the graph).
   */
  infer(inputs: readonly TensorType[], attributes: A): readonly TensorType[];
}

/**
 * An {@link Operator}; only gives its attributes their type.
 *
 * @example
 * ```ts
 * import { defineOperator } from "./operator.ts";
 * import { strictEqual } from "node:assert";
 *
 * const floor = defineOperator<Record<never, never>>({
 *   name: "Floor",
 *   infer: ([x]) => [x!],
 * });
 * strictEqual(floor.name, "Floor");
 * ```
 */
export function defineOperator<A extends Attributes>(
  operator: Operator<A>,
): Operator<A> {
  return operator;
}
