import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { encodePixels } from "../../../lib/net/encode_pixels.ts";
import { CAFFE_ENCODING } from "../../../lib/net/input_encoding.ts";
import { networkInput } from "../../../lib/predict/network_input.ts";
import { cropAxes } from "../../../lib/train/augment.ts";
import { encodeCrop } from "../../../lib/train/image_planes.ts";

const PLAIN = { order: "rgb", mean: [0, 0, 0], scale: 1 } as const;

Deno.test("encodePixels takes columns and rows in any order, and leaves the padding", () => {
  // Red is 10 · row + column.
  const data = Uint8Array.from(
    [0, 1, 2, 10, 11, 12].flatMap((red) => [red, 100, 200]),
  );
  const image = { width: 3, height: 2, data };
  const planes = new Float32Array(3 * 6);
  const columns = Int32Array.of(2, -1, 0);
  encodePixels(planes, { image, columns, rows: Int32Array.of(1, 0) }, PLAIN);
  deepStrictEqual([...planes], [
    ...[12, 0, 10, 2, 0, 0],
    ...[100, 0, 100, 100, 0, 100],
    ...[200, 0, 200, 200, 0, 200],
  ]);
});

Deno.test("training sees a picture at its own size to the bit as prediction does", () => {
  const anyImage = fc.record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
  }).chain(({ width, height }) => {
    const length = 3 * width * height;
    const data = fc.uint8Array({ minLength: length, maxLength: length });
    return data.map((data) => ({ width, height, data }));
  });
  fc.assert(
    fc.property(anyImage, (image) => {
      const placement = { scaled: image, x0: 0, y0: 0, isMirrored: false };
      const crop = { image, ...cropAxes(image, placement, 9) };
      const planes = new Float32Array(3 * 81);
      encodeCrop(planes, crop, CAFFE_ENCODING);
      const size = { width: 9, height: 9 };
      deepStrictEqual(planes, networkInput(image, size, CAFFE_ENCODING));
    }),
    { seed: 1, numRuns: 30 },
  );
});
