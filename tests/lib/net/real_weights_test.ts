/**
 * The real weights beside the project, on real photographs. They are not part
 * of it: without them these tests are left out.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { startOnnxruntimeNode } from "../../../lib/engine/onnxruntime_node.ts";
import { Graph } from "../../../lib/graph/graph.ts";
import { relu6 } from "../../../lib/graph/operators/activation.ts";
import { conv } from "../../../lib/graph/operators/convolution.ts";
import { reduceMean } from "../../../lib/graph/operators/reduction.ts";
import { slice } from "../../../lib/graph/operators/shape.ts";
import type { Value } from "../../../lib/graph/value.ts";
import { decodeImage } from "../../../lib/image/decode_image.ts";
import { importWeights } from "../../../lib/net/import_weights.ts";
import { initialise } from "../../../lib/net/initialise.ts";
import {
  type InputEncoding,
  inputEncoding,
} from "../../../lib/net/input_encoding.ts";
import {
  mobileNetBlocks,
  mobileNetV2Encoder,
} from "../../../lib/net/mobilenet_v2.ts";
import { NetBuilder } from "../../../lib/net/net_builder.ts";
import { NetworkConfig } from "../../../lib/net/network_config.ts";
import {
  decodeSafetensors,
  type NamedTensor,
} from "../../../lib/net/safetensors.ts";
import { startWeights } from "../../../lib/net/start_weights.ts";
import { build, configOf } from "./built_segmenter.ts";

const SHARED = new URL("../../../../shared/", import.meta.url);
const MOBILENET = new URL(
  "weights/mobilenet_v2_imagenet_folded.safetensors",
  SHARED,
);
const VGG19 = new URL("weights/vgg19_imagenet_conv1-3.safetensors", SHARED);
const PHOTOS = new URL("data/voc_subset/JPEGImages/", SHARED);

/** 7 cells of 32 px, and the first. */
const SIDE = 225;

function isThere(...urls: URL[]): boolean {
  return urls.every((url) => {
    try {
      return Deno.statSync(url).size > 0;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  });
}

async function weightsIn(url: URL) {
  return decodeSafetensors(await Deno.readFile(url));
}

/** The square middle of a photograph, encoded: `[3, SIDE, SIDE]`. */
async function photo(id: string, { order, mean, scale }: InputEncoding) {
  const path = `${id}.jpg`;
  const bytes = await Deno.readFile(new URL(path, PHOTOS));
  const { width, height, data } = await decodeImage(bytes, path);
  const side = Math.min(width, height);
  const at = (from: number, i: number) =>
    Math.round((from - side) / 2 + i * (side - 1) / (SIDE - 1));
  const encoded = new Float32Array(3 * SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const pixel = (at(height, y) * width + at(width, x)) * 3;
      for (let c = 0; c < 3; c++) {
        const level = data[pixel + (order === "rgb" ? c : 2 - c)]!;
        encoded[(c * SIDE + y) * SIDE + x] = (level - mean[c]!) * scale;
      }
    }
  }
  return encoded;
}

/** ImageNet's scores by the rest of the file, on every fourth cell. */
function classified(
  features: Value,
  file: ReadonlyMap<string, NamedTensor>,
): Value {
  const tensor = (name: string) => {
    const { data, shape } = file.get(name)!;
    return features.graph.constant(data, shape);
  };
  const layer = (x: Value, name: string) =>
    conv(x, tensor(`${name}.weight`), tensor(`${name}.bias`));
  const cells = features.shape[2]!;
  const every = { start: 0, end: cells, step: 4 };
  const coarse = [2, 3].reduce(
    (x, axis) => slice(x, { axis, ...every }),
    features,
  );
  const pooled = reduceMean(relu6(layer(coarse, "Conv_1")), [2, 3]);
  return layer(pooled, "Logits/Conv2d_1c_1x1/BiasAdd");
}

/** ImageNet's classes, background first, of what VOC calls so. */
const CLASSES: readonly [string, string, number, number][] = [
  ["2007_000720", "dog", 152, 269],
  ["2007_001397", "dog", 152, 269],
  ["2007_000549", "cat", 282, 288],
  ["2007_000876", "cat", 282, 288],
  ["2007_000925", "sheep", 349, 350],
  ["2007_001073", "ox", 346, 347],
];

Deno.test({
  name: "the real MobileNetV2 knows animals of VOC at cells of 8 px",
  ignore: !isThere(MOBILENET, PHOTOS),
  async fn() {
    const { tensors: file } = await weightsIn(MOBILENET);
    const network = NetworkConfig.parse({ kind: "mobilenet_v2" });
    const { tensors } = importWeights(file, {
      layout: "mobilenet_v2",
      network,
    });
    const graph = new Graph("classifier");
    const images = graph.input("images", "float32", [1, 3, SIDE, SIDE]);
    const builder = new NetBuilder(graph, "predict");
    const config = { width: 1, frozenBlocks: 0 };
    const features = mobileNetV2Encoder(builder, images, config);
    graph.output("classes", classified(features, file));
    const engine = await startOnnxruntimeNode("cpu");
    const constants = new Map(
      [...tensors].map(([name, { data }]) => [name, data]),
    );
    const program = await engine.compile(graph, { constants });
    for (const [id, title, first, last] of CLASSES) {
      const encoded = await photo(id, inputEncoding(network));
      const { classes } = await program.run({ images: encoded });
      const scores = classes as Float32Array;
      const best = scores.indexOf(scores.reduce((a, b) => Math.max(a, b)));
      ok(best >= first && best <= last, `${id}, a ${title}, is ${best}`);
    }
    await program.dispose();
  },
});

Deno.test({
  name: "the real MobileNetV2 loses its classifier and fills the encoder",
  ignore: !isThere(MOBILENET),
  async fn() {
    const { tensors: file, metadata } = await weightsIn(MOBILENET);
    const config = configOf({ kind: "mobilenet_v2" });
    const { tensors, dropped } = importWeights(file, {
      layout: "mobilenet_v2",
      network: config.network,
    });
    deepStrictEqual(dropped, [
      "Conv_1.weight",
      "Conv_1.bias",
      "Logits/Conv2d_1c_1x1/BiasAdd.weight",
      "Logits/Conv2d_1c_1x1/BiasAdd.bias",
    ]);
    const specs = build(config).builder.parameters;
    const { fresh } = startWeights(specs, tensors, {
      seed: 1,
      mayBeNew: "any",
    });
    deepStrictEqual(fresh, [
      ...["fc6/weight", "fc6/bias", "fc7/weight", "fc7/bias"],
      ...["fc8/weight", "fc8/bias"],
    ]);
    // The file's own list of layers has the strides of cells of 32 px.
    const layers: { layer?: string; stride?: number }[] = JSON.parse(
      metadata.layers!,
    );
    const strides = layers.filter(({ layer }) => layer?.endsWith("/depthwise"))
      .map(({ stride }) => stride);
    const dilations = mobileNetBlocks(1).blocks.map(({ dilation }) => dilation);
    deepStrictEqual(
      strides.map((stride, b) =>
        stride === 2 ? dilations[b + 1]! / dilations[b]! : 1
      ),
      strides.map((_, b) => [6, 13].includes(b) ? 2 : 1),
    );
  },
});

Deno.test({
  name: "the real VGG-19 fills conv1…conv3 of LargeFOV and sees a photograph",
  ignore: !isThere(VGG19, PHOTOS),
  async fn() {
    const { tensors: file } = await weightsIn(VGG19);
    // No channels are wasted on what the file does not have.
    const config = configOf({ kind: "largefov", fcChannels: 8 });
    const { tensors, dropped } = importWeights(file, {
      layout: "vgg19_conv1_3",
      network: config.network,
    });
    deepStrictEqual(dropped, ["conv3_4.weight", "conv3_4.bias"]);
    deepStrictEqual(tensors.get("conv1_1/weight"), file.get("conv1_1.weight"));
    const { graph, builder } = build(config, { side: SIDE });
    const conv33 = graph.nodes.find(({ name }) => name === "conv3_3/Conv")!;
    deepStrictEqual(conv33.outputs[0]!.shape, [1, 256, 57, 57]);
    graph.output("conv3_3", conv33.outputs[0]!);
    const values = initialise(
      builder.parameters.filter(({ name }) => !tensors.has(name)),
      1,
    );
    for (const [name, { data }] of tensors) values.set(name, data);
    const engine = await startOnnxruntimeNode("cpu");
    const program = await engine.compile(graph, { constants: values });
    const images = await photo("2007_000720", inputEncoding(config.network));
    const { conv3_3: found } = await program.run({ images });
    await program.dispose();
    const largest = (found as Float32Array)
      .reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const active = (found as Float32Array).filter((x) => x > 0).length;
    const share = active / found!.length;
    // As VGG's activations on levels of 0…255 are: hundreds, and sparse or not.
    ok(largest > 100 && largest < 1e5, `the largest is ${largest}`);
    ok(share > 0.05 && share < 0.95, `${share} of the cells are active`);
  },
});
