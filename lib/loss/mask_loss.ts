/**
 * The loss that teaches attention maps where the boxes lie
 * [Song2019, Eq. 1].
 *
 * @module
 */
import { div, mul, sub } from "../graph/operators/arithmetic.ts";
import { greater, where } from "../graph/operators/comparison.ts";
import { reduceSum } from "../graph/operators/reduction.ts";
import { reshape, slice } from "../graph/operators/shape.ts";
import type { Value } from "../graph/value.ts";

/** See `maskLoss`. */
export interface MaskLossOptions {
  /**
   * `pixel`, the default: the mean over pixels that count, of the sum over
   * maps; `sum`: the mean over images of the sum over pixels and maps, as
   * Caffe's layers have it. docs/method.md, Class-wise masking.
   */
  readonly norm?: "pixel" | "sum";
  /** Whether the background's map, the first of several, is taught; true. */
  readonly teachesBackground?: boolean;
}

/**
 * Squared distance of attention maps and targets; 0 where no pixel counts.
 *
 * @param attention float32 `[N, M, Y, X]`, 0…1: a map for each class or one.
 * @param target float32 `[N, M, Y, X]`.
 * @param counted float32 `[N, 1, Y, X]`: weight of a pixel, 0 in the padding.
 * @returns float32 `[1]`.
 * @throws {RangeError} When the shapes do not fit.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { maskLoss } from "./mask_loss.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const attention = graph.input("attention", "float32", [2, 21, 5, 5]);
 * const target = graph.input("target", "float32", [2, 21, 5, 5]);
 * const counted = graph.input("counted", "float32", [2, 1, 5, 5]);
 * deepStrictEqual(maskLoss(attention, { target, counted }).shape, [1]);
 * ```
 */
export function maskLoss(
  attention: Value,
  { target, counted }: { readonly target: Value; readonly counted: Value },
  { norm = "pixel", teachesBackground = true }: MaskLossOptions = {},
): Value {
  const { graph, shape } = attention;
  return graph.scope("MaskLoss", () => {
    const isLeftOut = !teachesBackground && shape[1]! > 1;
    const taught = (maps: Value) =>
      isLeftOut ? slice(maps, { axis: 1, start: 1, end: shape[1]! }) : maps;
    const distance = sub(taught(attention), taught(target));
    const sum = sumOfAll(mul(mul(distance, distance), counted));
    if (norm === "sum") return mul(sum, graph.scalar(1 / shape[0]!));
    const count = sumOfAll(counted);
    const isAny = greater(count, graph.scalar(0));
    return div(sum, where(isAny, count, graph.constant(ONE, [1])));
  });
}

const ONE = Float32Array.of(1);

/** The sum of a `[N, C, Y, X]` tensor, `[1]`. */
function sumOfAll(x: Value): Value {
  return reshape(reduceSum(x, [0, 1, 2, 3]), [1]);
}
