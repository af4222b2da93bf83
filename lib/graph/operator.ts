/**
 * What an operator is: the shapes it takes and gives, and its gradient.
 *
 * Each module in `operators/` defines some with {@link defineOperator} and
 * exports functions on {@link Value}s that add a node of one.
 *
 * @module
 */
import type { Node } from "./graph.ts";
import type { ElementType, Shape, Value } from "./value.ts";

/** Numbers that say what exactly a node does: strides, axes, … */
export type Attributes = Readonly<
  Record<string, number | string | readonly number[]>
>;

/** Type and shape of an output. */
export interface OutputType {
  readonly type: ElementType;
  readonly shape: Shape;
}

/** An operator, named and meant as in ONNX. */
export interface Operator<A extends Attributes = Attributes> {
  /** ONNX's `op_type`. */
  readonly name: string;
  /**
   * What comes out.
   *
   * @throws {RangeError} When the inputs do not fit; only what must hold and
   *   what was found (`Cannot … as` is put before it by the graph).
   */
  infer(inputs: readonly Value[], attributes: A): readonly OutputType[];
  /**
   * Adds the nodes that turn the gradients of a node's outputs into those of
   * its inputs (null: none), in the order of its inputs. Left out: the operator
   * stops gradients.
   *
   * @param outer Gradients of the loss by the outputs; null where the loss does
   *   not depend on one. At least one is there.
   */
  gradient?(
    node: Node<A>,
    outer: readonly (Value | null)[],
  ): readonly (Value | null)[];
}

/** An {@link Operator}; only gives its attributes their type. */
export function defineOperator<A extends Attributes>(
  operator: Operator<A>,
): Operator<A> {
  return operator;
}
