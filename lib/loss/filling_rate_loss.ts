/**
 * The selection of the filling-rate loss: which pixels it keeps
 * [Song2019, Eq. 4 and 5].
 *
 * Which pixels are ranked together, how many are kept and which may be left
 * out comes from `lib/train/filling_rate_selection.ts`; here they are ranked by
 * what the network says of them now. No gradient goes through the selection.
 *
 * @module
 */
import { logSoftmax } from "../graph/operators/activation.ts";
import { mul, sub } from "../graph/operators/arithmetic.ts";
import { cast, less, not } from "../graph/operators/comparison.ts";
import { rankInGroup } from "../graph/operators/rank.ts";
import { reshape } from "../graph/operators/shape.ts";
import { stopGradient } from "../graph/operators/stop_gradient.ts";
import type { Value } from "../graph/value.ts";
import { classChannel } from "./class_channel.ts";

/** What a mini-batch's ranking is made by; see `FillingRateSelection`. */
export interface SelectionInputs {
  /** float32 `[N, 1, Y, X]`: class by which a pixel is ranked. */
  readonly rankClass: Value;
  /** float32 `[N, P]`: pixels of one number are ranked together. */
  readonly group: Value;
  /** float32 `[N, P]`: how many of the pixel's group are kept. */
  readonly quota: Value;
  /** float32 `[N, P]`: 1 where a pixel not among them is left out, else 0. */
  readonly selectable: Value;
}

/** How pixels are ranked. */
export interface RankOptions {
  /**
   * `prob`: by the probability of `rankClass`, the softmax of the loss; `logit`:
   * by its score alone.
   */
  readonly rank: "prob" | "logit";
}

/**
 * 1 where a pixel stays in the loss, 0 where it is left out.
 *
 * Probabilities are compared by their logarithm, which has the same order and
 * does not round all that the network thinks unlikely to 0. Ties: the pixel of
 * smaller index is kept first.
 *
 * @param scores float32 `[N, C, Y, X]`; P = Y·X.
 * @returns float32 `[N, 1, Y, X]`.
 * @throws {RangeError} When the shapes do not fit.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { keptPixels } from "./filling_rate_loss.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const kept = keptPixels(graph.input("scores", "float32", [2, 21, 5, 5]), {
 *   rankClass: graph.input("rank_class", "float32", [2, 1, 5, 5]),
 *   group: graph.input("group", "float32", [2, 25]),
 *   quota: graph.input("quota", "float32", [2, 25]),
 *   selectable: graph.input("selectable", "float32", [2, 25]),
 * }, { rank: "prob" });
 * deepStrictEqual(kept.shape, [2, 1, 5, 5]);
 * ```
 */
export function keptPixels(
  scores: Value,
  { rankClass, group, quota, selectable }: SelectionInputs,
  { rank }: RankOptions,
): Value {
  const { graph } = scores;
  return graph.scope("Selection", () => {
    const fixed = stopGradient(scores);
    const values = rank === "prob" ? logSoftmax(fixed, 1) : fixed;
    const key = reshape(classChannel(values, rankClass), group.shape);
    const isLost = not(less(rankInGroup(key, group), quota));
    const ignored = mul(cast(isLost, "float32"), selectable);
    return reshape(sub(graph.scalar(1), ignored), rankClass.shape);
  });
}
