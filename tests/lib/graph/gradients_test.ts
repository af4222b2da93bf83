import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { Graph } from "../../../lib/graph/graph.ts";
import { gradients } from "../../../lib/graph/gradients.ts";
import { relu } from "../../../lib/graph/operators/activation.ts";
import { add, exp, mul } from "../../../lib/graph/operators/arithmetic.ts";
import { cast, greater } from "../../../lib/graph/operators/comparison.ts";
import { conv } from "../../../lib/graph/operators/convolution.ts";
import { maxPool } from "../../../lib/graph/operators/pooling.ts";
import { stopGradient } from "../../../lib/graph/operators/stop_gradient.ts";
import { reduceSum } from "../../../lib/graph/operators/reduction.ts";
import { assertGradients, gradientsOfSum } from "./differences.ts";
import { evaluate } from "./reference.ts";

Deno.test("gradients add up over all uses of a value", () => {
  // x·x + x has the slope 2x + 1.
  const found = gradientsOfSum(
    { x: { shape: [3], data: [-1, 0, 5] } },
    ({ x }) => add(mul(x!, x!), x!),
  );
  deepStrictEqual(found, { x: [-1, 1, 11] });
});

Deno.test("gradients stop at stopGradient, and only there", () => {
  const found = gradientsOfSum(
    { x: { shape: [2], data: [2, 5] } },
    ({ x }) => mul(x!, stopGradient(x!)),
  );
  deepStrictEqual(found, { x: [2, 5] });
});

Deno.test("gradients do not go through comparisons", () => {
  const found = gradientsOfSum(
    { x: { shape: [2], data: [2, -5] } },
    ({ x }) => mul(x!, cast(greater(x!, x!.graph.scalar(0)), "float32")),
  );
  deepStrictEqual(found, { x: [1, 0] });
});

Deno.test("gradients of a small network match differences", () => {
  assertGradients(
    { x: [2, 2, 5, 6], w1: [3, 2, 3, 3], b1: [3], w2: [2, 3, 3, 3] },
    ({ x, w1, b1, w2 }) => {
      const first = relu(conv(x!, w1!, b1!, { pad: 1 }));
      const pooled = maxPool(first, { kernel: 3, stride: 2, pad: 1 });
      return conv(pooled, w2!, null, { pad: 2, dilation: 2 });
    },
  );
});

Deno.test("gradients add no node for what is not asked for", () => {
  const graph = new Graph("net");
  const x = graph.input("x", "float32", [1, 1, 4, 4]);
  const w = graph.parameter("w", [1, 1, 3, 3]);
  const loss = reduceSum(conv(x, w, null), [0, 1, 2, 3]);
  const before = graph.nodes.length;
  gradients(loss, [w]);
  const added = graph.nodes.slice(before).map(({ operator }) => operator.name);
  strictEqual(added.includes("Conv"), false); // that of the input's gradient
});

Deno.test("gradients add no node behind where they stop", () => {
  const graph = new Graph("net");
  const x = graph.parameter("x", []);
  const loss = mul(x, exp(stopGradient(x)));
  const before = graph.nodes.length;
  gradients(loss, [x]);
  strictEqual(graph.nodes.length, before + 1);
});

Deno.test("gradients name their nodes after what they are of", () => {
  const graph = new Graph("net");
  const x = graph.parameter("x", []);
  gradients(graph.scope("curve", () => exp(x)), [x]);
  deepStrictEqual(
    graph.nodes.map(({ name }) => name),
    ["curve/Exp", "gradient/curve/Exp/Mul"],
  );
});

Deno.test("gradients of a value by itself are 1", () => {
  const graph = new Graph("net");
  const x = graph.parameter("x", [1, 1]);
  graph.output("slope", gradients(x, [x])[0]!);
  deepStrictEqual(Array.from(evaluate(graph, { x: [7] }).slope!), [1]);
});

Deno.test("gradients refuse a loss of many numbers", () => {
  const x = new Graph("net").parameter("scores", [2, 3]);
  throws(() => gradients(x, [x]), {
    name: "RangeError",
    message: 'Cannot differentiate "scores" as a loss must be one float32 ' +
      "number: float32[2, 3]",
  });
});

Deno.test("gradients refuse values that the loss does not depend on", () => {
  const graph = new Graph("net");
  const [x, y] = [graph.parameter("x", []), graph.parameter("y", [])];
  const message = 'Cannot differentiate "Exp" as it must depend on "y"';
  throws(() => gradients(exp(x), [x, y]), { name: "RangeError", message });
  throws(() => gradients(exp(stopGradient(y)), [y]), {
    name: "RangeError",
    message: 'Cannot differentiate "Exp_2" as it must depend on "y"',
  });
});

Deno.test("gradients are linear: those of a·f + b·f are (a + b) times f's", () => {
  const number = fc.integer({ min: -8, max: 8 });
  const numbers = fc.array(number, { minLength: 4, maxLength: 4 });
  fc.assert(fc.property(number, number, numbers, (a, b, data) => {
    const inputs = { x: { shape: [4], data } };
    const one = gradientsOfSum(inputs, ({ x }) => mul(x!, x!)).x!;
    const both = gradientsOfSum(inputs, ({ x }) => {
      const { graph } = x!;
      const square = mul(x!, x!);
      const left = mul(square, graph.scalar(a));
      return add(left, mul(square, graph.scalar(b)));
    }).x!;
    ok(both.every((slope, i) => slope === (a + b) * one[i]!));
  }));
});
