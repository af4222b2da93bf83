/**
 * What flows along the edges of a graph: tensors whose element type and shape
 * are known before anything runs, and the nodes they come from.
 *
 * @module
 */
import type { Attributes, Operator } from "./operator.ts";
import type { ElementType, Shape, TensorData } from "./tensor_type.ts";

export {
  elementCount,
  type ElementType,
  formatShape,
  formatType,
  isSameShape,
  type Shape,
  type TensorData,
  type TensorType,
} from "./tensor_type.ts";

/** A tensor in the making: where it comes from, its type and shape. */
export interface Value {
  readonly graph: OpenGraph;
  /** Unique in the graph. */
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

/** One application of an operator. */
export interface Node<A extends Attributes = Attributes> {
  readonly name: string;
  readonly operator: Operator<A>;
  readonly inputs: readonly Value[];
  readonly attributes: A;
  readonly outputs: readonly Value[];
}

/** A graph as its values know it: one to add nodes to. `Graph` is the class. */
export interface OpenGraph {
  readonly name: string;
  readonly nodes: readonly Node[];
  /** See `Graph.constant`. */
  constant(data: TensorData, shape: Shape): Value;
  /** See `Graph.scalar`. */
  scalar(number: number): Value;
  /** See `Graph.scope`. */
  scope<T>(name: string, body: () => T): T;
  /** See `Graph.node`. */
  node<A extends Attributes>(
    operator: Operator<A>,
    inputs: readonly Value[],
    attributes: A,
  ): readonly Value[];
  /** See `Graph.alternative`. */
  alternative(value: Value, other: Value): void;
  /** See `Graph.producerOf`. */
  producerOf(value: Value): Node | undefined;
}

/**
 * Adds a node and gives its first output.
 *
 * @throws {RangeError} When its inputs do not fit; names the node and all
 *   shapes.
 *
 * @example
 * ```ts
 * import { Graph } from "./graph.ts";
 * import { defineOperator } from "./operator.ts";
 * import { apply } from "./value.ts";
 * import { strictEqual } from "node:assert";
 *
 * const floor = defineOperator({ name: "Floor", infer: ([x]) => [x!] });
 * const x = new Graph("example").input("x", "float32", [2]);
 * strictEqual(apply(floor, [x], {}).name, "Floor");
 * ```
 */
export function apply<A extends Attributes>(
  operator: Operator<A>,
  inputs: readonly Value[],
  attributes: A,
): Value {
  return inputs[0]!.graph.node(operator, inputs, attributes)[0]!;
}
