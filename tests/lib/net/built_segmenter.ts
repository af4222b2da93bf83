/**
 * Small segmenters, built and run in float64.
 *
 * @module
 */
import { Graph } from "../../../lib/graph/graph.ts";
import { elementCount } from "../../../lib/graph/value.ts";
import { initialise } from "../../../lib/net/initialise.ts";
import { NetBuilder, type NetMode } from "../../../lib/net/net_builder.ts";
import { SegmenterConfig } from "../../../lib/net/network_config.ts";
import type { ParameterSpec } from "../../../lib/net/parameter.ts";
import {
  buildSegmenter,
  type SegmenterOutput,
} from "../../../lib/net/segmenter.ts";
import { randomNumbers } from "../graph/differences.ts";
import { evaluate } from "../graph/reference.ts";

/** A LargeFOV of 8 to 24 channels. */
export const TINY = {
  kind: "largefov",
  width: 0.05,
  fcChannels: 8,
  fc6Dilation: 2,
};

/** A segmenter in a graph of its own, its outputs named as its fields. */
export interface BuiltSegmenter {
  readonly graph: Graph;
  readonly builder: NetBuilder;
  readonly output: SegmenterOutput;
}

/** Parses a config, so that defaults need not be given. */
export function configOf(
  network: unknown,
  head: unknown = { kind: "plain" },
  classCount = 3,
): SegmenterConfig {
  return SegmenterConfig.parse({ network, head, classCount });
}

/** Builds a segmenter for one square picture of `side` pixels. */
export function build(
  config: SegmenterConfig,
  { side = 17, mode = "predict" }: { side?: number; mode?: NetMode } = {},
): BuiltSegmenter {
  const graph = new Graph("segmenter");
  const builder = new NetBuilder(graph, mode);
  const images = graph.input("images", "float32", [1, 3, side, side]);
  const output = buildSegmenter(builder, images, config);
  graph.output("scores", output.scores);
  if (output.attention !== null) graph.output("attention", output.attention);
  for (const [i, extra] of output.extraScores?.entries() ?? []) {
    graph.output(`extra${i}`, extra);
  }
  return { graph, builder, output };
}

/** Values far enough from 0 that every layer passes something on. */
export function lively(
  specs: readonly ParameterSpec[],
): Record<string, Float32Array> {
  const wide = specs.map((spec) => ({
    ...spec,
    init: spec.init.kind === "gaussian" ? { kind: "he" } as const : spec.init,
  }));
  return Object.fromEntries(initialise(wide, 5));
}

/** Scores and attention of a random picture. */
export function run(
  { graph, builder }: BuiltSegmenter,
  values: Readonly<Record<string, ArrayLike<number>>> = lively(
    builder.parameters,
  ),
): Record<string, Float64Array> {
  const feeds: Record<string, ArrayLike<number>> = { ...values };
  for (const { name, shape } of graph.inputs) {
    feeds[name] = name === "images"
      ? randomNumbers(elementCount(shape), 9).map((x) => 40 * x)
      : randomNumbers(elementCount(shape), 4).map((x) => x > 0 ? 1 : 0);
  }
  return evaluate(graph, feeds);
}
