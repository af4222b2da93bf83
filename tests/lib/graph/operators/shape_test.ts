import { deepStrictEqual, throws } from "node:assert/strict";
import { Graph } from "../../../../lib/graph/graph.ts";
import {
  concat,
  expand,
  flip,
  pad,
  reshape,
  slice,
  transpose,
} from "../../../../lib/graph/operators/shape.ts";
import type { Value } from "../../../../lib/graph/value.ts";
import { resultsOf } from "../differences.ts";

const x = { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] };

function moved(make: (x: Value) => Value): number[] {
  return resultsOf({ x }, ({ x }) => make(x!));
}

Deno.test("reshape keeps the order, transpose turns it", () => {
  deepStrictEqual(moved((x) => reshape(x, [3, 2])), [1, 2, 3, 4, 5, 6]);
  deepStrictEqual(moved((x) => transpose(x, [1, 0])), [1, 4, 2, 5, 3, 6]);
});

Deno.test("transpose moves axis perm[i] to i", () => {
  const y = { shape: [1, 2, 3], data: x.data };
  deepStrictEqual(
    resultsOf({ y }, ({ y }) => reshape(transpose(y!, [2, 0, 1]), [3, 2])),
    [1, 4, 2, 5, 3, 6],
  );
});

Deno.test("concat joins along its axis", () => {
  const row = (x: Value) => slice(x, { axis: 0, start: 1, end: 2 });
  const column = (x: Value) => slice(x, { axis: 1, start: 2, end: 3 });
  deepStrictEqual(moved((x) => concat([row(x), x], 0)), [
    ...[4, 5, 6],
    ...[1, 2, 3],
    ...[4, 5, 6],
  ]);
  deepStrictEqual(moved((x) => concat([x, column(x)], 1)), [
    ...[1, 2, 3, 3],
    ...[4, 5, 6, 6],
  ]);
});

Deno.test("slice takes steps, flip turns axes around", () => {
  deepStrictEqual(
    moved((x) => slice(x, { axis: 1, start: 0, end: 3, step: 2 })),
    [1, 3, 4, 6],
  );
  deepStrictEqual(moved((x) => flip(x, [1])), [3, 2, 1, 6, 5, 4]);
  deepStrictEqual(moved((x) => flip(x, [0, 1])), [6, 5, 4, 3, 2, 1]);
});

Deno.test("pad puts zeros before, then after", () => {
  deepStrictEqual(moved((x) => pad(x, [1, 0, 0, 2])), [
    ...[0, 0, 0, 0, 0],
    ...[1, 2, 3, 0, 0],
    ...[4, 5, 6, 0, 0],
  ]);
});

Deno.test("expand repeats axes of size 1 and adds leading ones", () => {
  const column = { shape: [2, 1], data: [1, 2] };
  deepStrictEqual(
    resultsOf({ column }, ({ column }) => expand(column!, [2, 2, 2])),
    [1, 1, 2, 2, 1, 1, 2, 2],
  );
});

/** Each operator, used wrongly, and what it says. */
const WRONG: readonly [(x: Value) => Value, string][] = [
  [
    (x) => reshape(x, [5]),
    '"Reshape" as its shape must keep the count of elements: [2, 3] becomes [5]',
  ],
  [
    (x) => transpose(x, [1]),
    '"Transpose" as perm must name each axis once: it is [1], the input is ' +
    "[2, 3]",
  ],
  [
    (x) => transpose(x, [1, 1]),
    '"Transpose" as axes must be unlike ones of 0…1: [1, 1]',
  ],
  [
    (x) => slice(x, { axis: 1, start: 1, end: 4 }),
    '"Slice" as a slice must lie inside axis 1 of [2, 3]: it is [1, 4) in ' +
    "steps of 1",
  ],
  [
    (x) => slice(x, { axis: 1, start: 1, end: 1 }),
    '"Slice" as a slice must lie inside axis 1 of [2, 3]: it is [1, 1) in ' +
    "steps of 1",
  ],
  [
    (x) => slice(x, { axis: 1, start: 0, end: 1, step: 0.5 }),
    '"Slice" as a slice must be of whole numbers inside axis 1 of [2, 3]: it ' +
    "is [0, 1) in steps of 0.5",
  ],
  [
    (x) => pad(x, [0, 1]),
    '"Pad" as pads must be two for each axis: they are [0, 1], the input is ' +
    "[2, 3]",
  ],
  [
    (x) => pad(x, [0, -1, 0, 0]),
    '"Pad" as a pad must be a whole number of at least 0: -1',
  ],
  [
    (x) => expand(x, [2, 1]),
    '"Expand" as its input must broadcast to the shape: [2, 3] to [2, 1]',
  ],
];

Deno.test("operators of shape say what does not fit", () => {
  for (const [make, found] of WRONG) {
    const x = new Graph("net").input("x", "float32", [2, 3]);
    throws(() => make(x), {
      name: "RangeError",
      message: `Cannot add node ${found} (inputs: x float32[2, 3])`,
    });
  }
});

Deno.test("concat refuses tensors that differ in another axis", () => {
  const graph = new Graph("net");
  const a = graph.input("a", "float32", [2, 3]);
  const b = graph.input("b", "float32", [1, 3]);
  throws(() => concat([a, b], 1), {
    name: "RangeError",
    message: 'Cannot add node "Concat" as its inputs must be alike but for ' +
      "axis 1: they are [2, 3], [1, 3] (inputs: a float32[2, 3], b " +
      "float32[1, 3])",
  });
});
