import { deepStrictEqual } from "node:assert/strict";
import { Graph } from "../../../lib/graph/graph.ts";
import { liveNodes } from "../../../lib/graph/live_nodes.ts";
import {
  add,
  exp,
  log,
  sqrt,
} from "../../../lib/graph/operators/arithmetic.ts";

Deno.test("liveNodes leaves out what no output depends on, and keeps the order", () => {
  const graph = new Graph("net");
  const x = graph.input("x", "float32", [2]);
  const [a, b] = [exp(x), log(x)];
  sqrt(a);
  graph.output("sum", add(b, a));
  deepStrictEqual(
    liveNodes(graph).map(({ name }) => name),
    ["Exp", "Log", "Add"],
  );
});

Deno.test("liveNodes of a graph whose outputs are inputs is empty", () => {
  const graph = new Graph("net");
  const x = graph.input("x", "float32", [2]);
  exp(x);
  graph.output("x", x);
  deepStrictEqual(liveNodes(graph), []);
});
