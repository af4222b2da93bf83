/**
 * The loss of a training step, and what a step gives.
 *
 * A step runs on shards of a mini-batch, one by one or side by side, and the
 * loss is normalised over the whole of it: so a shard gives sums, and whoever
 * adds them divides at the end by the sum of `divisor`.
 *
 * @module
 */
import { gradients } from "../graph/gradients.ts";
import type { Graph } from "../graph/graph.ts";
import { add, mul } from "../graph/operators/arithmetic.ts";
import { reduceSum } from "../graph/operators/reduction.ts";
import { reshape } from "../graph/operators/shape.ts";
import { stopGradient } from "../graph/operators/stop_gradient.ts";
import type { Value } from "../graph/value.ts";
import { pixelCrossEntropy } from "./cross_entropy.ts";
import { keptPixels, type RankOptions } from "./filling_rate_loss.ts";
import { maskLoss, type MaskLossOptions } from "./mask_loss.ts";

/** What a segmenter gives. */
export interface SegmenterOutputs {
  /** float32 `[N, C, Y, X]`. */
  readonly scores: Value;
  /** float32 `[N, C, ·, ·]`, each with a loss of its own [DeepLab-v2]. */
  readonly extraScores?: readonly Value[];
  /** float32 `[N, M, Y, X]`, 0…1; M = C, or 1: one map for all. */
  readonly attention: Value | null;
}

/** See `trainingLoss`. */
export interface TrainingLossOptions {
  /** Null: no filling-rate loss. */
  readonly selection:
    | RankOptions & {
      /** What the loss is divided by: pixels that are kept, or all but void. */
      readonly norm: "kept" | "all";
    }
    | null;
  /** Null: attention, if any, is not taught (CM). */
  readonly mask:
    | MaskLossOptions & {
      /** Weight of the mask loss beside the cross-entropy; 0.01 in Eq. 6. */
      readonly lambda: number;
    }
    | null;
}

/** Values of one shard, float32 `[1]`. */
export interface TrainingLoss {
  /** Cross-entropy over kept pixels, by their weight, over all scores; nats. */
  readonly lossSum: Value;
  /** Sum of the weights of kept pixels. */
  readonly kept: Value;
  /** What `lossSum` is to be divided by: `kept`, or by norm `all` all weights. */
  readonly divisor: Value;
  /** See `maskLoss`; 0 where there is none. */
  readonly maskLoss: Value;
  /** `lossSum + divisor · λ · maskLoss`; no gradient goes through `divisor`. */
  readonly objective: Value;
}

/**
 * Adds the loss to a graph, and its inputs, with the names of `ShardArrays`:
 * `labels`, `counted`; with selection `rank_class`, `group`, `quota`,
 * `selectable`; with a mask loss `mask_target`, `mask_counted`.
 *
 * Selection goes by `scores`; losses of extra scores keep the same pixels.
 *
 * @throws {RangeError} When a mask loss is asked for without attention.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { trainingLoss } from "./training_loss.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const scores = graph.input("scores", "float32", [2, 21, 5, 5]);
 * const loss = trainingLoss(graph, { scores, attention: null }, {
 *   selection: { rank: "prob", norm: "kept" },
 *   mask: null,
 * });
 * deepStrictEqual(loss.lossSum.shape, [1]);
 * ```
 */
export function trainingLoss(
  graph: Graph,
  outputs: SegmenterOutputs,
  { selection, mask }: TrainingLossOptions,
): TrainingLoss {
  const { scores, extraScores = [] } = outputs;
  const cells = cellInput(graph, scores);
  const labels = cells("labels");
  const counted = cells("counted");
  const weights = selection === null ? counted : mul(
    counted,
    keptPixels(scores, selectionInputs(graph, scores), selection),
  );
  const entropies = [scores, ...extraScores]
    .map((each) => pixelCrossEntropy(each, labels));
  const lossSum = sumOfAll(mul(entropies.reduce(add), weights));
  const kept = sumOfAll(weights);
  const divisor = selection?.norm === "all" ? sumOfAll(counted) : kept;
  if (mask === null) {
    // Not a constant: engines differ in whether an output may be one.
    const none = mul(divisor, graph.scalar(0));
    return { lossSum, kept, divisor, maskLoss: none, objective: lossSum };
  }
  const taught = maskLoss(assertAttention(outputs), {
    target: graph.input("mask_target", "float32", outputs.attention!.shape),
    counted: cells("mask_counted"),
  }, mask);
  const weight = mul(stopGradient(divisor), graph.scalar(mask.lambda));
  const objective = mask.lambda === 0
    ? lossSum
    : add(lossSum, mul(weight, taught));
  return { lossSum, kept, divisor, maskLoss: taught, objective };
}

/**
 * Names the outputs of a training step, `loss_sum`, `kept`, `divisor`,
 * `mask_loss` and `gradient:<name>` of each parameter.
 *
 * @param parameters Those that learn.
 * @returns The gradients, in the order of the parameters.
 * @throws {RangeError} When the loss does not depend on one of them.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { conv } from "../graph/operators/convolution.ts";
 * import { outputTrainingStep, trainingLoss } from "./training_loss.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const features = graph.input("features", "float32", [2, 8, 5, 5]);
 * const weight = graph.parameter("fc8/weight", [21, 8, 1, 1]);
 * const scores = conv(features, weight, null);
 * const options = { selection: null, mask: null };
 * const loss = trainingLoss(graph, { scores, attention: null }, options);
 * outputTrainingStep(graph, loss, [weight]);
 * deepStrictEqual(
 *   [...graph.outputs.keys()],
 *   ["loss_sum", "kept", "divisor", "mask_loss", "gradient:fc8/weight"],
 * );
 * ```
 */
export function outputTrainingStep(
  graph: Graph,
  loss: TrainingLoss,
  parameters: readonly Value[],
): Value[] {
  const slopes = gradients(loss.objective, parameters);
  outputLoss(graph, loss);
  parameters.forEach(({ name }, i) =>
    graph.output(`gradient:${name}`, slopes[i]!)
  );
  return slopes;
}

/**
 * Names the numbers of a loss: `loss_sum`, `kept`, `divisor` and `mask_loss`.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { outputLoss, trainingLoss } from "./training_loss.ts";
 * import { strictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const scores = graph.input("scores", "float32", [2, 21, 5, 5]);
 * const options = { selection: null, mask: null };
 * outputLoss(graph, trainingLoss(graph, { scores, attention: null }, options));
 * strictEqual(graph.outputs.size, 4);
 * ```
 */
export function outputLoss(
  graph: Graph,
  { lossSum, kept, divisor, maskLoss }: TrainingLoss,
): void {
  graph.output("loss_sum", lossSum);
  graph.output("kept", kept);
  graph.output("divisor", divisor);
  graph.output("mask_loss", maskLoss);
}

/** Makes inputs of one number for each cell of the scores. */
function cellInput(
  graph: Graph,
  { shape }: Value,
): (name: string) => Value {
  const [images, , height, width] = shape;
  return (name) => graph.input(name, "float32", [images!, 1, height!, width!]);
}

function selectionInputs(graph: Graph, scores: Value) {
  const { shape } = scores;
  const perRow = [shape[0]!, shape[2]! * shape[3]!];
  return {
    rankClass: cellInput(graph, scores)("rank_class"),
    group: graph.input("group", "float32", perRow),
    quota: graph.input("quota", "float32", perRow),
    selectable: graph.input("selectable", "float32", perRow),
  };
}

function assertAttention({ attention }: SegmenterOutputs): Value {
  if (attention !== null) return attention;
  throw new RangeError(
    `Cannot add a mask loss as the network must have attention maps: it has ` +
      `a plain head`,
  );
}

/** The sum of a `[N, 1, Y, X]` tensor, `[1]`. */
function sumOfAll(x: Value): Value {
  return reshape(reduceSum(x, [0, 1, 2, 3]), [1]);
}
