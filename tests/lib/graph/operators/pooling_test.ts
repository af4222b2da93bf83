import { deepStrictEqual, throws } from "node:assert/strict";
import { Graph } from "../../../../lib/graph/graph.ts";
import {
  averagePool,
  maxPool,
} from "../../../../lib/graph/operators/pooling.ts";
import { resultsOf } from "../differences.ts";

const x = { shape: [1, 1, 3, 3], data: [-9, -8, -7, -6, -5, -4, -3, -2, -1] };

Deno.test("maxPool takes no zeros from the padding", () => {
  deepStrictEqual(
    resultsOf({ x }, ({ x }) => maxPool(x!, { kernel: 3, stride: 2, pad: 1 })),
    [-5, -4, -2, -1],
  );
});

Deno.test("averagePool counts zeros of the padding", () => {
  deepStrictEqual(
    resultsOf(
      { x },
      ({ x }) => averagePool(x!, { kernel: 3, stride: 2, pad: 1 }),
    ),
    [-28 / 9, -24 / 9, -16 / 9, -12 / 9],
  );
});

Deno.test("pooling without padding leaves out what fills no window", () => {
  const results = [maxPool, averagePool].map((pool) =>
    resultsOf({ x }, ({ x }) => pool(x!, { kernel: 2, stride: 2 }))
  );
  deepStrictEqual(results, [[-5], [-7]]);
});

Deno.test("pooling pads each side as it is told", () => {
  deepStrictEqual(
    resultsOf(
      { x },
      ({ x }) => maxPool(x!, { kernel: 2, stride: 2, pad: [0, 0, 1, 1] }),
    ),
    [-5, -4, -2, -1],
  );
});

Deno.test("pooling refuses a pad that is not below the kernel", () => {
  const input = new Graph("net").input("x", "float32", [1, 1, 3, 3]);
  throws(() => maxPool(input, { kernel: 2, stride: 1, pad: 2 }), {
    name: "RangeError",
    message: 'Cannot add node "MaxPool" as its pads must be smaller than the ' +
      "kernel: pads [2, 2, 2, 2], kernel [2, 2] (inputs: x " +
      "float32[1, 1, 3, 3])",
  });
});
