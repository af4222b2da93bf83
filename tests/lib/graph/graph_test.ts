import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Graph } from "../../../lib/graph/graph.ts";
import { add, exp } from "../../../lib/graph/operators/arithmetic.ts";
import { conv } from "../../../lib/graph/operators/convolution.ts";

Deno.test("Graph names nodes by scope and operator, and counts those alike", () => {
  const graph = new Graph("net");
  const x = graph.input("x", "float32", [2]);
  graph.scope("conv1", () => graph.scope("part", () => exp(x)));
  graph.scope("conv1", () => [exp(x), exp(x)]);
  exp(x);
  deepStrictEqual(
    graph.nodes.map(({ name }) => name),
    ["conv1/part/Exp", "conv1/Exp", "conv1/Exp_2", "Exp"],
  );
});

Deno.test("Graph leaves a scope when its body throws", () => {
  const graph = new Graph("net");
  const x = graph.input("x", "float32", [2]);
  throws(() => graph.scope("conv1", () => conv(x, x, null)));
  strictEqual(exp(x).name, "Exp");
});

Deno.test("Graph keeps equal constants once, unlike ones apart", () => {
  const graph = new Graph("net");
  strictEqual(graph.scalar(2), graph.scalar(2));
  graph.scalar(3);
  graph.constant(Float32Array.of(2), [1]);
  graph.constant(BigInt64Array.of(2n), []);
  strictEqual(graph.constants.length, 4);
});

Deno.test("Graph keeps constants of other bytes apart, and as they were", () => {
  const graph = new Graph("net");
  const data = Float32Array.of(0);
  graph.constant(data, []);
  graph.scalar(-0);
  data[0] = 5;
  deepStrictEqual(
    graph.constants.map(({ data }) => data),
    [Float32Array.of(0), Float32Array.of(-0)],
  );
});

Deno.test("Graph knows the node each value comes from", () => {
  const graph = new Graph("net");
  const x = graph.input("x", "float32", [2]);
  strictEqual(graph.producerOf(exp(x)), graph.nodes[0]);
  strictEqual(graph.producerOf(x), undefined);
});

Deno.test("Graph tells a node's name and all its inputs' shapes when they do not fit", () => {
  const graph = new Graph("net");
  const images = graph.input("images", "float32", [2, 3, 9, 9]);
  const weight = graph.parameter("conv1/weight", [16, 4, 3, 3]);
  const bias = graph.parameter("conv1/bias", [16]);
  throws(
    () => graph.scope("conv1", () => conv(images, weight, bias)),
    {
      name: "RangeError",
      message: 'Cannot add node "conv1/Conv" as its weight must be ' +
        "[Co, Ci / group, kernel, kernel], Co a multiple of group: input " +
        "[2, 3, 9, 9], weight [16, 4, 3, 3], group 1 (inputs: images " +
        "float32[2, 3, 9, 9], conv1/weight float32[16, 4, 3, 3], conv1/bias " +
        "float32[16])",
    },
  );
});

Deno.test("Graph refuses values of another graph", () => {
  const x = new Graph("one").input("x", "float32", [2]);
  const y = new Graph("other").input("y", "float32", [2]);
  throws(() => add(x, y), {
    name: "RangeError",
    message: 'Cannot add node "Add" as its inputs must be of its graph: "y" ' +
      'is of graph "other" (inputs: x float32[2], y float32[2])',
  });
});

Deno.test("Graph refuses an output of another graph", () => {
  const x = new Graph("one").input("x", "float32", [2]);
  throws(() => new Graph("other").output("y", x), {
    name: "RangeError",
    message: 'Cannot add output "y" to graph "other" as its value must be of ' +
      'that graph: "x" is of graph "one"',
  });
});

Deno.test("Graph refuses alternatives of another shape, type or graph", () => {
  const graph = new Graph("net");
  const x = graph.input("x", "float32", [2]);
  const others = [
    graph.input("y", "float32", [1, 2]),
    graph.input("z", "bool", [2]),
    new Graph("other").input("y", "float32", [2]),
  ];
  for (const other of others) {
    throws(() => graph.alternative(x, other), { name: "RangeError" });
  }
  throws(() => graph.alternative(x, others[0]!), {
    message:
      'Cannot add an alternative to graph "net" as both values must be ' +
      'of that graph and alike: "x" is float32[2] of "net", "y" is ' +
      'float32[1, 2] of "net"',
  });
  graph.alternative(x, exp(x));
  strictEqual(graph.alternatives.size, 1);
});

Deno.test("Graph refuses a name that is taken", () => {
  const graph = new Graph("net");
  const x = graph.input("x", "float32", [2]);
  throws(() => graph.parameter("x", [2]), {
    name: "RangeError",
    message:
      'Cannot add "x" to graph "net" as names must be unique: there is ' +
      "one",
  });
  graph.output("y", x);
  throws(() => graph.output("y", x), {
    name: "RangeError",
    message: 'Cannot add output "y" to graph "net" as names of outputs must ' +
      "be unique: there is one",
  });
});

Deno.test("Graph refuses empty axes and constants that do not fill their shape", () => {
  const graph = new Graph("net");
  throws(() => graph.input("x", "float32", [2, 0]), {
    name: "RangeError",
    message: 'Cannot add "x" to graph "net" as each axis must be a whole ' +
      "number of at least 1: [2, 0]",
  });
  throws(() => graph.constant(new Float32Array(3), [2, 2]), {
    name: "RangeError",
    message: 'Cannot add a constant to graph "net" as its data must fill its ' +
      "shape: 3 elements, shape [2, 2]",
  });
});
