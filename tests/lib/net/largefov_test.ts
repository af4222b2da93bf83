import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { elementCount } from "../../../lib/graph/value.ts";
import { build, configOf, run, TINY } from "./built_segmenter.ts";

const FULL = configOf({ kind: "largefov" }, { kind: "plain" }, 21);

/** Parameters of each layer, weight and bias together. */
function parameterCounts(config: typeof FULL): Record<string, number> {
  const counts: Record<string, number> = {};
  const { builder } = build(config, { side: 33 });
  for (const { name, shape } of builder.parameters) {
    const [layer] = name.split("/");
    counts[layer!] = (counts[layer!] ?? 0) + elementCount(shape);
  }
  return counts;
}

Deno.test("LargeFOV has the paper's parameters, layer by layer", () => {
  const counts = parameterCounts(FULL);
  deepStrictEqual(counts, {
    conv1_1: 1_792,
    conv1_2: 36_928,
    conv2_1: 73_856,
    conv2_2: 147_584,
    conv3_1: 295_168,
    conv3_2: 590_080,
    conv3_3: 590_080,
    conv4_1: 1_180_160,
    conv4_2: 2_359_808,
    conv4_3: 2_359_808,
    conv5_1: 2_359_808,
    conv5_2: 2_359_808,
    conv5_3: 2_359_808,
    fc6: 4_719_616,
    fc7: 1_049_600,
    fc8: 21_525,
  });
  const total = Object.values(counts).reduce((sum, count) => sum + count);
  strictEqual(total, 20_505_429);
});

/** Window, channels and side of each convolution and pool, in order. */
function layersOf(side: number, config = FULL): string[] {
  const { graph } = build(config, { side });
  return graph.nodes.flatMap(({ operator, attributes, outputs }) => {
    if (!/Conv|Pool/.test(operator.name)) return [];
    const { strides, pads, dilations = [1, 1] } = attributes as Record<
      string,
      number[]
    >;
    const [, channels, height] = outputs[0]!.shape;
    return [
      `${operator.name} s${strides![0]} p${pads!.at(-1)} d${dilations[0]} ` +
      `${channels} ${height}`,
    ];
  });
}

Deno.test("LargeFOV has the paper's strides, pads, dilations and sizes at 321", () => {
  deepStrictEqual(layersOf(321), [
    ...new Array(2).fill("Conv s1 p1 d1 64 321"),
    "MaxPool s2 p1 d1 64 161",
    ...new Array(2).fill("Conv s1 p1 d1 128 161"),
    "MaxPool s2 p1 d1 128 81",
    ...new Array(3).fill("Conv s1 p1 d1 256 81"),
    "MaxPool s2 p1 d1 256 41",
    ...new Array(3).fill("Conv s1 p1 d1 512 41"),
    "MaxPool s1 p1 d1 512 41",
    ...new Array(3).fill("Conv s1 p2 d2 512 41"),
    "MaxPool s1 p1 d1 512 41",
    "AveragePool s1 p1 d1 512 41",
    "Conv s1 p12 d12 1024 41",
    "Conv s1 p0 d1 1024 41",
    "Conv s1 p0 d1 21 41",
  ]);
  strictEqual(layersOf(513).at(-1), "Conv s1 p0 d1 21 65");
});

const FINE = configOf(
  { kind: "largefov", outputStride: 4 },
  { kind: "plain" },
  21,
);

Deno.test("LargeFOV at output stride 4 pools once less and dilates conv4 and conv5 in return", () => {
  deepStrictEqual(layersOf(97, FINE), [
    ...new Array(2).fill("Conv s1 p1 d1 64 97"),
    "MaxPool s2 p1 d1 64 49",
    ...new Array(2).fill("Conv s1 p1 d1 128 49"),
    "MaxPool s2 p1 d1 128 25",
    ...new Array(3).fill("Conv s1 p1 d1 256 25"),
    "MaxPool s1 p1 d1 256 25",
    ...new Array(3).fill("Conv s1 p2 d2 512 25"),
    "MaxPool s1 p1 d1 512 25",
    ...new Array(3).fill("Conv s1 p4 d4 512 25"),
    "MaxPool s1 p1 d1 512 25",
    "AveragePool s1 p1 d1 512 25",
    "Conv s1 p12 d12 1024 25",
    "Conv s1 p0 d1 1024 25",
    "Conv s1 p0 d1 21 25",
  ]);
});

Deno.test("LargeFOV has the same parameters at both output strides", () => {
  const [coarse, fine] = [FULL, FINE].map((config) =>
    build(config, { side: 33 }).builder.parameters
  );
  deepStrictEqual(fine, coarse);
});

Deno.test("LargeFOV refuses other output strides than 8 and 4", () => {
  for (const outputStride of [2, 16, 6, "4"]) {
    throws(() => configOf({ kind: "largefov", outputStride }), {
      name: "ZodError",
      message: /"network",\s*"outputStride"/,
    });
  }
});

Deno.test("LargeFOV has a ReLU after every convolution but the last", () => {
  const { graph } = build(FULL, { side: 33 });
  const names = graph.nodes.map(({ operator }) => operator.name);
  const bare = names.filter((name, i) =>
    name === "Conv" && names[i + 1] !== "Relu"
  );
  strictEqual(bare.length, 1);
  strictEqual(names.at(-1), "Conv");
});

Deno.test("LargeFOV is narrowed by width, and never wider than asked", () => {
  const narrow = configOf({
    kind: "largefov",
    width: 0.25,
    maxChannels: 64,
    fcChannels: 128,
    fc7Channels: 126,
  });
  const { builder } = build(narrow);
  const channels = builder.parameters.filter(({ decays }) => decays)
    .map(({ shape }) => shape[0]);
  deepStrictEqual(channels, [
    ...[16, 16, 32, 32],
    ...new Array(9).fill(64),
    ...[128, 126, 3],
  ]);
});

Deno.test("LargeFOV drops half of fc6 and of fc7 in training, element by element", () => {
  const { builder } = build(configOf(TINY), { mode: "train" });
  deepStrictEqual(builder.dropouts, [
    { name: "fc6/kept", shape: [1, 8, 3, 3], keepShare: 0.5 },
    { name: "fc7/kept", shape: [1, 8, 3, 3], keepShare: 0.5 },
  ]);
});

Deno.test("LargeFOV's new values pass a signal on, however narrow it is", () => {
  const { scores } = run(build(configOf(TINY)));
  ok(scores!.every(Number.isFinite));
  const spread = Math.max(...scores!) - Math.min(...scores!);
  ok(spread > 0.1 && spread < 1000, `${spread}`);
});
