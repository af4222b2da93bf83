import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Graph } from "../../../lib/graph/graph.ts";
import { gradients } from "../../../lib/graph/gradients.ts";
import { add, mul } from "../../../lib/graph/operators/arithmetic.ts";
import { conv } from "../../../lib/graph/operators/convolution.ts";
import { reduceSum } from "../../../lib/graph/operators/reduction.ts";
import { reshape } from "../../../lib/graph/operators/shape.ts";
import { elementCount, type Value } from "../../../lib/graph/value.ts";
import { NetBuilder } from "../../../lib/net/net_builder.ts";
import {
  type NormalisedConvolution,
  normalisedConvolution,
  resNetLayers,
} from "../../../lib/net/resnet101.ts";
import { ResNet101Config } from "../../../lib/net/network_config.ts";
import { randomNumbers } from "../graph/differences.ts";
import { evaluate } from "../graph/reference.ts";
import { build, configOf, run } from "./built_segmenter.ts";

const FULL = configOf({ kind: "resnet101" }, { kind: "plain" }, 21);
const SMALL = {
  kind: "resnet101",
  width: 0.01,
  blocks: [1, 2, 1, 1],
  multiScale: false,
};

function convolutions(config: ResNet101Config): NormalisedConvolution[] {
  const { stem, bottlenecks } = resNetLayers(config);
  return [stem, ...bottlenecks.flatMap((each) => each.convolutions)];
}

Deno.test("ResNet-101 has 101 layers less its classifier, and 44 M parameters", () => {
  const { network } = FULL;
  strictEqual(convolutions(network as ResNet101Config).length, 100);
  const { builder } = build(FULL, { side: 33 });
  const count = (filter: RegExp) =>
    builder.parameters.filter(({ name }) => filter.test(name))
      .reduce((sum, { shape }) => sum + elementCount(shape), 0);
  // torchvision's 44,549,160 without its classifier of 2,049,000.
  strictEqual(count(/^(conv1|layer)/), 44_549_160 - 2_049_000);
  strictEqual(count(/^fc8/), 4 * (2048 * 9 * 21 + 21));
});

Deno.test("batch norm does not learn; ASPP learns 10 and 20 times as fast", () => {
  const { builder } = build(configOf(SMALL));
  const rates = (filter: RegExp) => [
    ...new Set(
      builder.parameters.filter(({ name }) => filter.test(name))
        .map(({ rate, decays }) => `${rate} ${decays}`),
    ),
  ];
  deepStrictEqual(rates(/(scale|shift)$/), ["0 false"]);
  deepStrictEqual(rates(/^(conv1|layer).*weight$/), ["1 true"]);
  deepStrictEqual(rates(/^fc8_(6|12|18|24)\/weight$/), ["10 true"]);
  deepStrictEqual(rates(/^fc8.*bias$/), ["20 false"]);
});

Deno.test("strides are on the first convolution, or on the middle one", () => {
  for (const [strideOn, at] of [["first", 0], ["middle", 1]] as const) {
    const config = ResNet101Config.parse({ kind: "resnet101", strideOn });
    const { bottlenecks } = resNetLayers(config);
    const strided = bottlenecks.filter(({ convolutions }) =>
      convolutions.some(({ stride }) => stride > 1)
    );
    deepStrictEqual(
      strided.map(({ convolutions }) => convolutions.map((c) => c.stride)),
      [[1, 1, 1].with(at, 2)],
    );
    strictEqual(strided[0]!.shortcut?.stride, 2);
  }
});

Deno.test("ResNet-101's stages are dilated by 1, 1, 2 and 4", () => {
  const config = ResNet101Config.parse(SMALL);
  const middle = convolutions(config).filter(({ kernel }) => kernel === 3);
  deepStrictEqual(middle.map(({ dilation }) => dilation), [1, 1, 1, 2, 4]);
});

Deno.test("ResNet-101 gives scores of a picture in cells of 8 px", () => {
  deepStrictEqual(build(FULL, { side: 321 }).output.scores.shape, [
    ...[1, 21, 41, 41],
  ]);
});

Deno.test("several scales look at 321, 241 and 161 px with the same parameters", () => {
  const { graph, builder, output } = build(FULL, { side: 321 });
  const stems = graph.nodes.filter(({ name }) => /^conv1\/Conv/.test(name));
  const sides = stems.map(({ inputs }) => inputs[0]!.shape[2]);
  deepStrictEqual(sides, [321, 241, 161]);
  // The weight is scaled once, for all of them.
  strictEqual(new Set(stems.map(({ inputs }) => inputs[1])).size, 1);
  const single = configOf(
    { kind: "resnet101", multiScale: false },
    { kind: "plain" },
    21,
  );
  deepStrictEqual(builder.parameters, build(single).builder.parameters);
  deepStrictEqual(
    output.extraScores!.map(({ shape }) => shape),
    new Array(3).fill([1, 21, 41, 41]),
  );
  strictEqual(build(single).output.extraScores, undefined);
});

Deno.test("scores of several scales are their largest", () => {
  const config = configOf({ ...SMALL, multiScale: true });
  const { scores, extra0, extra1, extra2 } = run(build(config, { side: 33 }));
  deepStrictEqual(
    [...scores!],
    [...extra0!].map((x, i) => Math.max(x, extra1![i]!, extra2![i]!)),
  );
  const single = run(build(configOf(SMALL), { side: 33 }));
  deepStrictEqual(single.scores, extra0);
  ok(extra0!.some((x, i) => x > extra1![i]! && x > extra2![i]!));
});

/** A convolution and its gradients, random as they come, in float64. */
function layerResults(
  layer: NormalisedConvolution,
  make: (x: Value, builder: NetBuilder) => Value,
): Record<string, Float64Array> {
  const graph = new Graph("layer");
  const builder = new NetBuilder(graph, "train");
  const x = graph.input("x", "float32", [2, layer.inputChannels, 9, 9]);
  const y = make(x, builder);
  const [weight] = graph.parameters;
  const targets = graph.constant(
    Float32Array.from(randomNumbers(elementCount(y.shape), 3)),
    y.shape,
  );
  const loss = reduceSum(
    reshape(mul(y, targets), [elementCount(y.shape)]),
    [0],
  );
  const [ofX, ofWeight] = gradients(loss, [x, weight!]);
  for (const [name, value] of Object.entries({ y, ofX, ofWeight })) {
    graph.output(name, value!);
  }
  const feeds = [x, ...graph.parameters].map(({ name, shape }, i) => [
    name,
    randomNumbers(elementCount(shape), i + 7),
  ]);
  return evaluate(graph, Object.fromEntries(feeds));
}

Deno.test("a scale in the weights and a shift as bias are those after the convolution", () => {
  const common = { name: "l", channels: 5, inputChannels: 3, isFrozen: false };
  for (
    const layer of [
      { ...common, kernel: 1, stride: 2, dilation: 1 },
      { ...common, kernel: 3, stride: 1, dilation: 2 },
      { ...common, kernel: 3, stride: 2, dilation: 1 },
    ]
  ) {
    const { kernel, stride, dilation } = layer;
    const folded = layerResults(
      layer,
      (x, builder) => normalisedConvolution(builder, x, layer),
    );
    const after = layerResults(layer, (x, { graph }) => {
      const weight = graph.parameter("l/weight", [5, 3, kernel, kernel]);
      const scale = graph.parameter("l/scale", [1, 5, 1, 1]);
      const shift = graph.parameter("l/shift", [1, 5, 1, 1]);
      const pad = dilation * (kernel - 1) / 2;
      const y = conv(x, weight, null, { stride, dilation, pad });
      return add(mul(y, scale), shift);
    });
    for (const [name, found] of Object.entries(folded)) {
      const worst = Math.max(
        ...found.map((value, i) => Math.abs(value - after[name]![i]!)),
      );
      ok(worst < 1e-12, `${name} is off by ${worst}`);
    }
  }
});

Deno.test("batch norm adds nothing of the size of its features", () => {
  const { graph } = build(configOf(SMALL), { side: 33 });
  const names = graph.nodes.filter(({ inputs }) =>
    inputs.some(({ name }) => /(scale|shift)$/.test(name))
  ).map(({ operator, outputs }) =>
    operator.name === "Mul" ? outputs[0]!.shape[3]! <= 7 : operator.name
  );
  deepStrictEqual(new Set(names), new Set([true, "Conv"]));
});
