import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { Graph } from "../../../../lib/graph/graph.ts";
import { bilinearResize } from "../../../../lib/graph/operators/resize.ts";
import type { Value } from "../../../../lib/graph/value.ts";
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

Deno.test("bilinearResize refuses what has no planes, and sizes that are none", () => {
  const graph = new Graph("net");
  const row = graph.input("row", "float32", [5]);
  const planes = graph.input("planes", "float32", [1, 2, 5, 5]);
  const wrong: [Value, number[]][] = [
    [row, [3, 3]],
    [graph.input("mask", "bool", [1, 2, 5, 5]), [3, 3]],
    ...[[1.5, 3], [0, 3], [3], [3, 3, 3]].map((
      size,
    ): [Value, number[]] => [planes, size]),
  ];
  for (const [x, size] of wrong) {
    throws(() => bilinearResize(x, size), {
      name: "RangeError",
      message: /^Cannot resize "/,
    });
  }
  throws(() => bilinearResize(planes, [1.5, 3]), {
    message: 'Cannot resize "planes" as it must be float32 [N, C, h, w], and ' +
      "its new size two whole numbers of at least 1: it is " +
      "float32[1, 2, 5, 5], its new size [1.5, 3]",
  });
});
