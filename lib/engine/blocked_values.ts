/**
 * Values of a graph that is rewritten, in plain order of memory and in channel
 * blocks, each made from the other when it is first asked for.
 *
 * @module
 */
import { reshape, transpose } from "../graph/operators/shape.ts";
import { apply, type Shape, type Value } from "../graph/value.ts";
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
  setPlain(value: Value, found: Value): void;
  /** @param found Of the {@link blockedShape}, or of the shape told. */
  setBlocked(value: Value, found: Value): void;
  plain(value: Value): Value;
  /** In the {@link blockedShape}. */
  blocked(value: Value): Value;
  /** In blocks, but told in the value's own shape. */
  asTold(value: Value): Value;
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
  const weights = new Map<Value, Value>();
  const told = ({ shape }: Value, found: Value) => reshape(found, shape);
  return {
    block,
    has: (value) => plains.has(value) || blocks.has(value),
    isBlocked: (value) => blocks.has(value),
    setPlain: (value, found) => void plains.set(value, found),
    setBlocked(value, found) {
      blocks.set(value, reshape(found, blockedShape(value.shape, block)));
    },
    plain(value) {
      const { type, shape } = value;
      return known(plains, value, () => {
        if (type !== "float32") return again(value);
        const [batch, channels, ...rest] = shape;
        // The operator takes four axes.
        const area = rest.reduce((product, size) => product * size, 1);
        const flat = [batch!, channels!, 1, area];
        const source = reshape(blocks.get(value)!, flat);
        const found = apply(REORDER_OUTPUT, [source], { channels: channels! });
        return reshape(found, shape);
      });
    },
    blocked(value) {
      const { shape } = value;
      return known(blocks, value, () => {
        const [batch, channels, ...rest] = shape;
        const area = rest.reduce((product, size) => product * size, 1);
        const flat = reshape(plains.get(value)!, [batch!, channels!, 1, area]);
        const found = apply(REORDER_INPUT, [flat], {});
        return reshape(found, blockedShape(shape, block));
      });
    },
    asTold(value) {
      return told(value, this.blocked(value));
    },
    weight(value) {
      return known(
        weights,
        value,
        () => told(value, turnedWeight(this.plain(value), block)),
      );
    },
  };
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
