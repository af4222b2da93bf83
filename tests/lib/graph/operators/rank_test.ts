import { deepStrictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { Graph } from "../../../../lib/graph/graph.ts";
import { rankInGroup } from "../../../../lib/graph/operators/rank.ts";
import { resultsOf } from "../differences.ts";

function ranks(shape: number[], key: number[], group: number[]): number[] {
  const inputs = { key: { shape, data: key }, group: { shape, data: group } };
  return resultsOf(inputs, ({ key, group }) => rankInGroup(key!, group!));
}

Deno.test("rankInGroup counts larger keys of the group, then earlier equal ones", () => {
  deepStrictEqual(
    ranks([1, 6], [5, 7, 5, 9, 5, 1], [0, 0, 0, 1, 0, 1]),
    [1, 0, 2, 0, 3, 1],
  );
});

Deno.test("rankInGroup keeps rows apart", () => {
  deepStrictEqual(ranks([2, 2], [1, 2, 3, 4], [0, 0, 0, 0]), [1, 0, 1, 0]);
});

Deno.test("rankInGroup is the place in a stable sort, by falling key, of the group", () => {
  const element = fc.record({
    key: fc.integer({ min: 0, max: 3 }),
    group: fc.integer({ min: -1, max: 1 }),
  });
  fc.assert(
    fc.property(fc.array(element, { minLength: 1, maxLength: 9 }), (row) => {
      const sorted = row.toSorted((a, b) => b.key - a.key);
      const expected = row.map((each) =>
        sorted.filter(({ group }) => group === each.group).indexOf(each)
      );
      const keys = row.map(({ key }) => key);
      const groups = row.map(({ group }) => group);
      deepStrictEqual(ranks([1, row.length], keys, groups), expected);
    }),
  );
});

Deno.test("rankInGroup refuses unlike shapes", () => {
  const graph = new Graph("net");
  const key = graph.input("key", "float32", [2, 3]);
  const group = graph.input("group", "float32", [2, 4]);
  throws(() => rankInGroup(key, group), {
    name: "RangeError",
    message:
      'Cannot rank "key" in "group" as both must be one float32[N, P]: ' +
      "they are float32[2, 3] and float32[2, 4]",
  });
});
