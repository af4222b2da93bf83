import { deepStrictEqual, throws } from "node:assert/strict";
import { planProgram } from "../../../lib/engine/program_plan.ts";
import { Graph } from "../../../lib/graph/graph.ts";
import { neg } from "../../../lib/graph/operators/arithmetic.ts";

function example(): Graph {
  const graph = new Graph("example");
  const x = graph.input("x", "float32", [3]);
  const w = graph.parameter("w", [2]);
  graph.parameter("v", [2]);
  graph.output("y", neg(x));
  graph.output("w'", neg(w));
  return graph;
}

Deno.test("planProgram feeds what is neither kept nor frozen, and gives no next values", () => {
  const { fed, kept, given } = planProgram(example(), {
    kept: new Map([["w", "w'"]]),
    constants: new Map([["v", new Float32Array(2)]]),
  });
  deepStrictEqual([...fed.keys()], ["x"]);
  deepStrictEqual([...given.keys()], ["y"]);
  deepStrictEqual(kept.get("w"), {
    name: "w",
    type: "float32",
    shape: [2],
    next: "w'",
  });
});

Deno.test("planProgram says all that does not fit the graph", () => {
  const kept = new Map([
    ["x", null],
    ["w", "y"],
    ["v", "z"],
  ]);
  const constants = new Map([
    ["u", new Float32Array(2)],
    ["v", new Float32Array(3)],
  ]);
  throws(() => planProgram(example(), { kept, constants, threads: 0.5 }), {
    name: "RangeError",
    message: 'Cannot compile graph "example" as options must fit it: ' +
      'no parameter "u" to freeze; frozen "v" is float32 × 3, not float32[2]; ' +
      'no parameter "x" to keep; next "w" is float32[2], but "y" is ' +
      'float32[3]; "v" is both kept and frozen; 0.5 threads',
  });
});

Deno.test("planProgram refuses one next value for two parameters", () => {
  const kept = new Map([["w", "w'"], ["v", "w'"]]);
  throws(() => planProgram(example(), { kept }), {
    message:
      'Cannot compile graph "example" as options must fit it: "w\'" is ' +
      "the next value of two parameters",
  });
});
