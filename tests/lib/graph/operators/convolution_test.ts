import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Graph } from "../../../../lib/graph/graph.ts";
import { conv } from "../../../../lib/graph/operators/convolution.ts";
import { resultsOf } from "../differences.ts";

/** 1 … n in a shape. */
function counting(...shape: number[]) {
  const count = shape.reduce((product, size) => product * size, 1);
  return { shape, data: Array.from({ length: count }, (_, i) => i + 1) };
}

Deno.test("conv adds weighed cells and does not turn the kernel around", () => {
  const x = counting(1, 1, 3, 3);
  const w = { shape: [1, 1, 2, 2], data: [1, 10, 100, 1000] };
  const b = { shape: [1], data: [0.5] };
  deepStrictEqual(
    resultsOf({ x, w, b }, ({ x, w, b }) => conv(x!, w!, b!)),
    [5421.5, 6532.5, 8754.5, 9865.5],
  );
});

Deno.test("conv pads by [top, left, bottom, right], zeros outside", () => {
  const x = counting(1, 1, 1, 2);
  const w = { shape: [1, 1, 1, 2], data: [10, 1] };
  deepStrictEqual(
    resultsOf(
      { x, w },
      ({ x, w }) => conv(x!, w!, null, { pad: [1, 2, 0, 0] }),
    ),
    [0, 0, 0, 0, 1, 12], // row 0 is padding
  );
});

Deno.test("conv leaves out cells between taps and between windows", () => {
  const x = counting(1, 1, 1, 7);
  const w = { shape: [1, 1, 1, 2], data: [10, 1] };
  deepStrictEqual(
    resultsOf(
      { x, w },
      ({ x, w }) => conv(x!, w!, null, { dilation: 3, stride: 2 }),
    ),
    [14, 36],
  );
});

Deno.test("conv of groups does not mix them", () => {
  const x = counting(1, 4, 1, 1);
  const w = { shape: [2, 2, 1, 1], data: [10, 1, 10, 1] };
  deepStrictEqual(
    resultsOf({ x, w }, ({ x, w }) => conv(x!, w!, null, { group: 2 })),
    [12, 34],
  );
});

Deno.test("conv sums channels, and keeps images of a batch apart", () => {
  const x = counting(2, 2, 1, 1);
  const w = { shape: [1, 2, 1, 1], data: [10, 1] };
  deepStrictEqual(
    resultsOf({ x, w }, ({ x, w }) => conv(x!, w!, null)),
    [12, 34],
  );
});

function inputs(x: readonly number[], w: readonly number[]) {
  const graph = new Graph("net");
  return [graph.input("x", "float32", x), graph.parameter("w", w)] as const;
}

Deno.test("conv refuses a kernel larger than the padded input", () => {
  throws(
    () => conv(...inputs([1, 1, 9, 9], [1, 1, 3, 3]), null, { dilation: 5 }),
    {
      name: "RangeError",
      message:
        'Cannot add node "Conv" as its window must fit into the padded ' +
        "input: it spans 11 of 9 on axis 2, input [9, 9], pads [0, 0, 0, 0] " +
        "(inputs: x float32[1, 1, 9, 9], w float32[1, 1, 3, 3])",
    },
  );
});

Deno.test("conv refuses a bias that is not one number a channel", () => {
  const [x, w] = inputs([1, 1, 3, 3], [4, 1, 3, 3]);
  const bias = x.graph.constant(new Float32Array(3), [3]);
  throws(() => conv(x, w, bias), {
    name: "RangeError",
    message: 'Cannot add node "Conv" as its bias must be [Co]: bias [3], ' +
      "weight [4, 1, 3, 3] (inputs: x float32[1, 1, 3, 3], w " +
      "float32[4, 1, 3, 3], constant float32[3])",
  });
});

Deno.test("conv refuses inputs that are not images", () => {
  throws(() => conv(...inputs([1, 3, 3], [4, 1, 3, 3]), null), {
    name: "RangeError",
    message: 'Cannot add node "Conv" as the input must have 4 axes: it is ' +
      "[1, 3, 3] (inputs: x float32[1, 3, 3], w float32[4, 1, 3, 3])",
  });
});

Deno.test("conv refuses options that are not whole numbers", () => {
  const messages = [
    [{ stride: 0 }, "a stride must be a whole number of at least 1: 0"],
    [{ dilation: 1.5 }, "a dilation must be a whole number of at least 1: 1.5"],
    [{ pad: -1 }, "a pad must be a whole number of at least 0: -1"],
    [{ group: 0 }, "group must be a whole number of at least 1: 0"],
  ] as const;
  for (const [options, found] of messages) {
    throws(() => conv(...inputs([1, 1, 3, 3], [1, 1, 3, 3]), null, options), {
      name: "RangeError",
      message: `Cannot add node "Conv" as ${found} (inputs: x ` +
        "float32[1, 1, 3, 3], w float32[1, 1, 3, 3])",
    });
  }
});

Deno.test("conv with padding of its dilation keeps the size", () => {
  const [x, w] = inputs([1, 2, 41, 40], [4, 2, 3, 3]);
  const { shape } = conv(x, w, null, { pad: 12, dilation: 12 });
  strictEqual(shape.join(), "1,4,41,40");
});
