/**
 * The gradient of a convolution's weights: for each tap, the products of the
 * outer gradient g with what that tap saw of the input.
 *
 *   ∂w[o, c, i, j] = Σ_nuv g[n, o, u, v] · x[n, c, s·u + d·i, s·v + d·j]
 *
 * Three ways to arrange these sums as few and large matrix products over as
 * little copied memory as may be; docs/performance.md has what each takes.
 *
 * @module
 */
import { mul } from "../operators/arithmetic.ts";
import type { ConvAttributes } from "../operators/convolution.ts";
import { matMul } from "../operators/linear.ts";
import { reduceSum } from "../operators/reduction.ts";
import {
  concat,
  expand,
  pad,
  reshape,
  SLICE,
  slice,
  transpose,
} from "../operators/shape.ts";
import { apply, type Node, type Value } from "../value.ts";
import { depthwiseByPlanes } from "./_convolution_planes.ts";

/** A convolution's node and ∂loss/∂y. */
interface Convolved {
  readonly node: Node<ConvAttributes>;
  readonly g: Value;
}

/** ∂loss/∂w, in the weight's shape. */
export function weightGradient(node: Node<ConvAttributes>, g: Value): Value {
  const found = ofProducts(node, g);
  if (isDepthwise(node) && node.attributes.group > 1) {
    g.graph.alternative(found, depthwiseByPlanes(node, g));
  }
  return found;
}

function ofProducts(node: Node<ConvAttributes>, g: Value): Value {
  const [x, weight] = node.inputs as [Value, Value];
  const [filters, depth] = weight.shape as [number, number];
  const { strides, group } = node.attributes;
  const convolved = { node, g };
  if (group === 1 && 16 * depth <= 5 * filters && tapsOf(node).length > 1) {
    return ofColumns(convolved);
  }
  const isShiftable = strides.every((stride) => stride === 1) &&
    tapsOf(node).length > 1 && seenShare(node) >= 0.5;
  if (!isShiftable) return ofOverlaps(convolved);
  const shifted = shiftedBoth(convolved);
  return group === 1
    ? ofShifted(convolved, shifted)
    : stackTaps(convolved, ([i, j]) => {
      const size = [x.shape[2]!, g.shape[3]!];
      const [outer, inner] = [shifted.rows[i!]!, shifted.columns[j!]!];
      return productSums(convolved, { outer, inner, size });
    });
}

/**
 * Few input channels: the input once for each tap, in one product with g. Of
 * narrow inputs that is less than what the other ways copy of a wide g.
 */
function ofColumns({ node, g }: Convolved): Value {
  const [x, weight] = node.inputs as [Value, Value];
  const [filters, depth] = weight.shape as [number, number];
  const { pads, strides, dilations } = node.attributes;
  const padded = pads.some((count) => count > 0)
    ? pad(x, [0, 0, ...pads.slice(0, 2), 0, 0, ...pads.slice(2)])
    : x;
  const [batch, , rows, columns] = g.shape as [number, number, number, number];
  const ofTaps = tapsOf(node).map((tap) => {
    const cells = [0, 1].map((side) => ({
      start: dilations[side]! * tap[side]!,
      count: g.shape[side + 2]!,
      step: strides[side]!,
    }));
    return cut(padded, cells);
  });
  const [taps, places] = [ofTaps.length, rows * columns];
  const seen = reshape(concat(ofTaps, 1), [batch, taps * depth, places]);
  const outer = reshape(g, [batch, filters, places]);
  const sums = reduceSum(matMul(seen, swapped(outer)), [0]);
  const byTap = reshape(sums, [taps, depth, filters]);
  return reshape(transpose(byTap, [2, 1, 0]), weight.shape);
}

/**
 * Stride 1: tap (i, j) meets input cell (h, w) with g's cell (h − i, w − j). The
 * input is shifted by columns only and g by rows only, so that 3 + 3 copies
 * serve 9 taps; rows of all of g's shifts make one product per column of taps.
 */
function ofShifted(
  { node, g }: Convolved,
  { rows, columns }: Shifted,
): Value {
  const [x, weight] = node.inputs as [Value, Value];
  const [filters, depth, height, width] = weight.shape as number[];
  const batch = x.shape[0]!;
  const places = x.shape[2]! * g.shape[3]!;
  const flat = (each: Value) => reshape(each, [batch, each.shape[1]!, places]);
  const outer = flat(concat(rows, 1));
  const products = columns.map((inner) =>
    reshape(
      matMul(outer, swapped(flat(inner))),
      [batch, height!, 1, filters! * depth!],
    )
  );
  const sums = reduceSum(concat(products, 2), [0]);
  return fromTaps(reshape(sums, [height! * width!, filters! * depth!]), weight);
}

/** See {@link ofShifted}: g by row of taps, the input by column of taps. */
interface Shifted {
  readonly rows: readonly Value[];
  readonly columns: readonly Value[];
}

function shiftedBoth({ node, g }: Convolved): Shifted {
  const [x, weight] = node.inputs as [Value, Value];
  const { pads: [top, left], dilations } = node.attributes;
  const [, , height, width] = weight.shape;
  const tapsOfAxis = (taps: number) =>
    Array.from({ length: taps }, (_, t) => t);
  const rows = tapsOfAxis(height!).map((i) => top! - dilations[0]! * i);
  const columns = tapsOfAxis(width!).map((j) => dilations[1]! * j - left!);
  return {
    rows: shifts(g, { axis: 2, starts: rows, size: x.shape[2]! }),
    columns: shifts(x, { axis: 3, starts: columns, size: g.shape[3]! }),
  };
}

/** Parts of an axis from each start, zeros where there is nothing. */
function shifts(
  x: Value,
  { axis, starts, size }: { axis: number; starts: number[]; size: number },
): Value[] {
  const length = x.shape[axis]!;
  const before = Math.max(0, -Math.min(...starts));
  const after = Math.max(0, Math.max(...starts) + size - length);
  const pads = new Array<number>(2 * x.shape.length).fill(0);
  pads[axis] = before;
  pads[x.shape.length + axis] = after;
  const padded = before + after === 0 ? x : pad(x, pads);
  return starts.map((start) => {
    if (start === 0 && size === length) return x;
    const from = start + before;
    return slice(padded, { axis, start: from, end: from + size });
  });
}

/**
 * Any convolution: of each tap, only the cells of g and of the input that meet.
 * Of a large dilation most meet padding.
 */
function ofOverlaps(convolved: Convolved): Value {
  const { node, g } = convolved;
  const x = node.inputs[0]!;
  const [filters, depth] = node.inputs[1]!.shape;
  const { strides } = node.attributes;
  return stackTaps(convolved, (tap) => {
    const met = [0, 1].map((side) => meeting(node, side, tap[side]!));
    if (met.some(({ count }) => count === 0)) {
      return expand(g.graph.scalar(0), [1, filters! * depth!]);
    }
    const outer = met.map(({ output: start, count }) => ({ start, count }));
    const inner = met.map(({ input: start, count }, side) => ({
      start,
      count,
      step: strides[side]!,
    }));
    return productSums(convolved, {
      outer: cut(g, outer),
      inner: cut(x, inner),
      size: met.map(({ count }) => count),
    });
  });
}

/** Cells of the last two axes. */
interface Cells {
  readonly start: number;
  readonly count: number;
  readonly step?: number;
}

/** A part of the last two of four axes; all of it is the tensor itself. */
function cut(x: Value, cells: readonly Cells[]): Value {
  const steps = cells.map(({ step }) => step ?? 1);
  const starts = cells.map(({ start }) => start);
  const ends = cells.map(({ start, count }, side) =>
    start + steps[side]! * (count - 1) + 1
  );
  const isAll = cells.every(({ start, count }, side) =>
    start === 0 && count === x.shape[side + 2]
  );
  return isAll ? x : apply(SLICE, [x], { starts, ends, axes: [2, 3], steps });
}

/**
 * Outputs u of an axis that a tap links with an input cell s·u + d·tap − pad:
 * `count` from `output` on, with inputs from `input` on.
 */
function meeting(
  { inputs: [x], outputs: [y], attributes }: Node<ConvAttributes>,
  side: number,
  tap: number,
): { input: number; output: number; count: number } {
  const stride = attributes.strides[side]!;
  const offset = attributes.dilations[side]! * tap - attributes.pads[side]!;
  const output = Math.max(0, Math.ceil(-offset / stride));
  const last = Math.floor((x!.shape[side + 2]! - 1 - offset) / stride);
  const end = Math.min(y!.shape[side + 2]!, last + 1);
  const input = stride * output + offset;
  return { input, output, count: Math.max(0, end - output) };
}

/** Which share of the cells that taps look at is not padding. */
function seenShare(node: Node<ConvAttributes>): number {
  const { inputs: [, weight], outputs: [y] } = node;
  return [0, 1].reduce((share, side) => {
    const taps = weight!.shape[side + 2]!;
    let count = 0;
    for (let t = 0; t < taps; t++) count += meeting(node, side, t).count;
    return share * count / (taps * y!.shape[side + 2]!);
  }, 1);
}

/**
 * Σ over batch and places of g · x for all pairs of channels of a group,
 * `[1, Co · Ci/g]`; depthwise, without a matrix product.
 */
function productSums(
  { node }: Convolved,
  { outer, inner, size }: {
    outer: Value;
    inner: Value;
    size: readonly number[];
  },
): Value {
  const [x, weight] = node.inputs as [Value, Value];
  const { group } = node.attributes;
  const [filters, depth] = weight.shape as [number, number];
  const row = [1, filters * depth];
  if (isDepthwise(node)) {
    return reshape(reduceSum(mul(outer, inner), [0, 2, 3]), row);
  }
  const places = size[0]! * size[1]!;
  const grouped = (each: Value, channels: number) =>
    reshape(
      each,
      group === 1
        ? [x.shape[0]!, channels, places]
        : [x.shape[0]!, group, channels, places],
    );
  const a = grouped(outer, filters / group);
  const b = grouped(inner, depth);
  return reshape(reduceSum(matMul(a, swapped(b)), [0]), row);
}

function isDepthwise({ inputs: [, w], attributes }: Node<ConvAttributes>) {
  return w!.shape[1] === 1 && w!.shape[0] === attributes.group;
}

/** The weight's gradient from one `[1, Co · Ci/g]` for each tap. */
function stackTaps(
  { node }: Convolved,
  ofTap: (tap: readonly number[]) => Value,
): Value {
  const rows = tapsOf(node).map(ofTap);
  const stacked = rows.length === 1 ? rows[0]! : concat(rows, 0);
  return fromTaps(stacked, node.inputs[1]!);
}

/** `[kh · kw, Co · Ci/g]` as the weight's `[Co, Ci/g, kh, kw]`. */
function fromTaps(byTap: Value, weight: Value): Value {
  const isOne = byTap.shape[0] === 1;
  return reshape(isOne ? byTap : transpose(byTap, [1, 0]), weight.shape);
}

/** `[row, column]` of all taps, in row-major order. */
function tapsOf({ inputs: [, weight] }: Node<ConvAttributes>): number[][] {
  const [, , height, width] = weight!.shape;
  return Array.from({ length: height! * width! }, (_, tap) => [
    Math.floor(tap / width!),
    tap % width!,
  ]);
}

/** The matrices of a stack transposed; engines read it without copying. */
function swapped(matrices: Value): Value {
  const rank = matrices.shape.length;
  const stack = Array.from({ length: rank - 2 }, (_, axis) => axis);
  return transpose(matrices, [...stack, rank - 1, rank - 2]);
}
