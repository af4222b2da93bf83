import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  logSoftmax,
  relu,
  relu6,
  sigmoid,
  softmax,
} from "../../../../lib/graph/operators/activation.ts";
import { resultsOf } from "../differences.ts";

const x = { shape: [4], data: [-1, 0, 2, 7] };

Deno.test("relu and relu6 cut off, sigmoid does not", () => {
  deepStrictEqual(resultsOf({ x }, ({ x }) => relu(x!)), [0, 0, 2, 7]);
  deepStrictEqual(resultsOf({ x }, ({ x }) => relu6(x!)), [0, 0, 2, 6]);
  deepStrictEqual(
    resultsOf({ x }, ({ x }) => sigmoid(x!)),
    x.data.map((number) => 1 / (1 + Math.exp(-number))),
  );
});

Deno.test("softmax sums to 1 over its axis, and is logSoftmax's power", () => {
  const numbers = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), {
    minLength: 6,
    maxLength: 6,
  });
  fc.assert(fc.property(numbers, (data) => {
    const inputs = { x: { shape: [2, 3], data } };
    for (const axis of [0, 1]) {
      const shares = resultsOf(inputs, ({ x }) => softmax(x!, axis));
      const logs = resultsOf(inputs, ({ x }) => logSoftmax(x!, axis));
      ok(shares.every((p, i) => Math.abs(p - Math.exp(logs[i]!)) < 1e-12));
      const ones = axis === 1
        ? [shares[0]! + shares[1]! + shares[2]!]
        : [shares[0]! + shares[3]!];
      ok(ones.every((sum) => Math.abs(sum - 1) < 1e-12));
    }
  }));
});

Deno.test("logSoftmax stays finite for large scores", () => {
  const large = { shape: [1, 2], data: [1000, 0] };
  deepStrictEqual(
    resultsOf({ large }, ({ large }) => logSoftmax(large!, 1)),
    [0, -1000],
  );
});
