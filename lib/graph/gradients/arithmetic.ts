/**
 * Gradients of arithmetic, activations, reductions and choices by element.
 *
 * In formulas g is ∂loss/∂y of the output y; `sumTo` undoes broadcasting.
 *
 * @module
 */
import { CLIP, RELU, SIGMOID } from "../operators/activation.ts";
import {
  ADD,
  add,
  DIV,
  div,
  EXP,
  LOG,
  MAX,
  MIN,
  MUL,
  mul,
  NEG,
  neg,
  SQRT,
  SUB,
  sub,
} from "../operators/arithmetic.ts";
import {
  and,
  cast,
  equal,
  greater,
  less,
  WHERE,
  where,
} from "../operators/comparison.ts";
import {
  REDUCE_MAX,
  REDUCE_SUM,
  type ReduceAttributes,
  reduceSum,
  sumTo,
} from "../operators/reduction.ts";
import { expand } from "../operators/shape.ts";
import type { Node, Value } from "../value.ts";
import { type GradientRule, gradientRule } from "./gradient_rule.ts";

/** Rules of the operators of arithmetic, activation, reduction and Where. */
export const ARITHMETIC_RULES: readonly GradientRule[] = [
  gradientRule(ADD, ({ inputs: [a, b] }, g) => [
    () => sumTo(g, a!.shape),
    () => sumTo(g, b!.shape),
  ]),
  gradientRule(SUB, ({ inputs: [a, b] }, g) => [
    () => sumTo(g, a!.shape),
    () => neg(sumTo(g, b!.shape)),
  ]),
  gradientRule(MUL, ({ inputs: [a, b] }, g) => [
    () => sumTo(mul(g, b!), a!.shape),
    () => sumTo(mul(g, a!), b!.shape),
  ]),
  // ∂(a/b)/∂b = −a/b² = −y/b
  gradientRule(DIV, ({ inputs: [a, b], outputs: [y] }, g) => [
    () => sumTo(div(g, b!), a!.shape),
    () => neg(sumTo(div(mul(g, y!), b!), b!.shape)),
  ]),
  gradientRule(MAX, ({ inputs: [a, b] }, g) => [
    () => sumTo(mul(g, shareOf(a!, b!)), a!.shape),
    () => sumTo(mul(g, shareOf(b!, a!)), b!.shape),
  ]),
  gradientRule(MIN, ({ inputs: [a, b] }, g) => [
    () => sumTo(mul(g, shareOf(b!, a!)), a!.shape),
    () => sumTo(mul(g, shareOf(a!, b!)), b!.shape),
  ]),
  gradientRule(NEG, (_, g) => [() => neg(g)]),
  gradientRule(EXP, ({ outputs: [y] }, g) => [() => mul(g, y!)]),
  gradientRule(LOG, ({ inputs: [x] }, g) => [() => div(g, x!)]),
  // 1 / (2√x)
  gradientRule(SQRT, ({ outputs: [y] }, g) => [
    () => div(mul(g, g.graph.scalar(0.5)), y!),
  ]),
  gradientRule(RELU, ({ outputs: [y] }, g) => {
    const zero = g.graph.scalar(0);
    return [() => where(greater(y!, zero), g, zero)];
  }),
  gradientRule(CLIP, ({ outputs: [y], attributes: { min, max } }, g) => {
    const [low, high] = [g.graph.scalar(min), g.graph.scalar(max)];
    const isBetween = () => and(greater(y!, low), less(y!, high));
    return [() => where(isBetween(), g, g.graph.scalar(0))];
  }),
  // y·(1 − y)
  gradientRule(SIGMOID, ({ outputs: [y] }, g) => [
    () => mul(g, mul(y!, sub(g.graph.scalar(1), y!))),
  ]),
  gradientRule(WHERE, ({ inputs: [condition, a, b] }, g) => {
    const zero = g.graph.scalar(0);
    return [
      null,
      () => sumTo(where(condition!, g, zero), a!.shape),
      () => sumTo(where(condition!, zero, g), b!.shape),
    ];
  }),
  gradientRule(REDUCE_SUM, ({ inputs: [x] }, g) => [
    () => expand(g, x!.shape),
  ]),
  gradientRule(REDUCE_MAX, (node, g) => [() => maximumGradient(node, g)]),
];

/** 1 where a > b, ½ where a = b, else 0: what `a` gets of max(a, b)'s gradient. */
function shareOf(a: Value, b: Value): Value {
  const half = a.graph.scalar(0.5);
  const ofTie = mul(cast(equal(a, b), "float32"), half);
  return add(cast(greater(a, b), "float32"), ofTie);
}

/** Equal maxima share the gradient: g · [x = y] / |{x = y}|. */
function maximumGradient(
  { inputs: [x], outputs: [y], attributes: { axes } }: Node<ReduceAttributes>,
  g: Value,
): Value {
  const isMaximum = cast(equal(x!, y!), "float32");
  return mul(isMaximum, div(g, reduceSum(isMaximum, axes)));
}
