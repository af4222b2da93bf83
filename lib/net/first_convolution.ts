/**
 * Fits trained weights to another encoding of pictures.
 *
 * @module
 */
import type { InputEncoding } from "./input_encoding.ts";

/** Channel c of an input was (level − mean[c]) / std[c], levels 0…255. */
export interface TrainedEncoding {
  readonly order: "bgr" | "rgb";
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** What trained networks were fed with, by who published them. */
export const TRAINED_ENCODINGS = {
  /** PyTorch's own; timm's copies of them too. */
  torchvision: {
    order: "rgb",
    mean: [0.485, 0.456, 0.406].map((level) => 255 * level),
    std: [0.229, 0.224, 0.225].map((level) => 255 * level),
  },
  /** Caffe's VGG and ResNet, and DeepLab. */
  caffe: { order: "bgr", mean: [104.008, 116.669, 122.675], std: [1, 1, 1] },
  /** Keras' copy of VGG-19. */
  keras: { order: "bgr", mean: [103.939, 116.779, 123.68], std: [1, 1, 1] },
  /** TensorFlow's MobileNets. */
  tensorflow: {
    order: "rgb",
    mean: [128, 128, 128],
    std: [128, 128, 128],
  },
} as const satisfies Record<string, TrainedEncoding>;

/** Name of a {@link TrainedEncoding}. */
export type TrainedEncodingName = keyof typeof TRAINED_ENCODINGS;

/** A first convolution, fitted. */
export interface FirstConvolution {
  /** `[Co, 3, kh, kw]`. */
  readonly weight: Float32Array;
  /** What is to be added to the convolution: `[Co]`. */
  readonly offset: Float32Array;
}

/**
 * Weights that give on pictures of encoding `to` what `weight` gave on those
 * of `from`: channels in the other order, scaled, and what the means differ by
 * as an offset. It is exact but where the window hangs over the border: padding
 * is then the one mean colour or the other, about one level apart, or up to 25
 * where one is TensorFlow's grey.
 *
 * @param weight `[Co, 3, kh, kw]`.
 *
 * @example
 * ```ts
 * import { fitFirstConvolution, TRAINED_ENCODINGS } from "./first_convolution.ts";
 * import { CAFFE_ENCODING } from "./input_encoding.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const weight = Float32Array.of(1, 2, 3);
 * const { offset } = fitFirstConvolution(weight, {
 *   channels: 1,
 *   from: TRAINED_ENCODINGS.caffe,
 *   to: CAFFE_ENCODING,
 * });
 * deepStrictEqual(offset, Float32Array.of(0));
 * ```
 */
export function fitFirstConvolution(
  weight: Float32Array,
  { channels, from, to }: {
    /** Co. */
    readonly channels: number;
    readonly from: TrainedEncoding;
    readonly to: InputEncoding;
  },
): FirstConvolution {
  const taps = weight.length / channels / 3;
  const fitted = new Float32Array(weight.length);
  const offset = new Float32Array(channels);
  for (let o = 0; o < channels; o++) {
    let sum = 0;
    for (let c = 0; c < 3; c++) {
      const source = from.order === to.order ? c : 2 - c;
      const factor = 1 / (from.std[source]! * to.scale);
      const shift = (to.mean[c]! - from.mean[source]!) / from.std[source]!;
      for (let tap = 0; tap < taps; tap++) {
        const w = weight[(o * 3 + source) * taps + tap]!;
        fitted[(o * 3 + c) * taps + tap] = w * factor;
        sum += w * shift;
      }
    }
    offset[o] = sum;
  }
  return { weight: fitted, offset };
}
