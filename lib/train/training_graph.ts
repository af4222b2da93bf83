/**
 * The graph of a training step on one shard of a mini-batch: network, loss and
 * gradients, and on engines that keep the weights, their update too.
 *
 * @module
 */
import { gradients } from "../graph/gradients.ts";
import { Graph } from "../graph/graph.ts";
import { add, div, maximum, mul, sub } from "../graph/operators/arithmetic.ts";
import type { Value } from "../graph/value.ts";
import {
  outputLoss,
  outputTrainingStep,
  type TrainingLoss,
  trainingLoss,
  type TrainingLossOptions,
} from "../loss/training_loss.ts";
import { type Dropout, NetBuilder } from "../net/net_builder.ts";
import type { SegmenterConfig } from "../net/network_config.ts";
import type { ParameterSpec } from "../net/parameter.ts";
import { buildSegmenter } from "../net/segmenter.ts";
import { type ParameterLayout, parameterLayout } from "./parameter_layout.ts";
import type { SgdConstants } from "./sgd.ts";

/** What decides a training graph; plain data, so that workers can be sent it. */
export interface TrainingGraphConfig {
  readonly segmenter: SegmenterConfig;
  readonly loss: TrainingLossOptions;
  /** Images of a shard. */
  readonly shardSize: number;
  /** Side of the crops, 8k + 1 px. */
  readonly cropSize: number;
}

/** A training graph and what it learns and needs. */
export interface TrainingGraph {
  readonly graph: Graph;
  /** All parameters, learnt and frozen. */
  readonly parameters: readonly ParameterSpec[];
  /** Those that learn. */
  readonly layout: ParameterLayout;
  /** Inputs that are drawn for each step. */
  readonly dropouts: readonly Dropout[];
}

/** Before a parameter's name: the output that is its gradient, not divided. */
export const GRADIENT = "gradient:";
/** Before a parameter's name: the graph's parameter that is its velocity. */
export const VELOCITY = "velocity:";
/** Before a parameter's name: the output that is its next value. */
export const NEXT = "next:";
/** Input of a graph with its update: float32, one number. */
export const LEARNING_RATE = "learning_rate";

/**
 * A graph whose outputs are `loss_sum`, `kept`, `divisor`, `mask_loss` and
 * `gradient:<name>` of each parameter that learns.
 *
 * @throws {RangeError} When the network cannot be built like that.
 *
 * @example
 * ```ts
 * import { SegmenterConfig } from "../net/network_config.ts";
 * import { trainingGraph } from "./training_graph.ts";
 * import { strictEqual } from "node:assert";
 *
 * const segmenter = SegmenterConfig.parse({
 *   network: { kind: "largefov", width: 0.125, fcChannels: 8 },
 *   head: { kind: "plain" },
 *   classCount: 3,
 * });
 * const loss = { selection: null, mask: null };
 * const config = { segmenter, loss, shardSize: 2, cropSize: 17 };
 * const { graph, layout } = trainingGraph(config);
 * strictEqual(graph.outputs.size, 4 + layout.parameters.length);
 * ```
 */
export function trainingGraph(config: TrainingGraphConfig): TrainingGraph {
  const { built, loss, learnt } = begin(config);
  outputTrainingStep(built.graph, loss, learnt);
  return built;
}

/**
 * A graph that also updates: the velocities are parameters of it, the learning
 * rate is fed, and the outputs beside those of the loss are next values, `next:<name>` and `next:velocity:<name>`. The whole mini-batch
 * is one shard.
 *
 * @throws {RangeError} When the network cannot be built like that.
 *
 * @example
 * ```ts
 * import { SegmenterConfig } from "../net/network_config.ts";
 * import { updatingGraph } from "./training_graph.ts";
 * import { strictEqual } from "node:assert";
 *
 * const segmenter = SegmenterConfig.parse({
 *   network: { kind: "largefov", width: 0.125, fcChannels: 8 },
 *   head: { kind: "plain" },
 *   classCount: 3,
 * });
 * const loss = { selection: null, mask: null };
 * const config = { segmenter, loss, shardSize: 2, cropSize: 17 };
 * const sgd = { momentum: 0.9, weightDecay: 0.0005 };
 * const { graph } = updatingGraph(config, sgd);
 * strictEqual(graph.outputs.has("next:velocity:fc8/bias"), true);
 * ```
 */
export function updatingGraph(
  config: TrainingGraphConfig,
  { momentum, weightDecay }: SgdConstants,
): TrainingGraph {
  const { built, loss, learnt } = begin(config);
  const { graph, layout } = built;
  const slopes = gradients(loss.objective, learnt);
  const rate = graph.input(LEARNING_RATE, "float32", [1]);
  const ofSum = div(rate, maximum(loss.divisor, graph.scalar(1)));
  outputLoss(graph, loss);
  graph.scope("update", () =>
    layout.parameters.forEach((parameter, i) => {
      const weight = learnt[i]!;
      const velocity = graph.parameter(
        VELOCITY + parameter.name,
        parameter.shape,
      );
      // Caffe's update; see sgd.ts.
      const pull = mul(slopes[i]!, mul(ofSum, graph.scalar(parameter.rate)));
      const decay = mul(
        rate,
        graph.scalar(parameter.rate * weightDecay),
      );
      const change = parameter.decays ? add(pull, mul(weight, decay)) : pull;
      const next = add(
        mul(velocity, graph.scalar(momentum)),
        change,
      );
      graph.output(NEXT + velocity.name, next);
      graph.output(NEXT + weight.name, sub(weight, next));
    }));
  return built;
}

/** Network and loss, and the parameters that learn, in the layout's order. */
function begin(config: TrainingGraphConfig): {
  built: TrainingGraph;
  loss: TrainingLoss;
  learnt: readonly Value[];
} {
  const { segmenter, shardSize, cropSize } = config;
  const graph = new Graph("training");
  const builder = new NetBuilder(graph, "train");
  const shape = [shardSize, 3, cropSize, cropSize];
  const images = graph.input("images", "float32", shape);
  const outputs = buildSegmenter(builder, images, segmenter);
  const loss = trainingLoss(graph, outputs, config.loss);
  const { parameters, dropouts } = builder;
  const layout = parameterLayout(parameters);
  const byName = new Map(graph.parameters.map((value) => [value.name, value]));
  const learnt = layout.parameters.map(({ name }) => byName.get(name)!);
  return { built: { graph, parameters, layout, dropouts }, loss, learnt };
}

/**
 * The values of parameters that do not learn.
 *
 * @throws {RangeError} When one is missing.
 *
 * @example
 * ```ts
 * import { frozenWeights } from "./training_graph.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const init = { kind: "he" } as const;
 * const learnt = { name: "a", shape: [1], init, rate: 1, decays: true };
 * const frozen = { ...learnt, name: "b", rate: 0 };
 * const values = new Map([["a", new Float32Array(1)], ["b", new Float32Array(1)]]);
 * const constants = frozenWeights([learnt, frozen], values);
 * deepStrictEqual([...constants.keys()], ["b"]);
 * ```
 */
export function frozenWeights(
  parameters: readonly ParameterSpec[],
  weights: ReadonlyMap<string, Float32Array>,
): Map<string, Float32Array> {
  return new Map(
    parameters.filter(({ rate }) => rate === 0).map(({ name }) => {
      const values = weights.get(name);
      if (values !== undefined) return [name, values];
      throw new RangeError(
        `Cannot freeze parameter "${name}" as it must have values: there is ` +
          `none of that name`,
      );
    }),
  );
}
