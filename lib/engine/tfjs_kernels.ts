/**
 * All primitive operators on TensorFlow.js. Each kernel runs alike on its
 * WebAssembly and WebGPU backends; what they get wrong, or slow, is left out
 * (docs/engines.md).
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { ElementType, Shape } from "../graph/tensor_type.ts";
import { CLIP, RELU, SIGMOID } from "../graph/operators/activation.ts";
import {
  ADD,
  DIV,
  EXP,
  LOG,
  MAX,
  MIN,
  MUL,
  NEG,
  SQRT,
  SUB,
} from "../graph/operators/arithmetic.ts";
import {
  AND,
  CAST,
  EQUAL,
  GREATER,
  LESS,
  NOT,
  OR,
  WHERE,
} from "../graph/operators/comparison.ts";
import { MAT_MUL } from "../graph/operators/linear.ts";
import { REDUCE_MAX, REDUCE_SUM } from "../graph/operators/reduction.ts";
import {
  CONCAT,
  EXPAND,
  PAD,
  RESHAPE,
  SLICE,
  type SliceAttributes,
  TRANSPOSE,
} from "../graph/operators/shape.ts";
import { IDENTITY } from "../graph/operators/stop_gradient.ts";
import { type Kernel, kernel } from "./tfjs_kernel.ts";
import { WINDOW_KERNELS } from "./tfjs_windows.ts";

/** TensorFlow.js's types of elements; it has no 64 bit. */
export const DATA_TYPES: Readonly<
  Record<ElementType, "float32" | "int32" | "bool">
> = { float32: "float32", int64: "int32", bool: "bool" };

/** Kernels by name of operator. */
export const KERNELS: ReadonlyMap<string, Kernel> = new Map(
  [
    kernel(ADD, ([a, b]) => tf.add(a!, b!)),
    kernel(SUB, ([a, b]) => tf.sub(a!, b!)),
    kernel(MUL, ([a, b]) => tf.mul(a!, b!)),
    kernel(DIV, ([a, b]) => tf.div(a!, b!)),
    kernel(MAX, ([a, b]) => tf.maximum(a!, b!)),
    kernel(MIN, ([a, b]) => tf.minimum(a!, b!)),
    kernel(NEG, ([x]) => tf.neg(x!)),
    kernel(EXP, ([x]) => tf.exp(x!)),
    kernel(LOG, ([x]) => tf.log(x!)),
    kernel(SQRT, ([x]) => tf.sqrt(x!)),
    kernel(RELU, ([x]) => tf.relu(x!)),
    kernel(SIGMOID, ([x]) => tf.sigmoid(x!)),
    kernel(
      CLIP,
      ([x], { attributes: { min, max } }) => tf.clipByValue(x!, min, max),
    ),
    kernel(IDENTITY, ([x]) => tf.clone(x!)),
    kernel(EQUAL, ([a, b]) => tf.equal(a!, b!)),
    kernel(GREATER, ([a, b]) => tf.greater(a!, b!)),
    kernel(LESS, ([a, b]) => tf.less(a!, b!)),
    kernel(AND, ([a, b]) => tf.logicalAnd(a!, b!)),
    kernel(OR, ([a, b]) => tf.logicalOr(a!, b!)),
    kernel(NOT, ([x]) => tf.logicalNot(x!)),
    kernel(WHERE, ([condition, a, b]) => tf.where(condition!, a!, b!)),
    kernel(CAST, ([x], { attributes: { to } }) => cast(x!, to)),
    kernel(MAT_MUL, ([a, b], { output: { shape } }) => matMul(a!, b!, shape)),
    kernel(
      REDUCE_SUM,
      ([x], { attributes: { axes } }) => tf.sum(x!, [...axes], true),
    ),
    kernel(
      REDUCE_MAX,
      ([x], { attributes: { axes } }) => tf.max(x!, [...axes], true),
    ),
    kernel(
      RESHAPE,
      ([x], { attributes: { shape } }) => tf.reshape(x!, [...shape]),
    ),
    kernel(
      TRANSPOSE,
      ([x], { attributes: { perm } }) => tf.transpose(x!, [...perm]),
    ),
    kernel(
      CONCAT,
      (inputs, { attributes: { axis } }) => tf.concat([...inputs], axis),
    ),
    kernel(
      EXPAND,
      ([x], { attributes: { shape } }) => tf.broadcastTo(x!, [...shape]),
    ),
    kernel(PAD, ([x], { attributes: { pads } }) => pad(x!, pads)),
    kernel(
      SLICE,
      ([x], { attributes, output: { shape } }) => slice(x!, attributes, shape),
    ),
    ...WINDOW_KERNELS,
  ].map((each) => [each.name, each]),
);

/** Matrix products; one with a single right matrix is one larger product. */
function matMul(a: tf.Tensor, b: tf.Tensor, shape: Shape): tf.Tensor {
  const [rows, inner] = a.shape.slice(-2) as [number, number];
  const columns = b.shape.at(-1)!;
  if (b.size === inner * columns) {
    const tall = tf.reshape(a, [-1, inner]);
    const product = tf.matMul(tall, tf.reshape(b, [inner, columns]));
    return tf.reshape(product, [...shape]);
  }
  const stack = shape.slice(0, -2);
  const stacked = (x: tf.Tensor, size: [number, number]) =>
    tf.reshape(tf.broadcastTo(x, [...stack, ...size]), [-1, ...size]);
  const product = tf.matMul(
    stacked(a, [rows, inner]),
    stacked(b, [inner, columns]),
  );
  return tf.reshape(product, [...shape]);
}

/** A cast; that of WebAssembly to bool would keep the number. */
function cast(x: tf.Tensor, to: ElementType): tf.Tensor {
  if (to !== "bool" || x.dtype === "bool") return tf.cast(x, DATA_TYPES[to]);
  return tf.notEqual(x, tf.scalar(0, x.dtype as "float32" | "int32"));
}

/** Zeros around a tensor; from 5 axes on, one axis after the other. */
function pad(x: tf.Tensor, pads: readonly number[]): tf.Tensor {
  const around = x.shape.map((_, axis): [number, number] => [
    pads[axis]!,
    pads[axis + x.rank]!,
  ]);
  // The shader of WebGPU does not compile for more.
  if (x.rank <= 4) return tf.pad(x, around);
  return around.reduce((padded, [before, after], axis) => {
    if (before === 0 && after === 0) return padded;
    const { shape } = padded;
    const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const rows = tf.reshape(padded, [-1, shape[axis]!, inner]);
    const size = shape[axis]! + before + after;
    return tf.reshape(
      tf.pad(rows, [[0, 0], [before, after], [0, 0]]),
      [...shape.slice(0, axis), size, ...shape.slice(axis + 1)],
    );
  }, x);
}

/** A slice; a negative step is a positive one through the reversed tensor. */
function slice(
  x: tf.Tensor,
  { starts, axes, steps }: SliceAttributes,
  shape: Shape,
): tf.Tensor {
  const reversed = axes.filter((_, i) => steps[i]! < 0);
  const from = reversed.length === 0 ? x : tf.reverse(x, reversed);
  const begin = x.shape.map(() => 0);
  const strides = x.shape.map(() => 1);
  for (const [i, axis] of axes.entries()) {
    const size = x.shape[axis]!;
    const start = starts[i]! < 0 ? starts[i]! + size : starts[i]!;
    begin[axis] = steps[i]! < 0 ? size - 1 - start : start;
    strides[axis] = Math.abs(steps[i]!);
  }
  if (strides.every((stride) => stride === 1)) {
    return tf.slice(from, begin, [...shape]);
  }
  const end = begin.map((start, axis) =>
    start + (shape[axis]! - 1) * strides[axis]! + 1
  );
  return tf.stridedSlice(from, begin, end, strides);
}
