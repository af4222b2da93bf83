/**
 * Picking, for each pixel, the channel of its class.
 *
 * @module
 */
import { equal, where } from "../graph/operators/comparison.ts";
import { reduceSum } from "../graph/operators/reduction.ts";
import type { Value } from "../graph/value.ts";

/**
 * The value of each pixel's class; 0 for classes that have no channel.
 *
 * By comparison with all channels, not by index: engines lack the gradient of
 * gathering, and C is small.
 *
 * @param values float32 `[N, C, Y, X]`.
 * @param classIds float32 `[N, 1, Y, X]`, 0…C − 1.
 * @returns float32 `[N, 1, Y, X]`.
 * @throws {RangeError} When the shapes do not fit.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { classChannel } from "./class_channel.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const scores = graph.input("scores", "float32", [2, 21, 5, 5]);
 * const labels = graph.input("labels", "float32", [2, 1, 5, 5]);
 * deepStrictEqual(classChannel(scores, labels).shape, [2, 1, 5, 5]);
 * ```
 */
export function classChannel(values: Value, classIds: Value): Value {
  const { graph, shape } = values;
  const channels = shape[1] ?? 1;
  const ids = Float32Array.from({ length: channels }, (_, id) => id);
  return graph.scope("ClassChannel", () => {
    const isClass = equal(classIds, graph.constant(ids, [1, channels, 1, 1]));
    return reduceSum(where(isClass, values, graph.scalar(0)), [1]);
  });
}
