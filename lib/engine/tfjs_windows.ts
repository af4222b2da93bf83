/**
 * Convolution and pooling on TensorFlow.js, whose images are channels-last:
 * each is transposed to `[N, H, W, C]` and back.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { CONV, type ConvAttributes } from "../graph/operators/convolution.ts";
import { AVERAGE_POOL, MAX_POOL } from "../graph/operators/pooling.ts";
import { type Kernel, kernel } from "./tfjs_kernel.ts";

type Pair = [number, number];
type Padding = [Pair, Pair, Pair, Pair];
type Size = [number, number, number, number];

/** Kernels of Conv, MaxPool and AveragePool. */
export const WINDOW_KERNELS: readonly Kernel[] = [
  kernel(CONV, ([x, weight, bias], { attributes }) => {
    const images = channelsLast(x!);
    const convolved = convolve(images, weight as tf.Tensor4D, attributes);
    return channelsFirst(bias ? tf.add(convolved, bias) : convolved);
  }),
  kernel(
    MAX_POOL,
    ([x], { attributes: { kernelShape, strides, pads } }) =>
      channelsFirst(tf.maxPool(
        channelsLast(x!),
        pair(kernelShape),
        pair(strides),
        padding(pads),
      )),
  ),
  kernel(AVERAGE_POOL, ([x], { attributes: { kernelShape, strides, pads } }) =>
    // Its own padding is left out of the mean.
    channelsFirst(tf.avgPool(
      tf.pad(channelsLast(x!), padding(pads)),
      pair(kernelShape),
      pair(strides),
      "valid",
    ))),
];

function channelsLast(x: tf.Tensor): tf.Tensor4D {
  return tf.transpose(x as tf.Tensor4D, [0, 2, 3, 1]);
}

function channelsFirst(x: tf.Tensor): tf.Tensor4D {
  return tf.transpose(x as tf.Tensor4D, [0, 3, 1, 2]);
}

function pair(values: readonly number[]): Pair {
  return [values[0]!, values[1]!];
}

/** ONNX's `[top, left, bottom, right]` for images that are channels-last. */
function padding([top, left, bottom, right]: readonly number[]): Padding {
  return [[0, 0], [top!, bottom!], [left!, right!], [0, 0]];
}

function convolve(
  images: tf.Tensor4D,
  weight: tf.Tensor4D,
  attributes: ConvAttributes,
): tf.Tensor4D {
  const { group } = attributes;
  const strides = pair(attributes.strides);
  const pads = padding(attributes.pads);
  let dilations = pair(attributes.dilations);
  let taps = weight;
  if (strides.some((stride) => stride > 1)) {
    // TensorFlow.js has either strides or dilations.
    taps = dilated(weight, dilations);
    dilations = [1, 1];
  }
  const [filters, depth, height, width] = taps.shape;
  if (group > 1 && depth === 1) {
    const shape: Size = [group, filters / group, height, width];
    const perChannel: tf.Tensor4D = tf.reshape(taps, shape);
    const filter: tf.Tensor4D = tf.transpose(perChannel, [2, 3, 0, 1]);
    return tf.depthwiseConv2d(images, filter, strides, pads, "NHWC", dilations);
  }
  const filter: tf.Tensor4D = tf.transpose(taps, [2, 3, 1, 0]);
  const one = (part: tf.Tensor4D, filter: tf.Tensor4D) =>
    tf.conv2d(part, filter, strides, pads, "NHWC", dilations);
  if (group === 1) return one(images, filter);
  const filterParts: tf.Tensor4D[] = tf.split(filter, group, 3);
  const parts: tf.Tensor4D[] = tf.split(images, group, 3);
  return tf.concat(parts.map((part, i) => one(part, filterParts[i]!)), 3);
}

/** Weights `[Co, Ci, kh, kw]` with zeros between their taps. */
function dilated(weight: tf.Tensor4D, dilations: Pair): tf.Tensor4D {
  return [2, 3].reduce((taps, axis) => {
    const dilation = dilations[axis - 2]!;
    const size = taps.shape[axis]!;
    if (dilation === 1 || size === 1) return taps;
    const before = taps.shape.slice(0, axis).reduce((a, b) => a * b, 1);
    const after = taps.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const apart = tf.pad(tf.reshape(taps, [before * size, 1, after]), [
      [0, 0],
      [0, dilation - 1],
      [0, 0],
    ]);
    const shape = [...taps.shape];
    shape[axis] = size * dilation;
    const spread = tf.reshape(apart, shape);
    shape[axis] = (size - 1) * dilation + 1;
    return tf.slice(spread, [0, 0, 0, 0], shape) as tf.Tensor4D;
  }, weight);
}
