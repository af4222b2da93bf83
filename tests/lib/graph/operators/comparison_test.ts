import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Graph } from "../../../../lib/graph/graph.ts";
import {
  and,
  cast,
  equal,
  greater,
  less,
  not,
  or,
  where,
} from "../../../../lib/graph/operators/comparison.ts";
import { evaluate } from "../reference.ts";
import { resultsOf } from "../differences.ts";

Deno.test("comparisons broadcast and give bools", () => {
  const inputs = {
    a: { shape: [3], data: [1, 2, 3] },
    b: { shape: [], data: [2] },
  };
  const results = [equal, greater, less].map((operator) =>
    resultsOf(inputs, ({ a, b }) => operator(a!, b!))
  );
  deepStrictEqual(results, [[0, 1, 0], [0, 0, 1], [1, 0, 0]]);
});

Deno.test("logic has the usual truth tables", () => {
  const graph = new Graph("net");
  const a = graph.input("a", "bool", [4]);
  const b = graph.input("b", "bool", [4]);
  graph.output("and", and(a, b));
  graph.output("or", or(a, b));
  graph.output("not", not(a));
  const found = evaluate(graph, { a: [0, 0, 1, 1], b: [0, 1, 0, 1] });
  deepStrictEqual(Array.from(found.and!), [0, 0, 0, 1]);
  deepStrictEqual(Array.from(found.or!), [0, 1, 1, 1]);
  deepStrictEqual(Array.from(found.not!), [1, 1, 0, 0]);
});

Deno.test("where chooses by element; all three broadcast", () => {
  const inputs = {
    x: { shape: [2, 1], data: [1, -1] },
    a: { shape: [2], data: [5, 6] },
    b: { shape: [], data: [0] },
  };
  deepStrictEqual(
    resultsOf(
      inputs,
      ({ x, a, b }) => where(greater(x!, b!), a!, b!),
    ),
    [5, 6, 0, 0],
  );
});

Deno.test("cast turns bools into 0 and 1, and does nothing to its own type", () => {
  const graph = new Graph("net");
  const x = graph.input("x", "bool", [2]);
  strictEqual(cast(x, "bool"), x);
  graph.output("number", cast(x, "float32"));
  graph.output("whole", cast(cast(x, "int64"), "bool"));
  const { number, whole } = evaluate(graph, { x: [1, 0] });
  deepStrictEqual(Array.from(number!), [1, 0]);
  deepStrictEqual(Array.from(whole!), [1, 0]);
});

Deno.test("comparisons refuse unlike types, where a condition that is no bool", () => {
  const graph = new Graph("net");
  const a = graph.input("a", "float32", [2]);
  const b = graph.input("b", "int64", [2]);
  throws(() => equal(a, b), {
    name: "RangeError",
    message:
      'Cannot add node "Equal" as its inputs must be of one type: they ' +
      "are float32[2] and int64[2] (inputs: a float32[2], b int64[2])",
  });
  throws(() => where(a, a, a), {
    name: "RangeError",
    message: 'Cannot add node "Where" as its condition must be bool: it is ' +
      "float32[2] (inputs: a float32[2], a float32[2], a float32[2])",
  });
});
