import { deepStrictEqual, throws } from "node:assert/strict";
import {
  CAFFE_ENCODING,
  TENSORFLOW_ENCODING,
} from "../../../lib/net/input_encoding.ts";
import { networkInput } from "../../../lib/predict/network_input.ts";

// Red then black, above blue then white.
const IMAGE = {
  width: 2,
  height: 2,
  data: Uint8Array.of(255, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255),
};

Deno.test("networkInput makes planes of red, green and blue, padded with the mean", () => {
  const plain = { order: "rgb", mean: [0, 0, 0], scale: 1 } as const;
  const padded = { width: 3, height: 3 };
  deepStrictEqual(
    [...networkInput(IMAGE, padded, plain)],
    [
      ...[255, 0, 0, 0, 255, 0, 0, 0, 0],
      ...[0, 0, 0, 0, 255, 0, 0, 0, 0],
      ...[0, 0, 0, 255, 255, 0, 0, 0, 0],
    ],
  );
});

Deno.test("networkInput begins with blue for networks of Caffe", () => {
  const input = networkInput(IMAGE, IMAGE, CAFFE_ENCODING);
  const [blue, green, red] = [104.008, 116.669, 122.675];
  deepStrictEqual(
    input,
    Float32Array.from([
      ...[-blue, -blue, 255 - blue, 255 - blue],
      ...[-green, -green, -green, 255 - green],
      ...[255 - red, -red, -red, 255 - red],
    ]),
  );
});

Deno.test("networkInput scales levels to −1…1 for networks of TensorFlow", () => {
  const input = networkInput(IMAGE, IMAGE, TENSORFLOW_ENCODING);
  deepStrictEqual([...input.subarray(0, 4)], [127 / 128, -1, -1, 127 / 128]);
});

Deno.test("networkInput refuses a picture larger than its padded size", () => {
  const size = { width: 2, height: 1 };
  throws(() => networkInput(IMAGE, size, CAFFE_ENCODING), {
    name: "RangeError",
    message: "Cannot pad a picture as it must fit in 2 × 1 px: it is 2 × 2",
  });
});
