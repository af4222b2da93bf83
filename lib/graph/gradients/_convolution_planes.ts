/**
 * Another way to the gradient of a depthwise convolution's weights.
 *
 * @module
 */
import { CONV, type ConvAttributes } from "../operators/convolution.ts";
import { place } from "../operators/interleave.ts";
import { reduceSum } from "../operators/reduction.ts";
import { reshape } from "../operators/shape.ts";
import { apply, type Node, type Value } from "../value.ts";

/**
 * ∂loss/∂w of a depthwise convolution, as the convolution of each plane of the
 * input with the plane of g, in which strides and dilations change places:
 *
 *   ∂w[c, i, j] = Σ_n Σ_uv g[n, c, u, v] · x[n, c, s·u + d·i, s·v + d·j]
 *
 * Fast where kernels may be as large as pictures, as those in channel blocks.
 */
export function depthwiseByPlanes(
  node: Node<ConvAttributes>,
  g: Value,
): Value {
  const [x, weight] = node.inputs as [Value, Value];
  const { pads, strides, dilations } = node.attributes;
  const [batch, channels] = x.shape as [number, number];
  const planes = batch * channels;
  const kernel = weight.shape.slice(2);
  const after = kernel.map((taps, side) => {
    const reach = strides[side]! * (g.shape[side + 2]! - 1) +
      dilations[side]! * (taps - 1) + 1;
    return Math.max(0, reach - x.shape[side + 2]! - pads[side]!);
  });
  const convolved = apply(CONV, [
    reshape(x, [1, planes, ...x.shape.slice(2)]),
    reshape(g, [planes, 1, ...g.shape.slice(2)]),
  ], {
    strides: dilations,
    pads: [pads[0]!, pads[1]!, ...after],
    dilations: strides,
    group: planes,
  });
  // Input cells that no window saw make for more taps than there are.
  const taps = kernel.reduce(
    (rest, size, side) => place(rest, { axis: side + 2, start: 0, size }),
    convolved,
  );
  const ofImages = reshape(taps, [batch, channels, ...kernel]);
  return reshape(reduceSum(ofImages, [0]), weight.shape);
}
