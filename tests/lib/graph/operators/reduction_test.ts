import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Graph } from "../../../../lib/graph/graph.ts";
import {
  reduceMax,
  reduceMean,
  reduceSum,
  sumTo,
} from "../../../../lib/graph/operators/reduction.ts";
import { resultsOf } from "../differences.ts";

const x = { shape: [2, 1, 2], data: [1, 2, 3, 6] };

Deno.test("reductions go over the axes named, which stay", () => {
  const results = [reduceSum, reduceMean, reduceMax].map((operator) => [
    resultsOf({ x }, ({ x }) => operator(x!, [2])),
    resultsOf({ x }, ({ x }) => operator(x!, [0])),
    resultsOf({ x }, ({ x }) => operator(x!, [0, 1, 2])),
  ]);
  deepStrictEqual(results, [
    [[3, 9], [4, 8], [12]],
    [[1.5, 4.5], [2, 4], [3]],
    [[2, 6], [3, 6], [6]],
  ]);
});

Deno.test("reduceMax of negative numbers is negative", () => {
  const negative = { shape: [2], data: [-3, -2] };
  deepStrictEqual(
    resultsOf({ negative }, ({ negative }) => reduceMax(negative!, [0])),
    [-2],
  );
});

Deno.test("sumTo undoes broadcasting, and adds no node where there was none", () => {
  deepStrictEqual(resultsOf({ x }, ({ x }) => sumTo(x!, [2])), [4, 8]);
  deepStrictEqual(resultsOf({ x }, ({ x }) => sumTo(x!, [2, 1, 1])), [3, 9]);
  deepStrictEqual(resultsOf({ x }, ({ x }) => sumTo(x!, [])), [12]);
  const value = new Graph("net").input("x", "float32", [2]);
  strictEqual(sumTo(value, [2]), value);
});

Deno.test("reductions refuse axes that are not there", () => {
  for (const axes of [[2], [-1], [0, 0]]) {
    const value = new Graph("net").input("x", "float32", [2, 3]);
    throws(() => reduceSum(value, axes), {
      name: "RangeError",
      message: 'Cannot add node "ReduceSum" as axes must be unlike ones of ' +
        `0…1: [${axes.join(", ")}] (inputs: x float32[2, 3])`,
    });
  }
});

Deno.test("reductions refuse no axes, which ONNX takes for all", () => {
  const value = new Graph("net").input("x", "float32", [2, 3]);
  throws(() => reduceSum(value, []), {
    name: "RangeError",
    message: 'Cannot add node "ReduceSum" as it must reduce an axis: it is ' +
      "given none (inputs: x float32[2, 3])",
  });
});
