import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  decodeLabelMap,
  encodeLabelMap,
} from "../../../lib/label/label_map_png.ts";
import { VOC_PALETTE } from "../../../lib/label/palette.ts";
import { decodePng } from "../../../lib/image/png.ts";
import { drawn, labelMap } from "../../drawings.ts";
import { writePng } from "../image/png_writer.ts";

const DOG_AND_CAT = labelMap(
  "..cc?8",
  ".ccc?8",
  "......",
);

Deno.test("decodeLabelMap gives back what encodeLabelMap was given", () => {
  const decoded = decodeLabelMap(encodeLabelMap(DOG_AND_CAT), "a.png");
  deepStrictEqual(drawn(decoded), drawn(DOG_AND_CAT));
});

Deno.test("label maps of any size and label survive as PNG", () => {
  const side = fc.integer({ min: 1, max: 40 });
  const anyMap = fc.tuple(side, side).chain(([width, height]) =>
    fc.uint8Array({ minLength: width * height, maxLength: width * height })
      .map((data) => ({ width, height, data }))
  );
  fc.assert(fc.property(anyMap, (map) => {
    deepStrictEqual(decodeLabelMap(encodeLabelMap(map), "a.png"), map);
  }));
});

Deno.test("encodeLabelMap writes VOC's palette, and equal bytes for equal maps", () => {
  const bytes = encodeLabelMap(DOG_AND_CAT);
  deepStrictEqual(bytes, encodeLabelMap(DOG_AND_CAT));
  const { palette, bitDepth, colour } = decodePng(bytes, "a.png");
  deepStrictEqual([bitDepth, colour], [8, "palette"]);
  deepStrictEqual([...palette!], VOC_PALETTE.flat());
});

Deno.test("encodeLabelMap writes the bytes it always wrote", async () => {
  const bytes = encodeLabelMap(DOG_AND_CAT);
  const hash = await crypto.subtle.digest("SHA-256", bytes.slice());
  strictEqual(
    new Uint8Array(hash).toHex(),
    "67aefcf8965b993daace4c01163cf0dba6c853efd5344f9f6286d93ccebe4c5a",
  );
});

Deno.test("decodeLabelMap keeps indices whatever the palette and its length", () => {
  const palette = [1, 2, 3];
  const png = { width: 2, height: 1, bitDepth: 8, colourType: 3, palette };
  const { data } = decodeLabelMap(writePng({ ...png, rows: [[0, 9]] }), "a");
  deepStrictEqual([...data], [0, 9]);
});

Deno.test("decodeLabelMap reads palette PNGs of 1, 2 and 4 bits", () => {
  const rowOf = new Map([[1, [0b10100000]], [2, [0b11100100]], [4, [
    0xf,
    0x3,
  ]]]);
  const labelsOf = new Map([
    [1, [1, 0, 1, 0]],
    [2, [3, 2, 1, 0]],
    [4, [0, 15, 0, 3]],
  ]);
  for (const [bitDepth, row] of rowOf) {
    const png = { width: 4, height: 1, bitDepth, colourType: 3, rows: [row] };
    const { data } = decodeLabelMap(writePng(png), "a.png");
    deepStrictEqual([...data], labelsOf.get(bitDepth));
  }
});

Deno.test("decodeLabelMap takes 8-bit grey values as labels", () => {
  const png = { width: 2, height: 1, bitDepth: 8, colourType: 0 };
  const { data } = decodeLabelMap(writePng({ ...png, rows: [[20, 255]] }), "a");
  deepStrictEqual([...data], [20, 255]);
});

Deno.test("decodeLabelMap refuses colour, alpha and grey of other depths", () => {
  const forms = [
    { colourType: 2, bitDepth: 8, row: [1, 2, 3], found: "8-bit rgb" },
    { colourType: 4, bitDepth: 8, row: [1, 255], found: "8-bit grey+alpha" },
    { colourType: 6, bitDepth: 8, row: [1, 2, 3, 4], found: "8-bit rgba" },
    { colourType: 0, bitDepth: 4, row: [0x10], found: "4-bit grey" },
  ];
  for (const { row, found, ...form } of forms) {
    const png = writePng({ width: 1, height: 1, ...form, rows: [row] });
    throws(() => decodeLabelMap(png, "a.png"), {
      name: "UnreadableFileError",
      message: 'Cannot read "a.png" as a label map must be a PNG with a ' +
        `palette, or 8-bit grey: it is ${found}`,
    });
  }
});

Deno.test("decodeLabelMap refuses 16-bit grey", () => {
  const png = { width: 1, height: 1, bitDepth: 16, colourType: 0 };
  throws(() => decodeLabelMap(writePng({ ...png, rows: [[0, 1]] }), "a.png"), {
    message: 'Cannot read "a.png" as it must be a PNG of at most 8 bits a ' +
      "sample, not interlaced: it has 16 bits",
  });
});

Deno.test("encodeLabelMap refuses a wrong number of labels", () => {
  throws(() => encodeLabelMap({ ...DOG_AND_CAT, width: 5 }), {
    name: "RangeError",
    message:
      "Cannot encode a label map as 5 × 3 px must have 15 labels, more " +
      "than 0: 18",
  });
});
