import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { elementCount } from "../../../lib/graph/value.ts";
import { importWeights } from "../../../lib/net/import_weights.ts";
import { ResNet101Config } from "../../../lib/net/network_config.ts";
import { resNet101Layout } from "../../../lib/net/resnet101_layout.ts";
import { segmenterParameters } from "../../../lib/net/segmenter.ts";
import { isHeadParameter } from "../../../lib/net/parameter.ts";
import { configOf } from "./built_segmenter.ts";
import { randomTensors } from "./random_tensors.ts";

const SMALL = ResNet101Config.parse({
  kind: "resnet101",
  width: 0.01,
  blocks: [1, 2, 1, 1],
});
const CAFFE = { encoding: "caffe" } as const;

Deno.test("a full ResNet-101 has torchvision's tensors but its classifier's", () => {
  const network = ResNet101Config.parse({ kind: "resnet101" });
  const { rules } = resNet101Layout(network, { encoding: null });
  const sources = new Map(
    rules.flatMap((rule) => rule.sources).map((each) => [each.name, each]),
  );
  strictEqual(sources.size, 104 * 5);
  const learnt = [...sources.values()]
    .filter(({ name }) => !name.includes("running_"))
    .reduce((sum, { shapes }) => sum + elementCount(shapes[0]!), 0);
  strictEqual(learnt, 44_549_160 - 2_049_000);
  deepStrictEqual(sources.get("layer3.22.conv2.weight")?.shapes, [
    [256, 256, 3, 3],
  ]);
  ok(sources.has("layer4.0.downsample.1.running_var"));
});

Deno.test("a ResNet's file gives all parameters but the head's, of their shapes", () => {
  const file = randomTensors(resNet101Layout(SMALL, CAFFE));
  const { tensors } = importWeights(file, {
    layout: "resnet101",
    network: { ...SMALL, strideOn: "middle" },
  });
  const specs = segmenterParameters(configOf(SMALL))
    .filter(({ name }) => !isHeadParameter(name));
  deepStrictEqual(
    new Map([...tensors].map(([name, { shape }]) => [name, shape])),
    new Map(specs.map(({ name, shape }) => [name, shape])),
  );
  for (const { shape, data } of tensors.values()) {
    strictEqual(data.length, elementCount(shape));
  }
});

Deno.test("scale and shift do what batch norm did", () => {
  const file = randomTensors(resNet101Layout(SMALL, CAFFE));
  const { tensors } = importWeights(file, {
    layout: "resnet101",
    network: SMALL,
    encoding: "caffe",
  });
  for (
    const [ours, theirs] of [
      ["conv1", "bn1"],
      ["layer2_1/conv3", "layer2.1.bn3"],
      ["layer2_0/downsample", "layer2.0.downsample.1"],
    ]
  ) {
    const of = (part: string) => file.get(`${theirs}.${part}`)!.data[1]!;
    const x = 0.7;
    const expected = (x - of("running_mean")) /
        Math.sqrt(of("running_var") + 1e-5) * of("weight") + of("bias");
    const got = x * tensors.get(`${ours}/scale`)!.data[1]! +
      tensors.get(`${ours}/shift`)!.data[1]!;
    ok(Math.abs(got - expected) < 1e-6, `${ours}: ${got}, ${expected}`);
  }
});

Deno.test("conv1's offset of another encoding is scaled by its batch norm", () => {
  const file = randomTensors(resNet101Layout(SMALL, CAFFE));
  const imported = (encoding: "caffe" | "keras") =>
    importWeights(file, { layout: "resnet101", network: SMALL, encoding })
      .tensors;
  const [caffe, keras] = [imported("caffe"), imported("keras")];
  const weight = file.get("conv1.weight")!.data;
  const means = [104.008 - 103.939, 116.669 - 116.779, 122.675 - 123.68];
  const offset = means.reduce(
    (sum, mean, c) =>
      sum + mean * weight.slice(c * 49, (c + 1) * 49).reduce((a, b) => a + b),
    0,
  );
  const expected = caffe.get("conv1/shift")!.data[0]! +
    offset * caffe.get("conv1/scale")!.data[0]!;
  ok(Math.abs(keras.get("conv1/shift")!.data[0]! - expected) < 1e-4);
});

Deno.test("weights only go where they strode in training, of which shapes say nothing", () => {
  const file = randomTensors(resNet101Layout(SMALL, CAFFE));
  const imported = (
    encoding: "caffe" | "keras" | "torchvision" | null,
    strideOn: "first" | "middle",
  ) => {
    const network = { ...SMALL, strideOn };
    return importWeights(file, { layout: "resnet101", network, encoding });
  };
  for (const encoding of [null, "torchvision"] as const) {
    imported(encoding, "middle");
    throws(() => imported(encoding, "first"), {
      name: "RangeError",
      message:
        'Cannot import ResNet-101 as the network must stride in the "middle" ' +
        'convolution of a bottleneck, as weights of encoding "torchvision" ' +
        'do: strideOn is "first"; set it, or the encoding if the weights are ' +
        "another publisher's",
    });
  }
  for (const encoding of ["caffe", "keras"] as const) {
    imported(encoding, "first");
    throws(
      () => imported(encoding, "middle"),
      /must stride in the "first" .* strideOn is "middle"; set it/,
    );
  }
});

Deno.test("a variance that is none is told of, not made NaN", () => {
  const file = randomTensors(resNet101Layout(SMALL, CAFFE));
  file.get("layer2.1.bn3.running_var")!.data[2] = -1;
  throws(
    () =>
      importWeights(file, {
        layout: "resnet101",
        network: SMALL,
        encoding: "caffe",
      }),
    {
      name: "RangeError",
      message:
        "Cannot import weights as ResNet-101 as the file must hold its " +
        "tensors:\n  not finite: layer2_1/conv3/scale, made of " +
        "layer2.1.bn3.weight and layer2.1.bn3.running_var, is NaN at 2, " +
        "layer2_1/conv3/shift, made of layer2.1.bn3.weight and " +
        "layer2.1.bn3.running_var and layer2.1.bn3.bias and " +
        "layer2.1.bn3.running_mean, is NaN at 2",
    },
  );
});
