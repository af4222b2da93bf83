/**
 * VGG-16 and VGG-19 as files have them, into LargeFOV.
 *
 * @module
 */
import { elementCount, type Shape } from "../graph/value.ts";
import {
  fitFirstConvolution,
  TRAINED_ENCODINGS,
  type TrainedEncodingName,
} from "./first_convolution.ts";
import { type InputEncoding, inputEncoding } from "./input_encoding.ts";
import { type VggConvolution, vggConvolutions } from "./largefov.ts";
import type { LargeFovConfig } from "./network_config.ts";
import type { NamedTensor } from "./safetensors.ts";
import { copied, type WeightLayout, type WeightRule } from "./weight_layout.ts";

/** How a publisher names the layers. */
interface Naming {
  readonly title: string;
  readonly encoding: TrainedEncodingName;
  /** The i-th of the 13 convolutions, called `name` by us. */
  convolution(i: number, name: string): string;
  readonly fc6: string;
  readonly fc7: string;
  readonly classifier: string;
}

/** Where the convolutions are among torchvision's layers. */
const FEATURES = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28];

const NAMINGS: readonly Naming[] = [
  {
    title: "VGG-16 (torchvision)",
    encoding: "torchvision",
    convolution: (i) => `features.${FEATURES[i]}`,
    fc6: "classifier.0",
    fc7: "classifier.3",
    classifier: "classifier.6",
  },
  {
    title: "VGG-16 (timm)",
    encoding: "torchvision",
    convolution: (i) => `features.${FEATURES[i]}`,
    fc6: "pre_logits.fc1",
    fc7: "pre_logits.fc2",
    classifier: "head.fc",
  },
  {
    title: "VGG-16 (Caffe)",
    encoding: "caffe",
    convolution: (_, name) => name,
    fc6: "fc6",
    fc7: "fc7",
    classifier: "fc8",
  },
];

/** See {@link vgg16Layout}. */
export interface LayoutOptions {
  /** What the weights were trained on; null: what its publisher uses. */
  readonly encoding: TrainedEncodingName | null;
}

/**
 * VGG-16 as torchvision, timm or ports of Caffe's model name it.
 *
 * fc6 is decimated as DeepLab does it. At VGG's own cells of 32 px its 7 × 7
 * taps are 32 / s of LargeFOV's cells apart, s the output stride, so the tap of
 * a 3 × 3 kernel dilated by d lies at tap 3 ± d · s / 32 of it, or the nearest
 * there is but the middle: 0, 3 and 6 at a dilation of 12 and s = 8. Of the 4,096
 * outputs, and so of fc7's inputs and outputs, every fourth is taken. Nothing
 * is rescaled.
 *
 * @param tensors Of the file: they tell who wrote it, and how many outputs fc6
 *   has.
 *
 * @example
 * ```ts
 * import { LargeFovConfig } from "./network_config.ts";
 * import { vgg16Layout } from "./vgg_layout.ts";
 * import { strictEqual } from "node:assert";
 *
 * const network = LargeFovConfig.parse({ kind: "largefov" });
 * const { rules } = vgg16Layout(new Map(), network, { encoding: null });
 * strictEqual(rules.length, 30);
 * ```
 */
export function vgg16Layout(
  tensors: ReadonlyMap<string, NamedTensor>,
  network: LargeFovConfig,
  { encoding }: LayoutOptions,
): WeightLayout {
  const naming =
    NAMINGS.find(({ fc6, convolution }) =>
      tensors.has(`${fc6}.weight`) &&
      tensors.has(`${convolution(0, "conv1_1")}.weight`)
    ) ?? NAMINGS[0]!;
  const encodings = {
    from: encoding ?? naming.encoding,
    to: inputEncoding(network),
  };
  const convolutions = vggConvolutions(network);
  const rules = convolutions.flatMap((layer, i) =>
    convolutionRules(layer, naming.convolution(i, layer.name), encodings)
  );
  return {
    title: naming.title,
    rules: [...rules, ...fullyConnectedRules(tensors, network, naming)],
    isDropped: (name) => name.startsWith(`${naming.classifier}.`),
  };
}

/**
 * VGG-19's conv1…conv3 under Caffe's names. LargeFOV has three convolutions in
 * conv3: the fourth is left out.
 *
 * @example
 * ```ts
 * import { LargeFovConfig } from "./network_config.ts";
 * import { vgg19Layout } from "./vgg_layout.ts";
 * import { strictEqual } from "node:assert";
 *
 * const network = LargeFovConfig.parse({ kind: "largefov" });
 * strictEqual(vgg19Layout(network, { encoding: null }).rules.length, 14);
 * ```
 */
export function vgg19Layout(
  network: LargeFovConfig,
  { encoding }: LayoutOptions,
): WeightLayout {
  const layers = vggConvolutions(network)
    .filter(({ name }) => /^conv[123]_/.test(name));
  const encodings = { from: encoding ?? "keras", to: inputEncoding(network) };
  return {
    title: "conv1…conv3 of VGG-19",
    rules: layers.flatMap((layer) =>
      convolutionRules(layer, layer.name, encodings)
    ),
    isDropped: (name) => name.startsWith("conv3_4."),
  };
}

/** Of the pictures that weights were trained on, and of ours. */
interface Encodings {
  readonly from: TrainedEncodingName;
  readonly to: InputEncoding;
}

function convolutionRules(
  { name, channels, inputChannels }: VggConvolution,
  source: string,
  encodings: Encodings,
): WeightRule[] {
  const shape = [channels, inputChannels, 3, 3];
  const weight = copied(`${name}/weight`, shape, `${source}.weight`);
  const bias = copied(`${name}/bias`, [channels], `${source}.bias`);
  if (name !== "conv1_1") return [weight, bias];
  const fitted = (data: Float32Array) =>
    fitFirstConvolution(data, {
      channels,
      from: TRAINED_ENCODINGS[encodings.from],
      to: encodings.to,
    });
  return [
    { ...weight, convert: (data) => fitted(data!).weight },
    {
      ...bias,
      sources: [...weight.sources, ...bias.sources],
      convert: (data, old) => {
        const { offset } = fitted(data!);
        return old!.map((value, i) => value + offset[i]!);
      },
    },
  ];
}

const FC6_KERNEL = 7;
const FC6_TAPS = FC6_KERNEL ** 2;
/** From one tap of VGG's fc6 to the next. */
const TAP_PX = 32;
const FC_OUTPUTS = 4096;

function fullyConnectedRules(
  tensors: ReadonlyMap<string, NamedTensor>,
  network: LargeFovConfig,
  { fc6, fc7 }: Naming,
): WeightRule[] {
  const inputs = vggConvolutions(network).at(-1)!.channels;
  const given = tensors.get(`${fc6}.bias`)?.shape[0] ?? FC_OUTPUTS;
  const outputs = {
    fc6: network.fcChannels,
    fc7: network.fc7Channels ?? network.fcChannels,
  };
  // A file with fewer outputs than are wanted is told as mis-shaped.
  const has = Math.max(given, outputs.fc6, outputs.fc7);
  const rows6 = spreadIndices(outputs.fc6, has);
  const rows7 = spreadIndices(outputs.fc7, has);
  return [
    {
      parameter: "fc6/weight",
      shape: [outputs.fc6, inputs, 3, 3],
      sources: [{
        name: `${fc6}.weight`,
        shapes: [[has, inputs * FC6_TAPS], [has, inputs, 7, 7]],
      }],
      convert: (data) =>
        decimatedFc6(data!, { inputs, rows: rows6, taps: fc6Taps(network) }),
    },
    biasRule("fc6/bias", `${fc6}.bias`, { rows: rows6, has }),
    {
      parameter: "fc7/weight",
      shape: [outputs.fc7, outputs.fc6, 1, 1],
      sources: [{
        name: `${fc7}.weight`,
        shapes: [[has, has], [has, has, 1, 1]],
      }],
      convert: (data) =>
        Float32Array.from(
          rows7.flatMap((row) =>
            rows6.map((column) => data![row * has + column]!)
          ),
        ),
    },
    biasRule("fc7/bias", `${fc7}.bias`, { rows: rows7, has }),
  ];
}

function biasRule(
  parameter: string,
  source: string,
  { rows, has }: { readonly rows: readonly number[]; readonly has: number },
): WeightRule {
  return {
    ...copied(parameter, [has], source),
    shape: [rows.length],
    convert: (data) => Float32Array.from(rows, (row) => data![row]!),
  };
}

/** `count` of `has` indices, evenly spread from 0. */
function spreadIndices(count: number, has: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor(i * has / count));
}

/** Of the 7 taps of a row, those nearest to the three of a dilated kernel. */
function fc6Taps({ fc6Dilation, outputStride }: LargeFovConfig): number[] {
  const middle = (FC6_KERNEL - 1) / 2;
  const wanted = Math.round(fc6Dilation * outputStride / TAP_PX);
  const away = Math.max(1, Math.min(middle, wanted));
  return [middle - away, middle, middle + away];
}

function decimatedFc6(
  data: Float32Array,
  { inputs, rows, taps }: {
    readonly inputs: number;
    readonly rows: readonly number[];
    readonly taps: readonly number[];
  },
): Float32Array {
  const shape: Shape = [rows.length, inputs, 3, 3];
  const kept = new Float32Array(elementCount(shape));
  let at = 0;
  for (const row of rows) {
    for (let c = 0; c < inputs; c++) {
      const kernel = (row * inputs + c) * FC6_TAPS;
      for (const y of taps) {
        for (const x of taps) kept[at++] = data[kernel + y * FC6_KERNEL + x]!;
      }
    }
  }
  return kept;
}
