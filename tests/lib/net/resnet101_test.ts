import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { elementCount } from "../../../lib/graph/value.ts";
import {
  type NormalisedConvolution,
  resNetLayers,
} from "../../../lib/net/resnet101.ts";
import { ResNet101Config } from "../../../lib/net/network_config.ts";
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
  const sides = graph.nodes.filter(({ inputs }) =>
    inputs[1]?.name === "conv1/weight"
  ).map(({ inputs }) => inputs[0]!.shape[2]);
  deepStrictEqual(sides, [321, 241, 161]);
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
