/**
 * What graphs mean, element by element: a plain interpreter in float64, slow
 * and independent of any engine, that tests take for the truth.
 */
import type { Graph } from "../../../lib/graph/graph.ts";
import {
  elementCount,
  type Node,
  type Shape,
  type Value,
} from "../../../lib/graph/value.ts";

interface Tensor {
  readonly shape: Shape;
  readonly data: Float64Array;
}

type Index = readonly number[];

/** A node's inputs, the shape to give, and its attributes. */
interface Call {
  readonly inputs: readonly Tensor[];
  readonly shape: Shape;
  /** Of a type that only the operator knows. */
  // deno-lint-ignore no-explicit-any
  readonly attributes: any;
}

/**
 * Runs a graph in float64.
 *
 * @param feeds By name of input or parameter; bools as 0 and 1.
 * @returns By name of output; bools as 0 and 1.
 */
export function evaluate(
  graph: Graph,
  feeds: Readonly<Record<string, ArrayLike<number>>>,
): Record<string, Float64Array> {
  const known = new Map<Value, Tensor>();
  for (const { value, data } of graph.constants) {
    known.set(value, tensor(value.shape, Array.from(data, Number)));
  }
  for (const value of [...graph.inputs, ...graph.parameters]) {
    const data = feeds[value.name];
    if (data !== undefined) known.set(value, tensor(value.shape, data));
  }
  const needed = new Set<Value>(graph.outputs.values());
  for (const node of graph.nodes.toReversed()) {
    if (!needed.has(node.outputs[0]!)) continue;
    for (const input of node.inputs) needed.add(input);
  }
  for (const node of graph.nodes) {
    if (!needed.has(node.outputs[0]!)) continue;
    known.set(node.outputs[0]!, run(node, known));
  }
  return Object.fromEntries([...graph.outputs].map(([name, value]) => {
    return [name, read(known, value).data];
  }));
}

function run(node: Node, known: ReadonlyMap<Value, Tensor>): Tensor {
  const { operator, attributes, inputs, outputs: [output] } = node;
  const operation = OPERATIONS[operator.name];
  if (operation === undefined) throw new Error(`No ${operator.name} here`);
  return operation({
    inputs: inputs.map((input) => read(known, input)),
    shape: output!.shape,
    attributes,
  });
}

function read(known: ReadonlyMap<Value, Tensor>, value: Value): Tensor {
  const found = known.get(value);
  if (found === undefined) throw new Error(`No feed for "${value.name}"`);
  return found;
}

function tensor(shape: Shape, data: ArrayLike<number>): Tensor {
  if (data.length !== elementCount(shape)) {
    throw new Error(`${data.length} elements do not fill [${shape}]`);
  }
  return { shape, data: Float64Array.from(data) };
}

/** All indices of a shape, in row-major order. */
function* indicesOf(shape: Shape): Generator<Index> {
  for (let at = 0; at < elementCount(shape); at++) {
    let rest = at;
    const index = new Array<number>(shape.length);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    yield index;
  }
}

/** Where an element lies; axes of size 1 and absent ones repeat. */
function offset({ shape }: Tensor, index: Index): number {
  const missing = index.length - shape.length;
  return shape.reduce((at, size, axis) => {
    return at * size + (size === 1 ? 0 : index[axis + missing]!);
  }, 0);
}

function at(x: Tensor, index: Index): number {
  const found = x.data[offset(x, index)];
  if (found === undefined) throw new Error(`[${index}] is not in [${x.shape}]`);
  return found;
}

function fill(shape: Shape, element: (index: Index) => number): Tensor {
  return tensor(shape, Array.from(indicesOf(shape), element));
}

type Operation = (call: Call) => Tensor;

function byElement(element: (...of: number[]) => number): Operation {
  return ({ inputs, shape }) =>
    fill(shape, (index) => element(...inputs.map((x) => at(x, index))));
}

function reduction(merge: (a: number, b: number) => number): Operation {
  return ({ inputs: [x], shape, attributes: { axes } }) => {
    const result = fill(shape, () => 0);
    const begun = new Set<number>();
    for (const index of indicesOf(x!.shape)) {
      const to = offset(result, index.map((i, a) => axes.includes(a) ? 0 : i));
      const value = at(x!, index);
      result.data[to] = begun.has(to) ? merge(result.data[to]!, value) : value;
      begun.add(to);
    }
    return result;
  };
}

/** The cells of x that a window sees: index in the kernel, value (0 outside). */
function windowOf(
  x: Tensor,
  [n, c, u, v]: Index,
  { kernel, strides, pads, dilations = [1, 1] }: {
    kernel: readonly number[];
    strides: readonly number[];
    pads: readonly number[];
    dilations?: readonly number[];
  },
): { tap: Index; value: number; isInside: boolean }[] {
  const [, , height, width] = x.shape;
  return Array.from(indicesOf(kernel), (tap) => {
    const row = u! * strides[0]! + tap[0]! * dilations[0]! - pads[0]!;
    const column = v! * strides[1]! + tap[1]! * dilations[1]! - pads[1]!;
    const isInside = row >= 0 && row < height! && column >= 0 &&
      column < width!;
    return {
      tap,
      value: isInside ? at(x, [n!, c!, row, column]) : 0,
      isInside,
    };
  });
}

function conv({ inputs: [x, w, bias], shape, attributes }: Call): Tensor {
  const [filters, depth, ...kernel] = w!.shape;
  return fill(shape, ([n, o, u, v]) => {
    let sum = bias ? bias.data[o!]! : 0;
    const group = Math.floor(o! / (filters! / attributes.group));
    for (let c = 0; c < depth!; c++) {
      const place = [n!, group * depth! + c, u!, v!];
      for (
        const { tap, value } of windowOf(x!, place, { ...attributes, kernel })
      ) {
        sum += at(w!, [o!, c, ...tap]) * value;
      }
    }
    return sum;
  });
}

function maxPool({ inputs: [x], shape, attributes }: Call): Tensor {
  const windows = { ...attributes, kernel: attributes.kernelShape };
  return fill(shape, (index) => {
    const seen = windowOf(x!, index, windows).filter((cell) => cell.isInside);
    return Math.max(...seen.map(({ value }) => value));
  });
}

function averagePool({ inputs: [x], shape, attributes }: Call): Tensor {
  const windows = { ...attributes, kernel: attributes.kernelShape };
  return fill(shape, (index) => {
    const seen = windowOf(x!, index, windows).map(({ value }) => value);
    return seen.reduce((sum, value) => sum + value, 0) / seen.length;
  });
}

function matMul({ inputs: [a, b], shape }: Call): Tensor {
  const inner = a!.shape.at(-1)!;
  return fill(shape, (index) => {
    const [stack, row, column] = [
      index.slice(0, -2),
      index.at(-2)!,
      index.at(-1)!,
    ];
    let sum = 0;
    for (let k = 0; k < inner; k++) {
      sum += at(a!, [...stack, row, k]) * at(b!, [...stack, k, column]);
    }
    return sum;
  });
}

function concat({ inputs, shape, attributes: { axis } }: Call): Tensor {
  return fill(shape, (index) => {
    let within = index[axis]!;
    for (const x of inputs) {
      if (within < x.shape[axis]!) return at(x, index.with(axis, within));
      within -= x.shape[axis]!;
    }
    throw new Error("An index beyond all inputs");
  });
}

function slice({ inputs: [x], shape, attributes }: Call): Tensor {
  const { starts, axes, steps } = attributes;
  return fill(shape, (index) => {
    const from = [...index];
    for (const [i, axis] of axes.entries()) {
      const start = starts[i] < 0 ? starts[i] + x!.shape[axis]! : starts[i];
      from[axis] = start + steps[i] * index[axis]!;
    }
    return at(x!, from);
  });
}

function pad({ inputs: [x], shape, attributes: { pads } }: Call): Tensor {
  return fill(shape, (index) => {
    const from = index.map((i, axis) => i - pads[axis]);
    const isInside = from.every((i, axis) => i >= 0 && i < x!.shape[axis]!);
    return isInside ? at(x!, from) : 0;
  });
}

function transpose({ inputs: [x], shape, attributes: { perm } }: Call): Tensor {
  return fill(shape, (index) => {
    const from = new Array<number>(index.length);
    for (const [i, axis] of perm.entries()) from[axis] = index[i]!;
    return at(x!, from);
  });
}

function cast({ inputs: [x], shape, attributes: { to } }: Call): Tensor {
  const convert = to === "bool"
    ? (value: number) => Number(value !== 0)
    : to === "int64"
    ? Math.trunc
    : Number;
  return tensor(shape, x!.data.map(convert));
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  Add: byElement((a, b) => a! + b!),
  Sub: byElement((a, b) => a! - b!),
  Mul: byElement((a, b) => a! * b!),
  Div: byElement((a, b) => a! / b!),
  Max: byElement((a, b) => Math.max(a!, b!)),
  Min: byElement((a, b) => Math.min(a!, b!)),
  Neg: byElement((x) => -x!),
  Exp: byElement((x) => Math.exp(x!)),
  Log: byElement((x) => Math.log(x!)),
  Sqrt: byElement((x) => Math.sqrt(x!)),
  Relu: byElement((x) => Math.max(x!, 0)),
  Sigmoid: byElement((x) => 1 / (1 + Math.exp(-x!))),
  Clip: ({ inputs: [x], shape, attributes: { min, max } }) =>
    fill(shape, (index) => Math.min(Math.max(at(x!, index), min), max)),
  Identity: byElement((x) => x!),
  Equal: byElement((a, b) => Number(a! === b!)),
  Greater: byElement((a, b) => Number(a! > b!)),
  Less: byElement((a, b) => Number(a! < b!)),
  And: byElement((a, b) => a! * b!),
  Or: byElement((a, b) => Math.max(a!, b!)),
  Not: byElement((x) => 1 - x!),
  Where: byElement((condition, a, b) => condition ? a! : b!),
  Expand: byElement((x) => x!),
  Cast: cast,
  ReduceSum: reduction((a, b) => a + b),
  ReduceMax: reduction(Math.max),
  Reshape: ({ inputs: [x], shape }) => tensor(shape, x!.data),
  Transpose: transpose,
  Concat: concat,
  Slice: slice,
  Pad: pad,
  MatMul: matMul,
  Conv: conv,
  MaxPool: maxPool,
  AveragePool: averagePool,
};
