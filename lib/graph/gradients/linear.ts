/**
 * Gradients of matrix products.
 *
 * @module
 */
import { MAT_MUL, matMul } from "../operators/linear.ts";
import { sumTo } from "../operators/reduction.ts";
import { transpose } from "../operators/shape.ts";
import type { Value } from "../value.ts";
import { type GradientRule, gradientRule } from "./gradient_rule.ts";

/** Rule of MatMul: ∂/∂a = g · bᵀ, ∂/∂b = aᵀ · g, summed over repeated stacks. */
export const LINEAR_RULES: readonly GradientRule[] = [
  gradientRule(MAT_MUL, ({ inputs: [a, b] }, g) => [
    () => sumTo(matMul(g, transposed(b!)), a!.shape),
    () => sumTo(matMul(transposed(a!), g), b!.shape),
  ]),
];

/** Each matrix of a stack transposed. */
function transposed(x: Value): Value {
  const rank = x.shape.length;
  const stack = Array.from({ length: rank - 2 }, (_, axis) => axis);
  return transpose(x, [...stack, rank - 1, rank - 2]);
}
