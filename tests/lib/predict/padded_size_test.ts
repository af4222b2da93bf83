import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { cellsAlong, paddedSize } from "../../../lib/predict/padded_size.ts";

Deno.test("paddedSize leaves sides of 8k + 1 as they are", () => {
  const size = { width: 321, height: 9 };
  deepStrictEqual(paddedSize(size), size);
});

Deno.test("paddedSize pads each side to the next 8k + 1", () => {
  const padded = paddedSize({ width: 128, height: 96 });
  deepStrictEqual(padded, { width: 129, height: 97 });
  deepStrictEqual(paddedSize({ width: 1, height: 2 }), { width: 9, height: 9 });
});

Deno.test("paddedSize pads to the square when both sides fit in it", () => {
  const square = { width: 97, height: 97 };
  deepStrictEqual(paddedSize({ width: 97, height: 5 }, 97), square);
  const wide = paddedSize({ width: 98, height: 5 }, 97);
  deepStrictEqual(wide, { width: 105, height: 9 });
});

Deno.test("paddedSize gives the least 8k + 1 that holds the picture", () => {
  const side = fc.integer({ min: 1, max: 3000 });
  fc.assert(fc.property(side, side, (width, height) => {
    const padded = paddedSize({ width, height });
    for (const [px, of] of [[padded.width, width], [padded.height, height]]) {
      ok(px! % 8 === 1 && px! >= of!);
      ok(
        of === 1 || px! < of! + 8 && cellsAlong(px!, 8) === cellsAlong(of!, 8),
      );
    }
  }));
});

Deno.test("paddedSize refuses sides that are no positive whole numbers", () => {
  throws(() => paddedSize({ width: 0, height: 4 }), {
    name: "RangeError",
    message: "Cannot pad a picture as its sides must be positive whole " +
      "numbers: 0 × 4",
  });
});

Deno.test("paddedSize refuses a square whose side is not 8k + 1", () => {
  throws(() => paddedSize({ width: 5, height: 4 }, 512), {
    name: "RangeError",
    message: "Cannot pad pictures to a square as its side must be 8k + 1 px, " +
      "as 321 and 513 are: 512",
  });
});

Deno.test("cellsAlong are those around the pixels, whatever lies between them", () => {
  const anyLine = fc.tuple(
    fc.integer({ min: 1, max: 3000 }),
    fc.constantFrom(4, 8),
  );
  fc.assert(fc.property(anyLine, ([px, stride]) => {
    const last = stride * (cellsAlong(px, stride) - 1);
    ok(last >= px - 1 && last - stride < px - 1);
  }));
});
