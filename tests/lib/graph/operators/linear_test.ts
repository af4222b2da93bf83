import { deepStrictEqual, throws } from "node:assert/strict";
import { Graph } from "../../../../lib/graph/graph.ts";
import { matMul } from "../../../../lib/graph/operators/linear.ts";
import { resultsOf } from "../differences.ts";

Deno.test("matMul multiplies rows by columns", () => {
  const inputs = {
    a: { shape: [2, 2], data: [1, 2, 3, 4] },
    b: { shape: [2, 3], data: [1, 0, 10, 0, 1, 100] },
  };
  deepStrictEqual(
    resultsOf(inputs, ({ a, b }) => matMul(a!, b!)),
    [1, 2, 210, 3, 4, 430],
  );
});

Deno.test("matMul repeats a matrix over a stack, on either side", () => {
  const inputs = {
    stack: { shape: [2, 1, 1], data: [2, 3] },
    matrix: { shape: [1, 1], data: [10] },
  };
  const results = [
    resultsOf(inputs, ({ stack, matrix }) => matMul(stack!, matrix!)),
    resultsOf(inputs, ({ stack, matrix }) => matMul(matrix!, stack!)),
  ];
  deepStrictEqual(results, [[20, 30], [20, 30]]);
});

Deno.test("matMul refuses unlike inner axes and vectors", () => {
  for (const shape of [[2, 4], [3]]) {
    const graph = new Graph("net");
    const a = graph.input("a", "float32", [2, 3]);
    const b = graph.input("b", "float32", shape);
    const found = `[${shape.join(", ")}]`;
    throws(() => matMul(a, b), {
      name: "RangeError",
      message: 'Cannot add node "MatMul" as its inputs must be matrices ' +
        `[M, K] and [K, N] or stacks of them: they are [2, 3] and ${found} ` +
        `(inputs: a float32[2, 3], b float32${found})`,
    });
  }
});
