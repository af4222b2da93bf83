/**
 * What a rule of differentiation is: how the gradient of an operator's output
 * becomes those of its inputs.
 *
 * @module
 */
import type { Attributes, Operator } from "../operator.ts";
import type { Node, Value } from "../value.ts";

/**
 * For each input of a node, what adds the nodes of ∂loss/∂input and is called
 * only if that is wanted; null where no gradient goes through.
 *
 * @param outer ∂loss/∂output, of the shape of the node's only output.
 */
export type Rule<A extends Attributes = Attributes> = (
  node: Node<A>,
  outer: Value,
) => readonly ((() => Value) | null)[];

/** An operator and its rule. */
export type GradientRule = readonly [Operator, Rule];

/**
 * The rule of an operator, whose attributes it knows.
 *
 * @example
 * ```ts
 * import { gradientRule } from "./gradient_rule.ts";
 * import { NEG, neg } from "../operators/arithmetic.ts";
 * import { strictEqual } from "node:assert";
 *
 * const [operator] = gradientRule(NEG, (_, outer) => [() => neg(outer)]);
 * strictEqual(operator.name, "Neg");
 * ```
 */
export function gradientRule<A extends Attributes>(
  operator: Operator<A>,
  rule: Rule<A>,
): GradientRule {
  // A rule only ever sees nodes of its operator.
  return [operator, rule as unknown as Rule];
}
