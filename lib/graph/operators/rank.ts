/**
 * Ranks inside groups, without a sort: engines sort in ways of their own, but
 * compare alike.
 *
 * @module
 */
import { formatType, type Value } from "../value.ts";
import { and, cast, equal, greater, less, or } from "./comparison.ts";
import { reduceSum } from "./reduction.ts";
import { reshape } from "./shape.ts";

/**
 * How many elements of a row come before each in its group: those of a larger
 * key, and of equal ones those of a smaller index. 0 is the first of a group.
 *
 *   rank_i = |{j : group_j = group_i ∧ (key_j > key_i ∨ key_j = key_i ∧ j < i)}|
 *
 * All pairs are compared, in N · P² steps and bools. No gradient goes through.
 *
 * @param key float32 `[N, P]`.
 * @param group float32 `[N, P]`: ids; equal ones are a group.
 * @returns float32 `[N, P]`.
 * @throws {RangeError} When shapes differ.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { rankInGroup } from "./rank.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const key = graph.input("key", "float32", [2, 81]);
 * const group = graph.input("group", "float32", [2, 81]);
 * deepStrictEqual(rankInGroup(key, group).shape, [2, 81]);
 * ```
 */
export function rankInGroup(key: Value, group: Value): Value {
  const [rows, count] = key.shape;
  if (key.shape.length !== 2 || formatType(key) !== formatType(group)) {
    throw new RangeError(
      `Cannot rank "${key.name}" in "${group.name}" as both must be one ` +
        `float32[N, P]: they are ${formatType(key)} and ${formatType(group)}`,
    );
  }
  const { graph } = key;
  return graph.scope("RankInGroup", () => {
    const index = graph.constant(Float32Array.from(Array(count).keys()), [
      1,
      count!,
    ]);
    // Element i is on axis 1, each j that may come before it on axis 2.
    const ofI = (x: Value) => reshape(x, [x.shape[0]!, count!, 1]);
    const ofJ = (x: Value) => reshape(x, [x.shape[0]!, 1, count!]);
    const tied = and(equal(ofJ(key), ofI(key)), less(ofJ(index), ofI(index)));
    const ahead = or(greater(ofJ(key), ofI(key)), tied);
    const counted = and(ahead, equal(ofJ(group), ofI(group)));
    return reshape(reduceSum(cast(counted, "float32"), [2]), [rows!, count!]);
  });
}
