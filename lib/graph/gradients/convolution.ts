/**
 * Gradients of convolution, built of convolutions and matrix products.
 *
 * @module
 */
import { mul } from "../operators/arithmetic.ts";
import { CONV, type ConvAttributes } from "../operators/convolution.ts";
import { matMul } from "../operators/linear.ts";
import { reduceSum } from "../operators/reduction.ts";
import {
  concat,
  expand,
  flip,
  pad,
  reshape,
  slice,
  transpose,
} from "../operators/shape.ts";
import { apply, type Node, type Value } from "../value.ts";
import { spreadWindows } from "./_spread_windows.ts";
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
 * Not by ConvTranspose, which not all engines have with dilations and groups. A 1 × 1 kernel spreads its result, which is the same in
 * fewer products.
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
  const axes = [2, 3].filter((axis) => weight.shape[axis] !== 1);
  const flipped = axes.length === 0 ? weight : flip(weight, axes);
  if (depth === 1 && perGroup === 1) return flipped;
  if (group === 1) return transpose(flipped, [1, 0, 2, 3]);
  const taps = height! * width!;
  const grouped = reshape(flipped, [group, perGroup, depth!, taps]);
  const exchanged = transpose(grouped, [0, 2, 1, 3]);
  return reshape(exchanged, [channels, perGroup, height!, width!]);
}

/**
 * ∂loss/∂w: for each tap, the products of g with what that tap saw.
 *
 *   ∂w[o, c, i, j] = Σ_nuv g[n, o, u, v] · x[n, c, s·u + d·i, s·v + d·j]
 */
function weightGradient(node: Node<ConvAttributes>, g: Value): Value {
  const { inputs: [x, weight], attributes } = node;
  const { pads: [top, left, bottom, right], group } = attributes;
  const [filters, depth, height, width] = weight!.shape;
  const isPadded = attributes.pads.some((count) => count > 0);
  const padded = isPadded
    ? pad(x!, [0, 0, top!, left!, 0, 0, bottom!, right!])
    : x!;
  const isDepthwise = depth === 1 && filters === group;
  const ofTap = isDepthwise
    ? depthwiseTaps(node, { padded, g })
    : denseTaps(node, { padded, g });
  const gradients: Value[] = [];
  for (let i = 0; i < height!; i++) {
    for (let j = 0; j < width!; j++) {
      gradients.push(reshape(ofTap(i, j), [1, filters!, depth!]));
    }
  }
  const stacked = gradients.length === 1
    ? gradients[0]!
    : transpose(concat(gradients, 0), [1, 2, 0]);
  return reshape(stacked, weight!.shape);
}

/** A gradient of one tap, by its row and column in the kernel. */
type OfTap = (i: number, j: number) => Value;

/** Each channel is its own: products by element, then their sum. */
function depthwiseTaps(
  node: Node<ConvAttributes>,
  { padded, g }: { padded: Value; g: Value },
): OfTap {
  return (i, j) => {
    const seen = seenByTap(node, { padded, axis: 2, tap: [i, j] });
    return reduceSum(mul(g, seen), [0, 2, 3]);
  };
}

/**
 * Matrix products `[g, Co/g, N·P] · [g, N·P, Ci/g]`. Channels are moved last
 * once, so that each tap's part of the input is in whole rows.
 */
function denseTaps(
  node: Node<ConvAttributes>,
  { padded, g }: { padded: Value; g: Value },
): OfTap {
  const { inputs: [, weight], attributes: { group } } = node;
  const [filters, depth] = weight!.shape;
  const [batch, , height, width] = padded.shape;
  const [, , rows, columns] = g.shape;
  const perGroup = filters! / group;
  const places = rows! * columns!;
  const outer = reshape(
    transpose(reshape(g, [batch!, group, perGroup, places]), [1, 2, 0, 3]),
    [group, perGroup, batch! * places],
  );
  const area = height! * width!;
  const channelsLast = reshape(
    transpose(reshape(padded, [batch!, group, depth!, area]), [1, 0, 3, 2]),
    [group * batch!, height!, width!, depth!],
  );
  return (i, j) => {
    if (!meetsInput(node, [i, j])) {
      return expand(g.graph.scalar(0), [group, perGroup, depth!]);
    }
    const input = { padded: channelsLast, axis: 1, tap: [i, j] };
    const seen = seenByTap(node, input);
    const inner = reshape(seen, [group, batch! * places, depth!]);
    return matMul(outer, inner);
  };
}

/** Whether a tap ever sees more than padding; a large dilation's may not. */
function meetsInput(
  { inputs: [x], outputs: [y], attributes }: Node<ConvAttributes>,
  tap: readonly number[],
): boolean {
  const { strides, pads, dilations } = attributes;
  return [0, 1].every((side) => {
    const first = dilations[side]! * tap[side]! - pads[side]!;
    const count = y!.shape[side + 2]!;
    return Array.from({ length: count }, (_, u) => first + strides[side]! * u)
      .some((at) => at >= 0 && at < x!.shape[side + 2]!);
  });
}

/**
 * The cells of the padded input that a tap saw, one for each output cell.
 *
 * @param input `axis`: that of rows; columns are next.
 */
function seenByTap(
  { outputs: [y], attributes }: Node<ConvAttributes>,
  { padded, axis, tap }: {
    padded: Value;
    axis: number;
    tap: readonly number[];
  },
): Value {
  return [0, 1].reduce((seen, side) => {
    const start = attributes.dilations[side]! * tap[side]!;
    const step = attributes.strides[side]!;
    const end = start + step * (y!.shape[side + 2]! - 1) + 1;
    if (start === 0 && end === seen.shape[axis + side] && step === 1) {
      return seen;
    }
    return slice(seen, { axis: axis + side, start, end, step });
  }, padded);
}
