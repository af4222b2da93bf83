/**
 * The rules of differentiation of all operators. One that has none stops
 * gradients: comparisons, logic, casts and Identity.
 *
 * @module
 */
import type { Operator } from "../operator.ts";
import { ARITHMETIC_RULES } from "./arithmetic.ts";
import { CONVOLUTION_RULES } from "./convolution.ts";
import type { Rule } from "./gradient_rule.ts";
import { LINEAR_RULES } from "./linear.ts";
import { POOLING_RULES } from "./pooling.ts";
import { SHAPE_RULES } from "./shape.ts";

/** Each operator's rule. */
export const RULES: ReadonlyMap<Operator, Rule> = new Map([
  ...ARITHMETIC_RULES,
  ...CONVOLUTION_RULES,
  ...LINEAR_RULES,
  ...POOLING_RULES,
  ...SHAPE_RULES,
]);
