import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { gradients } from "../../../lib/graph/gradients.ts";
import { reduceSum } from "../../../lib/graph/operators/reduction.ts";
import { reshape } from "../../../lib/graph/operators/shape.ts";
import {
  HeadConfig,
  outputStride,
  paddedSide,
  SegmenterConfig,
} from "../../../lib/net/network_config.ts";
import { inputEncoding } from "../../../lib/net/input_encoding.ts";
import { isHeadParameter } from "../../../lib/net/parameter.ts";
import { segmenterParameters } from "../../../lib/net/segmenter.ts";
import { build, configOf, run, TINY } from "./built_segmenter.ts";

const HEADS = [
  { kind: "plain" },
  { kind: "bgm" },
  { kind: "bcm", combine: "concat" },
  { kind: "bcm", combine: "grouped" },
  { kind: "bcm", combine: "logit" },
];

Deno.test("a picture's sides must be 8k + 1", () => {
  for (const side of [1, 8, 16, 320]) {
    throws(() => build(configOf(TINY), { side }), {
      name: "RangeError",
      message: "Cannot build a segmenter as its images must be [N, 3, H, W] " +
        `with H and W 8k + 1, at least 9: float32[1, 3, ${side}, ${side}]`,
    });
  }
  strictEqual(build(configOf(TINY), { side: 9 }).output.scores.shape[2], 2);
});

Deno.test("outputStride tells how far apart the scores of every network are", () => {
  const strides = [
    TINY,
    { ...TINY, outputStride: 4 },
    { kind: "mobilenet_v2", width: 0.125, fcChannels: 8 },
    { kind: "resnet101", width: 0.125, blocks: [1, 1, 1, 1] },
  ].map((network) => {
    const config = configOf(network);
    const stride = outputStride(config.network);
    const { scores } = build(config, { side: 33 }).output;
    deepStrictEqual(scores.shape, [1, 3, 32 / stride + 1, 32 / stride + 1]);
    return stride;
  });
  deepStrictEqual(strides, [8, 4, 8, 8]);
});

Deno.test("paddedSide is the next 8k + 1", () => {
  const sides = [1, 9, 10, 17, 500].map(paddedSide);
  deepStrictEqual(sides, [9, 9, 17, 17, 505]);
});

Deno.test("every head gives C scores, and a map each or one for all", () => {
  const maps = HEADS.map((head) => {
    const { output } = build(configOf(TINY, head));
    deepStrictEqual(output.scores.shape, [1, 3, 3, 3]);
    return output.attention?.shape[1] ?? 0;
  });
  deepStrictEqual(maps, [0, 1, 3, 3, 3]);
});

Deno.test("networks under unlike heads differ in the head's parameters only", () => {
  const bodies = HEADS.map((head) =>
    segmenterParameters(configOf(TINY, head))
      .filter(({ name }) => !isHeadParameter(name))
  );
  for (const body of bodies) deepStrictEqual(body, bodies[0]);
  strictEqual(bodies[0]!.length, 30);
});

Deno.test("parameters do not depend on the size of the picture", () => {
  const config = configOf(TINY, { kind: "bcm" });
  deepStrictEqual(
    build(config, { side: 41 }).builder.parameters,
    segmenterParameters(config),
  );
});

Deno.test("training asks no gradient of frozen layers, and none passes them", () => {
  const { graph, builder, output } = build(
    configOf({ ...TINY, frozenBlocks: 2 }),
    { mode: "train" },
  );
  const count = output.scores.shape.reduce((a, b) => a * b);
  const loss = reduceSum(reshape(output.scores, [count]), [0]);
  const learnt = new Set(
    builder.parameters.filter(({ rate }) => rate > 0).map(({ name }) => name),
  );
  gradients(loss, graph.parameters.filter(({ name }) => learnt.has(name)));
  const backward = graph.nodes.map(({ name }) => name)
    .filter((name) => name.startsWith("gradient/"));
  strictEqual(backward.some((name) => name.includes("/conv3_1/")), true);
  strictEqual(backward.some((name) => /\/conv[12]_/.test(name)), false);
});

Deno.test("resnet101 masks scores, so it takes no head that masks slices", () => {
  const network = {
    kind: "resnet101",
    width: 0.01,
    blocks: [1, 1, 1, 1],
    multiScale: false,
  };
  throws(() => build(configOf(network, { kind: "bcm" })), {
    name: "RangeError",
    message: "Cannot build a resnet101 segmenter as its head must be plain, " +
      'bgm or bcm with combine "logit": combine is "concat"',
  });
  const plain = run(build(configOf(network), { side: 17 })).scores!;
  const masked = { kind: "bcm", combine: "logit", alphaBias: 60 };
  const open = build(configOf(network, masked), { side: 17 });
  const { scores, attention } = run(open);
  deepStrictEqual(attention!.length, plain.length);
  deepStrictEqual(
    [...scores!].map((s, i) => s - attention![i]! * plain[i]!),
    [...plain].map(() => 0),
  );
});

Deno.test("configs refuse what they do not know", () => {
  strictEqual(HeadConfig.safeParse({ kind: "cm" }).success, false);
  const config = { network: { kind: "largefov", widht: 1 }, classCount: 21 };
  strictEqual(SegmenterConfig.safeParse(config).success, false);
});

Deno.test("VGG and ResNet see BGR around the mean colour, MobileNet RGB in ±1", () => {
  const of = (kind: string) => inputEncoding(configOf({ kind }).network);
  deepStrictEqual(of("largefov"), {
    order: "bgr",
    mean: [104.008, 116.669, 122.675],
    scale: 1,
  });
  deepStrictEqual(of("resnet101"), of("largefov"));
  deepStrictEqual(of("mobilenet_v2"), {
    order: "rgb",
    mean: [128, 128, 128],
    scale: 1 / 128,
  });
});
