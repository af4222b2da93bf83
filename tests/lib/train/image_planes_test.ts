import { deepStrictEqual, ok } from "node:assert/strict";
import { cropAxes, type Placement } from "../../../lib/train/augment.ts";
import { encodeCrop } from "../../../lib/train/image_planes.ts";
import type { RgbImage } from "../../../lib/image/image.ts";

/** Red is the column, green ten times the row, blue 200. */
const image: RgbImage = {
  width: 10,
  height: 9,
  data: Uint8Array.from(
    { length: 10 * 9 * 3 },
    (_, i) => {
      const p = Math.floor(i / 3);
      return [p % 10, 10 * Math.floor(p / 10), 200][i % 3]!;
    },
  ),
};

function planes(
  placement: Partial<Placement>,
  encoding = { order: "rgb" as "rgb" | "bgr", mean: [0, 0, 0], scale: 1 },
): Float32Array[] {
  const placed = { scaled: image, x0: 0, y0: 0, isMirrored: false };
  const axes = cropAxes(image, { ...placed, ...placement }, 9);
  const written = new Float32Array(3 * 81);
  const mean = encoding.mean as [number, number, number];
  encodeCrop(written, { image, ...axes }, { ...encoding, mean });
  return [0, 1, 2].map((c) => written.subarray(c * 81, (c + 1) * 81));
}

Deno.test("encodeCrop writes the crop as planes, row by row", () => {
  const [red, green, blue] = planes({ x0: 1 });
  deepStrictEqual([...red!.subarray(0, 9)], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  deepStrictEqual([...green!.subarray(9, 11)], [10, 10]);
  ok(blue!.every((level) => level === 200));
});

Deno.test("encodeCrop mirrors", () => {
  const [red] = planes({ x0: 1, isMirrored: true });
  deepStrictEqual([...red!.subarray(0, 9)], [9, 8, 7, 6, 5, 4, 3, 2, 1]);
});

Deno.test("encodeCrop orders, centres and scales planes as the network wants", () => {
  const [blue, green, red] = planes({}, {
    order: "bgr",
    mean: [100, 10, 1],
    scale: 0.5,
  });
  deepStrictEqual([blue![1], green![1], red![1]], [50, -5, 0]);
});

Deno.test("encodeCrop leaves the padding at 0, the mean", () => {
  const half = { width: 5, height: 4 };
  const encoding = { order: "rgb" as const, mean: [7, 7, 7], scale: 1 };
  const [, , blue] = planes({ scaled: half }, encoding);
  const inside = [...blue!].map((level) => level === 193 ? "#" : `${level}`);
  deepStrictEqual(inside.slice(0, 9).join(""), "#####0000");
  deepStrictEqual(inside.slice(27, 45).join(""), "#####0000000000000");
});

Deno.test("encodeCrop mixes the colours of a scaled picture", () => {
  // Twice the size: centres at quarters; the first column is the edge itself.
  const [red, green] = planes({ scaled: { width: 20, height: 18 } });
  deepStrictEqual(
    [...red!.subarray(9, 18)],
    [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3.25, 3.75],
  );
  deepStrictEqual([green![0], green![9], green![18]], [0, 2.5, 7.5]);
});
