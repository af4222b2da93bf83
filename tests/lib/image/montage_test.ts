import { deepStrictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import type { RgbImage } from "../../../lib/image/image.ts";
import {
  drawBoxes,
  enlarge,
  montage,
  overlayLabels,
} from "../../../lib/image/montage.ts";
import type { Rgb } from "../../../lib/label/palette.ts";
import { box, labelMap, picture } from "../../drawings.ts";

const COLOURS = {
  ".": [0, 0, 0],
  "a": [200, 0, 0],
  "b": [0, 100, 0],
  "w": [255, 255, 255],
} as const;
const PALETTE: readonly Rgb[] = [COLOURS["."], COLOURS.a, COLOURS.b];

/** Rows of a picture, the way `picture` takes them; `?` for other colours. */
function rowsOf({ width, height, data }: RgbImage): string[] {
  const signs = new Map(
    Object.entries(COLOURS).map(([sign, rgb]) => [String(rgb), sign]),
  );
  const signAt = (p: number) =>
    signs.get(String([...data.subarray(3 * p, 3 * p + 3)])) ?? "?";
  return Array.from(
    { length: height },
    (_, y) =>
      Array.from({ length: width }, (_, x) => signAt(y * width + x)).join(""),
  );
}

function plain(width: number, height: number): RgbImage {
  return { width, height, data: new Uint8Array(3 * width * height) };
}

Deno.test("overlayLabels paints classes and void, not the background", () => {
  const image = picture(COLOURS, "bbbb", "aaaa");
  const labels = labelMap("..1?", "?12.");
  const seen = overlayLabels(image, labels, { palette: PALETTE, opacity: 1 });
  deepStrictEqual(rowsOf(seen), ["bbaw", "waba"]);
});

Deno.test("overlayLabels mixes by opacity and rounds", () => {
  const image = { width: 1, height: 1, data: Uint8Array.of(3, 101, 255) };
  const seen = overlayLabels(image, labelMap("1"), {
    palette: PALETTE,
    opacity: 0.25,
  });
  deepStrictEqual([...seen.data], [52, 76, 191]); // 52.25, 75.75, 191.25
});

Deno.test("overlayLabels leaves the picture it was given alone", () => {
  const image = picture(COLOURS, "b");
  overlayLabels(image, labelMap("1"), { palette: PALETTE, opacity: 1 });
  deepStrictEqual(rowsOf(image), ["b"]);
});

Deno.test("overlayLabels refuses labels of another size", () => {
  const options = { palette: PALETTE, opacity: 1 };
  throws(() => overlayLabels(plain(2, 1), labelMap("1"), options), {
    name: "RangeError",
    message: "Cannot overlay labels as they must have the size of the " +
      "picture: 1 × 1, picture is 2 × 1",
  });
});

Deno.test("overlayLabels refuses an opacity that is not 0…1", () => {
  for (const opacity of [-0.1, 1.1, NaN]) {
    const options = { palette: PALETTE, opacity };
    throws(() => overlayLabels(plain(1, 1), labelMap("1"), options), {
      message: `Cannot overlay labels as their opacity must be 0…1: ${opacity}`,
    });
  }
});

Deno.test("overlayLabels refuses a label without a colour", () => {
  const options = { palette: PALETTE, opacity: 1 };
  throws(() => overlayLabels(plain(1, 1), labelMap("3"), options), {
    message: "Cannot colour label 3 as the palette must have a colour for " +
      "it: it has 3",
  });
});

Deno.test("drawBoxes outlines the outermost pixels, later boxes on top", () => {
  const boxes = [box(1, 0, 0, 5, 4), box(2, 2, 1, 7, 3)];
  deepStrictEqual(rowsOf(drawBoxes(plain(7, 5), boxes, PALETTE)), [
    "aaaaa..",
    "a.bbbbb",
    "a.bbbbb",
    "aaaaa..",
    ".......",
  ]);
});

Deno.test("drawBoxes draws 2 px on large pictures", () => {
  const large = drawBoxes(plain(240, 240), [box(1, 0, 0, 240, 240)], PALETTE);
  deepStrictEqual(
    rowsOf(large)[120],
    "aa".padEnd(238, ".") + "aa",
  );
});

Deno.test("drawBoxes refuses a box outside the picture", () => {
  throws(() => drawBoxes(plain(3, 2), [box(1, 0, 0, 4, 2)], PALETTE), {
    message: "Cannot draw box 0 as it must be whole pixels of the image: " +
      "box is [0, 4) × [0, 2), image is 3 × 2",
  });
});

Deno.test("montage aligns cells and centres pictures in them", () => {
  const wide = picture(COLOURS, "aaa");
  const high = picture(COLOURS, "b", "b", "b");
  const dot = picture(COLOURS, "a");
  const grid = montage([[wide, high], [dot, wide]], {
    gapPx: 1,
    background: COLOURS["."],
  });
  deepStrictEqual(rowsOf(grid), [
    ".....b.",
    "aaa..b.",
    ".....b.",
    ".......",
    ".a..aaa",
  ]);
});

Deno.test("montage leaves cells empty at the end of short rows", () => {
  const dot = picture(COLOURS, "a");
  const grid = montage([[dot], [], [dot, dot]], {
    gapPx: 0,
    background: COLOURS.w,
  });
  deepStrictEqual(rowsOf(grid), ["aw", "aa"]);
});

Deno.test("montage refuses no pictures and a gap of parts of pixels", () => {
  const background = COLOURS["."];
  throws(() => montage([[], []], { gapPx: 1, background }), {
    message: "Cannot make a montage as there are no pictures",
  });
  throws(() => montage([[plain(1, 1)]], { gapPx: 0.5, background }), {
    message: "Cannot make a montage as its gap must be whole pixels: 0.5",
  });
});

Deno.test("enlarge repeats pixels both ways", () => {
  const small = picture(COLOURS, "ab", "wb");
  deepStrictEqual(rowsOf(enlarge(small, 3)), [
    ...["aaabbb", "aaabbb", "aaabbb"],
    ...["wwwbbb", "wwwbbb", "wwwbbb"],
  ]);
});

Deno.test("enlarge by two factors equals their product", () => {
  const factor = fc.integer({ min: 1, max: 4 });
  const image = picture(COLOURS, "ab.", "wba");
  fc.assert(fc.property(factor, factor, (first, second) => {
    const twice = enlarge(enlarge(image, first), second);
    deepStrictEqual(twice, enlarge(image, first * second));
  }));
});

Deno.test("enlarge refuses a factor that is not a whole number from 1", () => {
  for (const factor of [0, 1.5, NaN]) {
    throws(() => enlarge(plain(1, 1), factor), {
      message: "Cannot enlarge a picture as the factor must be a whole " +
        `number from 1: ${factor}`,
    });
  }
});
