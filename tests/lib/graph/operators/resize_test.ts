import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { bilinearResize } from "../../../../lib/graph/operators/resize.ts";
import { resultsOf } from "../differences.ts";

function resized(shape: number[], data: number[], size: number[]): number[] {
  const x = { shape, data };
  return resultsOf({ x }, ({ x }) => bilinearResize(x!, size));
}

Deno.test("bilinearResize keeps corners and halves in between", () => {
  deepStrictEqual(
    resized([1, 1, 2, 2], [0, 2, 4, 6], [3, 3]),
    [0, 1, 2, 2, 3, 4, 4, 5, 6],
  );
});

Deno.test("bilinearResize keeps planes apart, rows and columns too", () => {
  deepStrictEqual(
    resized([1, 2, 1, 2], [0, 4, 10, 30], [2, 3]),
    [0, 2, 4, 0, 2, 4, 10, 20, 30, 10, 20, 30],
  );
});

Deno.test("bilinearResize makes planes smaller, one cell from the first", () => {
  deepStrictEqual(
    resized([1, 1, 1, 5], [0, 1, 2, 3, 4], [1, 3]),
    [0, 2, 4],
  );
  deepStrictEqual(resized([1, 1, 1, 3], [5, 6, 7], [1, 1]), [5]);
});

Deno.test("bilinearResize of a plane that rises evenly does too", () => {
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(fc.property(size, size, (from, to) => {
    const data = Array.from({ length: from }, (_, i) => i);
    const found = resized([1, 1, from, 1], data, [to, 1]);
    ok(found.every((value, i) => {
      const expected = to === 1 ? 0 : i * (from - 1) / (to - 1);
      return Math.abs(value - expected) < 1e-6; // weights are float32
    }));
  }));
});
