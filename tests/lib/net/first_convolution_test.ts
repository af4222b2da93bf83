import { deepStrictEqual, ok } from "node:assert/strict";
import {
  fitFirstConvolution,
  TRAINED_ENCODINGS,
  type TrainedEncoding,
} from "../../../lib/net/first_convolution.ts";
import {
  CAFFE_ENCODING,
  type InputEncoding,
  TENSORFLOW_ENCODING,
} from "../../../lib/net/input_encoding.ts";
import { randomNumbers } from "../graph/differences.ts";

const CHANNELS = 2;
const TAPS = 9;
const WEIGHT = Float32Array.from(randomNumbers(CHANNELS * 3 * TAPS, 1));
/** Levels of red, green and blue at each tap. */
const RGB = [0, 1, 2].map((c) =>
  randomNumbers(TAPS, 10 + c).map((x) => 127 * x + 128)
);

/** What a weight gives on the levels as they are encoded. */
function responses(
  weight: Float32Array,
  encoding: { readonly order: string },
  encode: (level: number, c: number) => number,
): number[] {
  return Array.from({ length: CHANNELS }, (_, o) => {
    let sum = 0;
    for (let c = 0; c < 3; c++) {
      const levels = RGB[encoding.order === "rgb" ? c : 2 - c]!;
      for (let tap = 0; tap < TAPS; tap++) {
        sum += weight[(o * 3 + c) * TAPS + tap]! * encode(levels[tap]!, c);
      }
    }
    return sum;
  });
}

Deno.test("fitted weights give on our pictures what they gave on theirs", () => {
  const froms: TrainedEncoding[] = Object.values(TRAINED_ENCODINGS);
  const tos: InputEncoding[] = [CAFFE_ENCODING, TENSORFLOW_ENCODING];
  for (const from of froms) {
    for (const to of tos) {
      const fitted = fitFirstConvolution(WEIGHT, {
        channels: CHANNELS,
        from,
        to,
      });
      const before = responses(
        WEIGHT,
        from,
        (level, c) => (level - from.mean[c]!) / from.std[c]!,
      );
      const after = responses(
        fitted.weight,
        to,
        (level, c) => (level - to.mean[c]!) * to.scale,
      );
      for (const [o, response] of before.entries()) {
        const got = after[o]! + fitted.offset[o]!;
        ok(Math.abs(got - response) < 1e-4 * (1 + Math.abs(response)));
      }
    }
  }
});

Deno.test("weights of our own encoding stay as they are", () => {
  const { weight, offset } = fitFirstConvolution(WEIGHT, {
    channels: CHANNELS,
    from: TRAINED_ENCODINGS.caffe,
    to: CAFFE_ENCODING,
  });
  deepStrictEqual(weight, WEIGHT);
  deepStrictEqual(offset, new Float32Array(CHANNELS));
});
