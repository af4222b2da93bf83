import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { elementCount } from "../../../lib/graph/value.ts";
import { importWeights } from "../../../lib/net/import_weights.ts";
import { LargeFovConfig } from "../../../lib/net/network_config.ts";
import type { NamedTensor } from "../../../lib/net/safetensors.ts";
import { vgg16Layout, vgg19Layout } from "../../../lib/net/vgg_layout.ts";
import { randomTensors } from "./random_tensors.ts";

const FULL = LargeFovConfig.parse({ kind: "largefov" });
/** Of 8 channels everywhere; fc6 has 6 of a file's 12 outputs. */
const NARROW = LargeFovConfig.parse({
  kind: "largefov",
  maxChannels: 8,
  fcChannels: 6,
});
const PUBLISHER = { encoding: null };

/** A file of torchvision's names for {@link NARROW}. */
function narrowFile(outputs = 12): Map<string, NamedTensor> {
  const bias = { shape: [outputs], data: new Float32Array(outputs) };
  const hint = new Map([["classifier.0.bias", bias]]);
  return randomTensors(vgg16Layout(hint, NARROW, PUBLISHER));
}

function imported(
  file: ReadonlyMap<string, NamedTensor>,
  network: LargeFovConfig = NARROW,
) {
  return importWeights(file, { layout: "vgg16", network }).tensors;
}

Deno.test("a full VGG-16 of torchvision has all its weights but the classifier's", () => {
  const { rules } = vgg16Layout(new Map(), FULL, PUBLISHER);
  const sources = new Map(
    rules.flatMap((rule) => rule.sources).map((each) => [each.name, each]),
  );
  const count = [...sources.values()]
    .reduce((sum, { shapes }) => sum + elementCount(shapes[0]!), 0);
  strictEqual(count, 138_357_544 - 4_097_000);
  deepStrictEqual(sources.get("classifier.0.weight")!.shapes, [
    [4096, 25088],
    [4096, 512, 7, 7],
  ]);
  deepStrictEqual(sources.get("features.28.weight")!.shapes, [
    [512, 512, 3, 3],
  ]);
  const made = rules.map(({ parameter, shape }) => [parameter, shape]);
  deepStrictEqual(made.slice(-4), [
    ["fc6/weight", [1024, 512, 3, 3]],
    ["fc6/bias", [1024]],
    ["fc7/weight", [1024, 1024, 1, 1]],
    ["fc7/bias", [1024]],
  ]);
});

Deno.test("fc6 keeps taps 0, 3 and 6 of every other output, fc7 the same outputs", () => {
  const file = narrowFile();
  const made = imported(file);
  const [fc6, fc7] = [made.get("fc6/weight")!, made.get("fc7/weight")!];
  const source6 = file.get("classifier.0.weight")!.data;
  const source7 = file.get("classifier.3.weight")!.data;
  const at6 = (row: number, c: number, y: number, x: number) =>
    ((row * 8 + c) * 7 + y) * 7 + x;
  strictEqual(
    fc6.data[((1 * 8 + 5) * 3 + 2) * 3 + 1],
    source6[at6(2, 5, 6, 3)],
  );
  strictEqual(
    fc6.data[((5 * 8 + 0) * 3 + 0) * 3 + 2],
    source6[at6(10, 0, 0, 6)],
  );
  strictEqual(fc7.data[3 * 6 + 4], source7[6 * 12 + 8]);
  deepStrictEqual(
    made.get("fc7/bias")!.data,
    file.get("classifier.3.bias")!.data.filter((_, i) => i % 2 === 0),
  );
});

Deno.test("fc6's taps are those at the distance of its dilation", () => {
  const file = narrowFile();
  const source = file.get("classifier.0.weight")!.data;
  const firstRow = (fc6Dilation: number, outputStride: 4 | 8 = 8) => {
    const made = imported(file, { ...NARROW, fc6Dilation, outputStride });
    return [...made.get("fc6/weight")!.data.slice(0, 3)];
  };
  const of = (...taps: number[]) => taps.map((tap) => source[tap]!);
  deepStrictEqual(firstRow(12), of(0, 3, 6));
  deepStrictEqual(firstRow(4), of(2 * 7 + 2, 2 * 7 + 3, 2 * 7 + 4));
  deepStrictEqual(firstRow(24), of(0, 3, 6));
  // Cells of 4 px are half as far apart: taps are 8 of them.
  deepStrictEqual(firstRow(24, 4), of(0, 3, 6));
  deepStrictEqual(firstRow(16, 4), of(7 + 1, 7 + 3, 7 + 5));
  deepStrictEqual(firstRow(8, 4), of(2 * 7 + 2, 2 * 7 + 3, 2 * 7 + 4));
  // Never the middle tap three times.
  deepStrictEqual(firstRow(1), firstRow(4));
});

Deno.test("timm's names are known too, and fc6 as a convolution", () => {
  const renamed = (from: RegExp, to: string) =>
    new Map([...narrowFile()].map(([name, tensor]) => [
      name.replace(from, to),
      tensor,
    ]));
  const timm = new Map(
    [...renamed(/classifier\.0/, "pre_logits.fc1")].map(([name, tensor]) => [
      name.replace("classifier.3", "pre_logits.fc2"),
      tensor,
    ]),
  );
  const fc6 = timm.get("pre_logits.fc1.weight")!;
  timm.set("pre_logits.fc1.weight", { ...fc6, shape: [12, 8, 7, 7] });
  timm.set("head.fc.weight", { shape: [1], data: new Float32Array(1) });
  deepStrictEqual(imported(timm), imported(narrowFile()));
});

Deno.test("Caffe's VGG-16 is of our own encoding, so conv1_1 stays as it is", () => {
  const ours = vgg16Layout(narrowFile(), NARROW, PUBLISHER).rules
    .map(({ parameter }) => parameter);
  const theirs = [...narrowFile().values()];
  const caffe = new Map(
    ours.map((name, i) => [name.replace("/", "."), theirs[i]!]),
  );
  const made = imported(caffe);
  deepStrictEqual(made.get("conv1_1/weight"), caffe.get("conv1_1.weight"));
  deepStrictEqual(made.get("conv1_1/bias"), caffe.get("conv1_1.bias"));
  deepStrictEqual(made.get("fc6/bias")!.data.length, 6);
});

Deno.test("conv1_1 is turned from RGB to BGR; the other convolutions are as they were", () => {
  const file = narrowFile();
  const made = imported(file);
  const std = [0.229, 0.224, 0.225].map((level) => 255 * level);
  const first = file.get("features.0.weight")!.data;
  const got = made.get("conv1_1/weight")!.data;
  for (const c of [0, 1, 2]) {
    strictEqual(got[c * 9], Math.fround(first[(2 - c) * 9]! / std[2 - c]!));
  }
  deepStrictEqual(
    made.get("conv3_2/weight"),
    file.get("features.12.weight"),
  );
});

Deno.test("conv1_1 makes up for the scale of the network's input", () => {
  const of = (inputScale: number) =>
    imported(narrowFile(), { ...NARROW, inputScale });
  const [plain, scaled] = [of(1), of(1 / 64)];
  deepStrictEqual(
    scaled.get("conv1_1/weight")!.data,
    plain.get("conv1_1/weight")!.data.map((w) => 64 * w),
  );
  deepStrictEqual(scaled.get("conv1_1/bias"), plain.get("conv1_1/bias"));
});

Deno.test("a wrong file is told of in one go", () => {
  const file = narrowFile();
  const tensor = (...shape: number[]) => ({
    shape,
    data: new Float32Array(elementCount(shape)),
  });
  file.delete("features.5.bias");
  file.set("features.30.weight", tensor(8, 8, 3, 3));
  file.set("features.7.weight", tensor(8, 8, 5, 5));
  file.set("features.10.bias", {
    shape: [8],
    data: new Float32Array(8).fill(NaN, 3),
  });
  file.set("classifier.6.bias", tensor(1000));
  throws(() => imported(file), {
    name: "RangeError",
    message:
      "Cannot import weights as VGG-16 (torchvision) as the file must hold " +
      "its tensors:\n  missing: features.5.bias\n  surplus: features.30.weight" +
      "\n  mis-shaped: features.7.weight is [8, 8, 5, 5], not [8, 8, 3, 3]" +
      "\n  not finite: features.10.bias is NaN at 3",
  });
});

Deno.test("a file of fewer outputs than fc6 shall have is mis-shaped", () => {
  throws(
    () => imported(narrowFile(), { ...NARROW, fcChannels: 20 }),
    /mis-shaped: classifier.0.weight is \[12, 392\], not \[20, 392\]/,
  );
});

Deno.test("an import tells what it dropped, and only takes its network's layout", () => {
  const file = narrowFile();
  file.set("classifier.6.bias", { shape: [2], data: new Float32Array(2) });
  const options = { layout: "vgg16", network: NARROW } as const;
  deepStrictEqual(importWeights(file, options).dropped, ["classifier.6.bias"]);
  throws(() => importWeights(file, { ...options, layout: "resnet101" }), {
    message:
      'Cannot import weights as the network must take layout "resnet101": ' +
      'it is "largefov"',
  });
});

Deno.test("VGG-19 gives conv1…conv3, and loses conv3_4", () => {
  const file = randomTensors(vgg19Layout(NARROW, PUBLISHER));
  file.set("conv3_4.bias", { shape: [8], data: new Float32Array(8) });
  const { tensors, dropped } = importWeights(file, {
    layout: "vgg19_conv1_3",
    network: NARROW,
  });
  deepStrictEqual(dropped, ["conv3_4.bias"]);
  strictEqual(tensors.size, 14);
  deepStrictEqual(
    tensors.get("conv3_3/weight"),
    file.get("conv3_3.weight"),
  );
});
