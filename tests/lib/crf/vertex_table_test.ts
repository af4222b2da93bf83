import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { MISSING, VertexTable } from "../../../lib/crf/vertex_table.ts";

Deno.test("VertexTable.add numbers points in the order of their first visit", () => {
  const table = new VertexTable(2, 1);
  const points = [[1, 2], [2, 1], [1, 2], [2 ** 52, 0], [2, 1]];
  deepStrictEqual(points.map((point) => table.add(point)), [0, 1, 0, 2, 1]);
  strictEqual(table.count, 3);
});

Deno.test("VertexTable.read gives back the words of a point", () => {
  const table = new VertexTable(2, 1);
  table.add([5, 6]);
  table.add([2 ** 53 - 1, 7]);
  const words = new Float64Array(2);
  table.read(1, words);
  deepStrictEqual(words, Float64Array.of(2 ** 53 - 1, 7));
});

Deno.test("VertexTable keeps points apart that differ only above bit 32", () => {
  const table = new VertexTable(1, 1);
  strictEqual(table.add([5]), 0);
  strictEqual(table.find([5 + 2 ** 32]), MISSING);
  strictEqual(table.add([5 + 2 ** 32]), 1);
});

Deno.test("VertexTable agrees with a Map while it grows", () => {
  const word = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.maxSafeNat());
  const points = fc.array(fc.tuple(word, word), { maxLength: 200 });
  fc.assert(fc.property(points, (points) => {
    const table = new VertexTable(2, 1);
    const map = new Map<string, number>();
    for (const point of points) {
      const key = point.join();
      strictEqual(table.find(point), map.get(key) ?? MISSING);
      if (!map.has(key)) map.set(key, map.size);
      strictEqual(table.add(point), map.get(key));
    }
    strictEqual(table.count, map.size);
  }));
});
