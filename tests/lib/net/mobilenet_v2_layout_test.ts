import { deepStrictEqual, throws } from "node:assert/strict";
import { importWeights } from "../../../lib/net/import_weights.ts";
import { mobileNetV2Layout } from "../../../lib/net/mobilenet_v2_layout.ts";
import { MobileNetV2Config } from "../../../lib/net/network_config.ts";
import { segmenterParameters } from "../../../lib/net/segmenter.ts";
import { configOf } from "./built_segmenter.ts";
import { randomTensors } from "./random_tensors.ts";

const SMALL = MobileNetV2Config.parse({ kind: "mobilenet_v2", width: 0.1 });
const OPTIONS = { layout: "mobilenet_v2", network: SMALL } as const;

Deno.test("a MobileNetV2 gives all parameters of the encoder, of their shapes", () => {
  const file = randomTensors(mobileNetV2Layout(SMALL));
  const { tensors } = importWeights(file, OPTIONS);
  const specs = segmenterParameters(configOf(SMALL))
    .filter(({ name }) => !/^fc\d/.test(name));
  deepStrictEqual(
    new Map([...tensors].map(([name, { shape }]) => [name, shape])),
    new Map(specs.map(({ name, shape }) => [name, shape])),
  );
});

Deno.test("a MobileNetV2's layers go to the blocks of their number", () => {
  const file = randomTensors(mobileNetV2Layout(SMALL));
  const { tensors } = importWeights(file, OPTIONS);
  for (
    const [ours, theirs] of [
      ["stem/weight", "Conv.weight"],
      ["block0/depthwise/bias", "expanded_conv/depthwise.bias"],
      ["block1/expand/weight", "expanded_conv_1/expand.weight"],
      ["block16/project/weight", "expanded_conv_16/project.weight"],
    ]
  ) {
    deepStrictEqual(tensors.get(ours!), file.get(theirs!));
  }
});

Deno.test("a MobileNetV2 is only read as trained on TensorFlow's pictures", () => {
  const file = randomTensors(mobileNetV2Layout(SMALL));
  throws(() => importWeights(file, { ...OPTIONS, encoding: "torchvision" }), {
    name: "RangeError",
    message:
      'Cannot import MobileNetV2 as its encoding must be "tensorflow": ' +
      'it is "torchvision"',
  });
});
