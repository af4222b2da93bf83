/**
 * Matrix products.
 *
 * @module
 */
import { defineOperator, type Operator } from "../operator.ts";
import { apply, formatShape, type Value } from "../value.ts";
import { assertTypes, broadcastShapes } from "./_infer.ts";

/** ONNX MatMul, of matrices and stacks of them. */
export const MAT_MUL: Operator<Record<never, never>> = defineOperator({
  name: "MatMul",
  infer([a, b]) {
    assertTypes([a!, b!], "float32");
    const [rows, inner] = a!.shape.slice(-2);
    const [innerB, columns] = b!.shape.slice(-2);
    if (columns === undefined || inner === undefined || inner !== innerB) {
      throw new RangeError(
        `its inputs must be matrices [M, K] and [K, N] or stacks of them: ` +
          `they are ${formatShape(a!.shape)} and ${formatShape(b!.shape)}`,
      );
    }
    const stack = broadcastShapes(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
    return [{ type: "float32", shape: [...stack, rows!, columns] }];
  },
});

/**
 * c_mn = Σ_k a_mk · b_kn of matrices, or of each in stacks, whose leading axes
 * broadcast.
 *
 * @param a float32 `[…, M, K]`.
 * @param b float32 `[…, K, N]`.
 * @returns float32 `[…, M, N]`.
 * @throws {RangeError} When they do not fit.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { matMul } from "./linear.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const a = graph.input("a", "float32", [8, 2, 3]);
 * const b = graph.input("b", "float32", [3, 4]);
 * deepStrictEqual(matMul(a, b).shape, [8, 2, 4]);
 * ```
 */
export function matMul(a: Value, b: Value): Value {
  return apply(MAT_MUL, [a, b], {});
}
