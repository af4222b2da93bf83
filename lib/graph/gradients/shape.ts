/**
 * Gradients of operators that move, repeat or leave out elements.
 *
 * @module
 */
import { place, spread } from "../operators/interleave.ts";
import { sumTo } from "../operators/reduction.ts";
import {
  CONCAT,
  EXPAND,
  flip,
  PAD,
  RESHAPE,
  reshape,
  SLICE,
  slice,
  type SliceAttributes,
  TRANSPOSE,
  transpose,
} from "../operators/shape.ts";
import type { Node, Value } from "../value.ts";
import { type GradientRule, gradientRule } from "./gradient_rule.ts";

/** Rules of Reshape, Transpose, Concat, Slice, Pad and Expand. */
export const SHAPE_RULES: readonly GradientRule[] = [
  gradientRule(RESHAPE, ({ inputs: [x] }, g) => [() => reshape(g, x!.shape)]),
  gradientRule(TRANSPOSE, ({ attributes: { perm } }, g) => [
    () => transpose(g, perm.map((_, axis) => perm.indexOf(axis))),
  ]),
  gradientRule(CONCAT, ({ inputs, attributes: { axis } }, g) => {
    let end = 0;
    return inputs.map(({ shape }) => {
      const start = end;
      end += shape[axis]!;
      const part = { axis, start, end };
      return () => slice(g, part);
    });
  }),
  gradientRule(SLICE, (node, g) => [() => sliceGradient(node, g)]),
  gradientRule(PAD, ({ inputs: [x], attributes: { pads } }, g) => [
    () =>
      x!.shape.reduce((inside, size, axis) => {
        const start = -pads[axis]!;
        return place(inside, { axis, start, size });
      }, g),
  ]),
  gradientRule(EXPAND, ({ inputs: [x] }, g) => [() => sumTo(g, x!.shape)]),
];

/** Each element's gradient back where it came from, zeros elsewhere. */
function sliceGradient(
  { inputs: [x], attributes }: Node<SliceAttributes>,
  g: Value,
): Value {
  const { starts, axes, steps } = attributes;
  return axes.reduce((placed, axis, i) => {
    const size = x!.shape[axis]!;
    const first = starts[i]! < 0 ? starts[i]! + size : starts[i]!;
    const step = steps[i]!;
    const start = step > 0 ? first : first + step * (placed.shape[axis]! - 1);
    const ascending = step > 0 ? placed : flip(placed, [axis]);
    const apart = spread(ascending, { axis, stride: Math.abs(step) });
    return place(apart, { axis, start, size });
  }, g);
}
