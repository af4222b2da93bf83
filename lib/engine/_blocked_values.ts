/**
 * Values of a graph that is rewritten, in plain order of memory and in channel
 * blocks, each made from the other when it is first asked for.
 *
 * @module
 */
import { reshape, transpose } from "../graph/operators/shape.ts";
import { apply, isSameShape, type Shape, type Value } from "../graph/value.ts";
import { REORDER_INPUT, REORDER_OUTPUT } from "./blocked_operators.ts";

/** `[N, C, …]` as it lies in memory: `[N, C/B, …, B]`. */
export function blockedShape(shape: Shape, block: number): number[] {
  const [batch, channels, ...rest] = shape as [number, number, ...number[]];
  return [batch, channels / block, ...rest, block];
}

/** Values of the old graph in the new one. */
export interface BlockedValues {
  readonly block: number;
  has(value: Value): boolean;
  isBlocked(value: Value): boolean;
  /** Whether there already is what `told` gives. */
  isTold(value: Value): boolean;
  setPlain(value: Value, found: Value): void;
  /** @param found Of the {@link blockedShape}. */
  setBlocked(value: Value, found: Value): void;
  /** @param found See `told`. */
  setTold(value: Value, found: Value): void;
  plain(value: Value): Value;
  /** In blocks, of the {@link blockedShape}. */
  blocked(value: Value): Value;
  /**
   * In blocks, as operators on blocks want it: as if nothing had moved, and of
   * four axes.
   */
  told(value: Value): Value;
  /**
   * A weight `[Co, Ci, kh, kw]` in the order `[Co/B, Ci/B, kh, kw, B, B]`, in
   * and out; of depthwise convolutions and few channels `[Co/B, Ci, kh, kw, B]`.
   */
  weight(value: Value): Value;
}

/**
 * No values yet.
 *
 * @param again Computes, in plain order, what only blocks have and cannot be
 *   reordered: truth values.
 */
export function blockedValues(
  block: number,
  again: (value: Value) => Value,
): BlockedValues {
  const plains = new Map<Value, Value>();
  const blocks = new Map<Value, Value>();
  const tolds = new Map<Value, Value>();
  const weights = new Map<Value, Value>();
  const isBlocked = (value: Value) => blocks.has(value) || tolds.has(value);
  const plain = (value: Value): Value =>
    known(plains, value, () => {
      const { type, shape } = value;
      if (type !== "float32") return again(value);
      const channels = shape[1]!;
      const found = apply(REORDER_OUTPUT, [told(value)], { channels });
      return shaped(found, shape);
    });
  const blocked = (value: Value): Value =>
    known(
      blocks,
      value,
      () => reshape(told(value), blockedShape(value.shape, block)),
    );
  const told = (value: Value): Value =>
    known(tolds, value, () => {
      const shape = onFourAxes(value.shape);
      const source = blocks.get(value);
      if (source !== undefined) return reshape(source, shape);
      return apply(REORDER_INPUT, [shaped(plains.get(value)!, shape)], {});
    });
  return {
    block,
    has: (value) => plains.has(value) || isBlocked(value),
    isBlocked,
    isTold: (value) => tolds.has(value),
    setPlain: (value, found) => void plains.set(value, found),
    setBlocked: (value, found) => void blocks.set(value, found),
    setTold: (value, found) => void tolds.set(value, found),
    plain,
    blocked,
    told,
    weight: (value) =>
      known(
        weights,
        value,
        () => reshape(turnedWeight(plain(value), block), value.shape),
      ),
  };
}

function onFourAxes([batch, channels, ...rest]: Shape): Shape {
  const area = rest.reduce((product, size) => product * size, 1);
  return [batch!, channels!, ...(rest.length === 2 ? rest : [1, area])];
}

function shaped(value: Value, shape: Shape): Value {
  return isSameShape(value.shape, shape) ? value : reshape(value, shape);
}

function known(
  found: Map<Value, Value>,
  value: Value,
  make: () => Value,
): Value {
  const made = found.get(value) ?? make();
  found.set(value, made);
  return made;
}

/** In two turns of matrices, not one of six axes: that takes five times as long. */
function turnedWeight(weight: Value, block: number): Value {
  const [filters, depth, height, width] = weight.shape as number[];
  const taps = height! * width!;
  let turned = weight;
  if (depth! >= block && taps > 1) {
    const rows = filters! * depth! / block;
    turned = transpose(reshape(turned, [rows, block, taps]), [0, 2, 1]);
  }
  const columns = [filters! / block, block, depth! * taps];
  return transpose(reshape(turned, columns), [0, 2, 1]);
}
