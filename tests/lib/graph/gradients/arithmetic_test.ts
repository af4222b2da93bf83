import { deepStrictEqual } from "node:assert/strict";
import {
  logSoftmax,
  relu,
  relu6,
  sigmoid,
  softmax,
} from "../../../../lib/graph/operators/activation.ts";
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
import { greater, where } from "../../../../lib/graph/operators/comparison.ts";
import {
  reduceMax,
  reduceMean,
  reduceSum,
} from "../../../../lib/graph/operators/reduction.ts";
import type { Value } from "../../../../lib/graph/value.ts";
import { assertGradients, gradientsOfSum } from "../differences.ts";

/** x² + ½: above 0, where log, sqrt and division have slopes. */
function positive(x: Value): Value {
  return add(mul(x, x), x.graph.scalar(0.5));
}

Deno.test("gradients of two tensors match differences, broadcast or not", () => {
  const shapes = [
    [[2, 3], [2, 3]],
    [[2, 3], [3]],
    [[1, 3], [2, 1]],
    [[], [2, 1, 2]],
  ] as const;
  for (const [a, b] of shapes) {
    for (const operator of [add, sub, mul, maximum, minimum]) {
      assertGradients({ a, b }, ({ a, b }) => operator(a!, b!));
    }
    assertGradients({ a, b }, ({ a, b }) => div(a!, positive(b!)));
  }
});

Deno.test("gradients of one tensor match differences", () => {
  for (const operator of [neg, exp, sigmoid, relu]) {
    assertGradients({ x: [2, 3] }, ({ x }) => operator(x!));
  }
  for (const operator of [log, sqrt]) {
    assertGradients({ x: [2, 3] }, ({ x }) => operator(positive(x!)));
  }
  const x = { shape: [5], data: [-2, 0.25, 5.75, 6.5, 12] };
  assertGradients({ x }, ({ x }) => relu6(x!));
});

Deno.test("relu and relu6 have no slope where they bend", () => {
  const x = { shape: [4], data: [-1, 0, 6, 7] };
  deepStrictEqual(gradientsOfSum({ x }, ({ x }) => relu(x!)).x, [0, 0, 1, 1]);
  deepStrictEqual(gradientsOfSum({ x }, ({ x }) => relu6(x!)).x, [0, 0, 0, 0]);
});

Deno.test("maximum and minimum share the gradient of ties", () => {
  const inputs = {
    a: { shape: [3], data: [1, 2, 3] },
    b: { shape: [3], data: [2, 2, 2] },
  };
  deepStrictEqual(
    gradientsOfSum(inputs, ({ a, b }) => maximum(a!, b!)),
    { a: [0, 0.5, 1], b: [1, 0.5, 0] },
  );
  deepStrictEqual(
    gradientsOfSum(inputs, ({ a, b }) => minimum(a!, b!)),
    { a: [1, 0.5, 0], b: [0, 0.5, 1] },
  );
});

Deno.test("gradients of reductions match differences", () => {
  for (const operator of [reduceSum, reduceMean, reduceMax]) {
    for (const axes of [[1], [0, 2], [0, 1, 2]]) {
      assertGradients({ x: [2, 3, 2] }, ({ x }) => operator(x!, axes));
    }
  }
});

Deno.test("reduceMax shares the gradient among equal maxima", () => {
  const x = { shape: [2, 3], data: [5, 5, 1, 2, 3, 4] };
  deepStrictEqual(
    gradientsOfSum({ x }, ({ x }) => reduceMax(x!, [1])).x,
    [0.5, 0.5, 0, 0, 0, 1],
  );
});

Deno.test("gradients of softmax and logSoftmax match differences", () => {
  for (const axis of [0, 1, 2]) {
    for (const operator of [softmax, logSoftmax]) {
      assertGradients({ x: [2, 3, 2] }, ({ x }) => operator(x!, axis));
    }
  }
});

Deno.test("logSoftmax's gradient of the true class is p − 1, even where p is 0", () => {
  const x = { shape: [2], data: [0, 1000] };
  const first = { shape: [2], data: [-1, 0] };
  const { x: slope } = gradientsOfSum(
    { x, first },
    ({ x, first }) => mul(first!, logSoftmax(x!, 0)),
  );
  deepStrictEqual(slope, [-1, 1]);
});

Deno.test("where sends gradients to what it chose, summed where it broadcast", () => {
  assertGradients(
    { x: [2, 1], a: [3], b: [2, 3] },
    ({ a, b, x }) => {
      const condition = greater(a!, a!.graph.scalar(0.1));
      return add(where(condition, a!, b!), x!);
    },
  );
});
