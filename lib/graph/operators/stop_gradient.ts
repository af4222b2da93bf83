/**
 * A value that gradients take for a constant.
 *
 * @module
 */
import { defineOperator, type Operator } from "../operator.ts";
import { apply, type Value } from "../value.ts";

/** ONNX Identity: the node at which gradients stop, as it has no gradient rule. */
export const IDENTITY: Operator<Record<never, never>> = defineOperator({
  name: "Identity",
  infer: ([x]) => [x!],
});

/**
 * The same tensor, but no gradient goes through it.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { stopGradient } from "./stop_gradient.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const x = new Graph("example").input("x", "float32", [2, 3]);
 * deepStrictEqual(stopGradient(x).shape, [2, 3]);
 * ```
 */
export function stopGradient(x: Value): Value {
  return apply(IDENTITY, [x], {});
}
