import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { RgbImage } from "../../lib/image/image.ts";
import { encodeRgbPng } from "../../lib/image/rgb_png.ts";
import { VOC_PALETTE } from "../../lib/label/palette.ts";
import { drawGallery } from "../../stages/draw_gallery.ts";
import { box, labelMap, picture } from "../drawings.ts";
import { runStage } from "./run_stage.ts";

/** Inputs for one-pixel pictures, each of the grey level that its id says. */
function greys(...levels: number[]) {
  const ids = levels.map((level) => `g${level}`);
  const of = <Item>(item: (level: number) => Item) =>
    Object.fromEntries(ids.map((id, i) => [id, item(levels[i]!)]));
  const none = of(() => labelMap("."));
  return {
    images: of((v) => encodeRgbPng(picture({ g: [v, v, v] }, "g"))),
    boxes: of(() => ({ width: 1, height: 1, boxes: [] })),
    rectangles: none,
    proposals: none,
    truth: none,
  };
}

/** Red levels of a picture, row by row. */
function reds({ width, height, data }: RgbImage): number[][] {
  return Array.from(
    { length: height },
    (_, y) =>
      Array.from({ length: width }, (_, x) => data[3 * (y * width + x)]!),
  );
}

Deno.test("draw_gallery sets boxes, rectangles, proposals and truth side by side", async () => {
  const { outputs } = await runStage(drawGallery, {
    params: { opacity: 1 },
    inputs: {
      images: { a: encodeRgbPng(picture({ g: [9, 9, 9] }, "g")) },
      boxes: { a: { width: 1, height: 1, boxes: [box(1, 0, 0, 1, 1)] } },
      rectangles: { a: labelMap("2") },
      proposals: { a: labelMap("3") },
      truth: { a: labelMap("?") },
    },
  });
  const { width, height, data } = outputs.gallery;
  deepStrictEqual([width, height], [4 * 1 + 3 * 4, 1]);
  const cells = [0, 5, 10, 15].map((x) => [...data.subarray(3 * x, 3 * x + 3)]);
  const white = [255, 255, 255];
  deepStrictEqual(cells, [
    ...[1, 2, 3].map((label) => [...VOC_PALETTE[label]!]),
    white,
  ]);
  deepStrictEqual([...data.subarray(3, 6)], white);
});

Deno.test("draw_gallery takes images at even distances, not the first", async () => {
  const { outputs } = await runStage(drawGallery, {
    params: { rows: 2 },
    inputs: greys(10, 20, 30, 40, 50),
  });
  const firsts = reds(outputs.gallery).map(([first]) => first);
  deepStrictEqual([firsts.at(0), firsts.at(-1)], [20, 40]);
});

Deno.test("draw_gallery shows all images when there are fewer than rows", async () => {
  const { outputs } = await runStage(drawGallery, {
    params: { rows: 9 },
    inputs: greys(10, 20),
  });
  const firsts = reds(outputs.gallery).map(([first]) => first);
  deepStrictEqual(firsts, [10, 255, 255, 255, 255, 20]);
});

Deno.test("draw_gallery enlarges every pixel to a square", async () => {
  const { outputs } = await runStage(drawGallery, {
    params: { enlarge: 3 },
    inputs: greys(10),
  });
  strictEqual(outputs.gallery.width, 3 * 16);
  deepStrictEqual(
    reds(outputs.gallery).map((row) => row.slice(0, 4)),
    [[10, 10, 10, 255], [10, 10, 10, 255], [10, 10, 10, 255]],
  );
});

Deno.test("draw_gallery refuses labels of another size than their picture", async () => {
  const inputs = { ...greys(10), truth: { g10: labelMap("..") } };
  await rejects(runStage(drawGallery, { inputs }), {
    name: "RangeError",
    message: "Cannot overlay labels as they must have the size of the " +
      "picture: 2 × 1, picture is 1 × 1",
  });
});
