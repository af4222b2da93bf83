/**
 * Gradients of convolution, built of convolutions and matrix products.
 *
 * @module
 */
import { CONV, type ConvAttributes } from "../operators/convolution.ts";
import { reduceSum } from "../operators/reduction.ts";
import { flip, reshape, transpose } from "../operators/shape.ts";
import { apply, type Node, type Value } from "../value.ts";
import { spreadWindows } from "./_spread_windows.ts";
import { weightGradient } from "./_convolution_weight.ts";
import { type GradientRule, gradientRule } from "./gradient_rule.ts";

/** Rule of Conv. */
export const CONVOLUTION_RULES: readonly GradientRule[] = [
  gradientRule(CONV, (node, g) => [
    () => inputGradient(node, g),
    () => weightGradient(node, g),
    () => reshape(reduceSum(g, [0, 2, 3]), node.inputs[2]!.shape),
  ]),
];

/**
 * ∂loss/∂x: the convolution of g, spread by the stride, with the weights, their
 * channels swapped and their taps in reverse order.
 *
 *   ∂x[i] = Σ_u Σ_t w[t] · g[u] where stride·u + dilation·t − pad = i
 *
 * Not by ConvTranspose, which not all engines have with dilations and groups.
 * A 1 × 1 kernel spreads its result, which is the same in fewer products.
 */
function inputGradient(
  { inputs: [x, weight], attributes }: Node<ConvAttributes>,
  g: Value,
): Value {
  const { strides, pads, dilations, group } = attributes;
  const size = x!.shape.slice(2);
  const reach = weight!.shape.slice(2)
    .map((taps, side) => dilations[side]! * (taps - 1));
  const turned = swapped(weight!, group);
  const convolved = (outer: Value, pads: readonly number[]) =>
    apply(CONV, [outer, turned], { strides: [1, 1], pads, dilations, group });
  const windows = { size, reach, strides, pads };
  if (reach.every((cells) => cells === 0)) {
    return spreadWindows(convolved(g, [0, 0, 0, 0]), windows).spreadG;
  }
  const { spreadG, pads: newPads } = spreadWindows(g, windows);
  return convolved(spreadG, newPads);
}

/** `[Co, Ci/g, kh, kw]` as `[Ci, Co/g, kh, kw]`, taps in reverse order. */
function swapped(weight: Value, group: number): Value {
  const [filters, depth, height, width] = weight.shape;
  const perGroup = filters! / group;
  const channels = depth! * group;
  const taps = height! * width!;
  const flipped = taps === 1 ? weight : reshape(
    flip(reshape(weight, [filters!, depth!, taps]), [2]),
    weight.shape,
  );
  if (depth === 1 && perGroup === 1) return flipped;
  if (group === 1) return transpose(flipped, [1, 0, 2, 3]);
  const grouped = reshape(flipped, [group, perGroup, depth!, taps]);
  const exchanged = transpose(grouped, [0, 2, 1, 3]);
  return reshape(exchanged, [channels, perGroup, height!, width!]);
}
