import { deepStrictEqual, throws } from "node:assert/strict";
import { fittedSize, shrinkImage } from "../../../lib/image/shrink_image.ts";

Deno.test("shrinkImage keeps the mean of a picture whose parts are equal", () => {
  const data = Uint8Array.from({ length: 4 * 2 * 3 }, (_, i) => i * 10);
  const { width, height } = fittedSize({ width: 4, height: 2 }, 2);
  const small = shrinkImage({ width: 4, height: 2, data }, { width, height });
  // Means of the left and the right half, sample by sample.
  deepStrictEqual([...small.data], [75, 85, 95, 135, 145, 155]);
  throws(() => shrinkImage(small, { width: 4, height: 1 }), {
    message: "Cannot shrink a picture of 2 × 1 px as its new size must be " +
      "from 1 × 1 px to its own: 4 × 1",
  });
});
