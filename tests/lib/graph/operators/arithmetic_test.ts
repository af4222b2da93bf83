import { deepStrictEqual, throws } from "node:assert/strict";
import { Graph } from "../../../../lib/graph/graph.ts";
import {
  add,
  div,
  exp,
  log,
  maximum,
  minimum,
  mul,
  neg,
  sqrt,
  sub,
} from "../../../../lib/graph/operators/arithmetic.ts";
import { resultsOf } from "../differences.ts";

const inputs = {
  a: { shape: [2, 2], data: [1, 2, 3, 4] },
  b: { shape: [2], data: [2, -4] },
};

Deno.test("arithmetic of two tensors broadcasts from the last axis", () => {
  const results = [add, sub, mul, div, maximum, minimum].map((operator) =>
    resultsOf(inputs, ({ a, b }) => operator(a!, b!))
  );
  deepStrictEqual(results, [
    [3, -2, 5, 0],
    [-1, 6, 1, 8],
    [2, -8, 6, -16],
    [0.5, -0.5, 1.5, -1],
    [2, 2, 3, 4],
    [1, -4, 2, -4],
  ]);
});

Deno.test("arithmetic repeats axes of size 1 of both", () => {
  const column = { shape: [2, 1], data: [10, 20] };
  const row = { shape: [1, 3], data: [1, 2, 3] };
  deepStrictEqual(
    resultsOf({ column, row }, ({ column, row }) => add(column!, row!)),
    [11, 12, 13, 21, 22, 23],
  );
});

Deno.test("arithmetic of one tensor is by element", () => {
  const x = { shape: [2], data: [1, 4] };
  const results = [neg, exp, log, sqrt].map((operator) =>
    resultsOf({ x }, ({ x }) => operator(x!))
  );
  deepStrictEqual(results, [
    [-1, -4],
    [Math.E, Math.exp(4)],
    [0, Math.log(4)],
    [1, 2],
  ]);
});

Deno.test("arithmetic refuses shapes that do not broadcast", () => {
  const graph = new Graph("net");
  const a = graph.input("a", "float32", [2, 3]);
  const b = graph.input("b", "float32", [2]);
  throws(() => add(a, b), {
    name: "RangeError",
    message: 'Cannot add node "Add" as shapes must broadcast: they are ' +
      "[2, 3], [2] (inputs: a float32[2, 3], b float32[2])",
  });
});

Deno.test("arithmetic refuses what is not float32", () => {
  const x = new Graph("net").input("x", "bool", [2]);
  throws(() => neg(x), {
    name: "RangeError",
    message: 'Cannot add node "Neg" as its inputs must be float32: one is ' +
      "bool[2] (inputs: x bool[2])",
  });
});
