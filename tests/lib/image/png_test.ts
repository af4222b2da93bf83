import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { decode as fastPngDecode, encode as fastPngEncode } from "fast-png";
import fc from "fast-check";
import { decodePng } from "../../../lib/image/png.ts";
import { writePng } from "./png_writer.ts";

const BLACK_TO_WHITE = { width: 3, height: 1, bitDepth: 8, colourType: 0 };
const THREE = writePng({ ...BLACK_TO_WHITE, rows: [[0, 128, 255]] });

Deno.test("decodePng gives the samples as stored", () => {
  const { data, ...rest } = decodePng(THREE, "a.png");
  deepStrictEqual([...data], [0, 128, 255]);
  deepStrictEqual(rest, {
    width: 3,
    height: 1,
    bitDepth: 8,
    colour: "grey",
    isInterlaced: false,
    palette: null,
  });
});

Deno.test("decodePng undoes every filter, for every pixel size", () => {
  const drawn = fc.record({
    colourType: fc.constantFrom(0, 2, 3, 4, 6),
    width: fc.integer({ min: 1, max: 9 }),
    filters: fc.array(fc.nat(4), { minLength: 1, maxLength: 9 }),
    parts: fc.integer({ min: 1, max: 3 }),
  }).chain(({ colourType, width, filters, parts }) => {
    const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colourType] ?? 0;
    const length = width * channels;
    return fc.array(
      fc.array(fc.nat(255), { minLength: length, maxLength: length }),
      { minLength: filters.length, maxLength: filters.length },
    ).map((rows) => ({
      ...{ width, height: rows.length, bitDepth: 8, colourType },
      ...{ rows, filters, parts },
    }));
  });
  fc.assert(fc.property(drawn, (png) => {
    const file = writePng(png);
    deepStrictEqual([...decodePng(file, "a.png").data], png.rows.flat());
    deepStrictEqual([...fastPngDecode(file).data], png.rows.flat());
  }));
});

Deno.test("decodePng unpacks samples of 1, 2 and 4 bits, rows byte by byte", () => {
  const packed = [0b10110001, 0b11000000];
  const unpacked = new Map([
    [1, [1, 0, 1, 1, 0, 0, 0, 1, 1]],
    [2, [2, 3, 0, 1, 3]],
    [4, [11, 1, 12]],
  ]);
  for (const [bitDepth, row] of unpacked) {
    const { data } = decodePng(
      writePng({
        ...{ width: row.length, height: 2, bitDepth, colourType: 3 },
        rows: [packed, packed],
      }),
      "a.png",
    );
    deepStrictEqual([...data], [...row, ...row]);
  }
});

Deno.test("decodePng reads from the middle of a larger buffer", () => {
  const larger = new Uint8Array(THREE.length + 20).fill(7);
  larger.set(THREE, 10);
  const { data } = decodePng(larger.subarray(10, 10 + THREE.length), "a.png");
  deepStrictEqual([...data], [0, 128, 255]);
});

Deno.test("decodePng refuses a file cut short anywhere", () => {
  for (let length = 33; length < THREE.length; length++) {
    throws(() => decodePng(THREE.subarray(0, length), "a.png"), {
      name: "UnreadableFileError",
      message: `Cannot read "a.png" as it must be a whole PNG: ` +
        `it ends after ${length} bytes`,
    });
  }
});

Deno.test("decodePng refuses a file with any byte changed", () => {
  for (let at = 8; at < THREE.length; at++) {
    const changed = THREE.slice();
    changed[at]! ^= 1;
    throws(
      () => decodePng(changed, "a.png"),
      { name: "UnreadableFileError" },
      `byte ${at}`,
    );
  }
});

Deno.test("decodePng names the corrupt chunk", () => {
  const corrupt = THREE.slice();
  corrupt[45]! ^= 1;
  throws(() => decodePng(corrupt, "a.png"), {
    message: 'Cannot read "a.png" as it must be a whole PNG: ' +
      'chunk "IDAT" at byte 33 is corrupt',
  });
});

Deno.test("decodePng refuses fewer or more pixels than the header says", () => {
  const rows = [[0, 128, 255]];
  const rule = 'Cannot read "a.png" as it must be a whole PNG: ' +
    "its pixels must unpack to ";
  const tooFew = writePng({ ...BLACK_TO_WHITE, height: 2, rows });
  throws(() => decodePng(tooFew, "a.png"), { message: `${rule}8 bytes: 4` });
  const tooMany = writePng({ ...BLACK_TO_WHITE, rows: [...rows, ...rows] });
  throws(() => decodePng(tooMany, "a.png"), {
    message: `${rule}4 bytes: Cannot create a Buffer larger than 4 bytes`,
  });
});

Deno.test("decodePng refuses an unknown filter", () => {
  const png = writePng({ ...BLACK_TO_WHITE, rows: [[1, 2, 3]], filters: [5] });
  throws(() => decodePng(png, "a.png"), {
    message:
      'Cannot read "a.png" as it must be a whole PNG: row 0 has filter 5',
  });
});

Deno.test("decodePng refuses 16 bits and interlacing", () => {
  const rule = 'Cannot read "a.png" as it must be a PNG of at most 8 bits a ' +
    "sample, not interlaced: ";
  const deep = { ...BLACK_TO_WHITE, bitDepth: 16, rows: [[0, 0, 0, 1, 0, 2]] };
  throws(() => decodePng(writePng(deep), "a.png"), {
    message: `${rule}it has 16 bits`,
  });
  const data = new Uint8Array(8 * 8);
  const interlaced = fastPngEncode(
    { width: 8, height: 8, channels: 1, data },
    { interlace: "Adam7" },
  );
  throws(() => decodePng(interlaced, "a.png"), {
    message: `${rule}it is interlaced`,
  });
});

Deno.test("decodePng refuses 40 megapixels and more before unpacking", () => {
  const huge = { ...BLACK_TO_WHITE, width: 10_000, height: 4_001, rows: [[0]] };
  throws(() => decodePng(writePng(huge), "a.png"), {
    message: 'Cannot read "a.png" as it must have at most 40 megapixels: ' +
      "it is 10000 × 4001 px",
  });
});

Deno.test("decodePng keeps the palette and skips other chunks", () => {
  const palette = [9, 8, 7, 6, 5, 4];
  const png = writePng({
    ...{ ...BLACK_TO_WHITE, colourType: 3, palette },
    rows: [[0, 1, 0]],
  });
  deepStrictEqual([...decodePng(png, "a.png").palette!], palette);
  strictEqual(decodePng(png, "a.png").colour, "palette");
});

Deno.test("decodePng skips chunks that fast-png would refuse", () => {
  const secondHeader = [0, 0, 0, 9, 0, 0, 0, 9, 8, 0, 0, 0, 0];
  const others = { IHDR: secondHeader, iCCP: [0], tEXt: [0], tRNS: [1] };
  const png = writePng({ ...BLACK_TO_WHITE, others, rows: [[0, 128, 255]] });
  throws(() => fastPngDecode(png));
  deepStrictEqual([...decodePng(png, "a.png").data], [0, 128, 255]);
});

Deno.test("decodePng refuses a palette of parts of colours", () => {
  const palette = [1, 2, 3, 4];
  const png = { ...BLACK_TO_WHITE, colourType: 3, palette, rows: [[0, 0, 0]] };
  throws(() => decodePng(writePng(png), "a.png"), {
    name: "UnreadableFileError",
    message: 'Cannot read "a.png" as it must be a whole PNG: PLTE field ' +
      "length must be a multiple of 3. Got 4",
  });
});
