import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Graph } from "../../../../lib/graph/graph.ts";
import { gradients } from "../../../../lib/graph/gradients.ts";
import { mul } from "../../../../lib/graph/operators/arithmetic.ts";
import {
  conv,
  type ConvOptions,
} from "../../../../lib/graph/operators/convolution.ts";
import { reduceSum } from "../../../../lib/graph/operators/reduction.ts";
import { elementCount } from "../../../../lib/graph/value.ts";
import {
  assertGradients,
  gradientsOfSum,
  randomNumbers,
} from "../differences.ts";
import { evaluate } from "../reference.ts";

/** Options and shapes `[N, Ci, H, W]`, `[Co, Ci/g, kh, kw]` of convolutions. */
const CASES: Readonly<Record<string, [ConvOptions, number[], number[]]>> = {
  plain: [{}, [2, 2, 3, 4], [2, 2, 2, 3]],
  padded: [{ pad: 1 }, [2, 2, 3, 4], [2, 2, 3, 3]],
  "padded unevenly": [{ pad: [0, 1, 2, 0] }, [1, 2, 3, 4], [1, 2, 3, 2]],
  "padded beyond the kernel": [{ pad: 2 }, [1, 1, 2, 3], [2, 1, 2, 2]],
  strided: [{ stride: 2, pad: 1 }, [1, 2, 5, 6], [2, 2, 3, 3]],
  "strided 1x1": [{ stride: 2 }, [2, 2, 5, 4], [3, 2, 1, 1]],
  "strided beyond the kernel": [{ stride: 3 }, [1, 1, 6, 8], [2, 1, 2, 2]],
  "1x1": [{}, [2, 3, 2, 3], [2, 3, 1, 1]],
  dilated: [{ pad: 2, dilation: 2 }, [1, 2, 5, 4], [2, 2, 3, 3]],
  "dilated beyond the input": [
    { pad: 12, dilation: 12 },
    [1, 2, 3, 4],
    [2, 2, 3, 3],
  ],
  "dilated and strided": [
    { pad: 2, dilation: 2, stride: 2 },
    [1, 1, 6, 5],
    [2, 1, 3, 3],
  ],
  "of few channels": [{ pad: 1 }, [2, 1, 4, 3], [4, 1, 3, 3]],
  "of few channels, strided": [
    { pad: [0, 1, 2, 1], stride: 2, dilation: 2 },
    [2, 1, 6, 5],
    [4, 1, 3, 3],
  ],
  "depthwise and dilated beyond the input": [
    { pad: 4, dilation: 4, group: 2 },
    [1, 2, 3, 4],
    [2, 1, 3, 3],
  ],
  grouped: [{ pad: 1, group: 2 }, [2, 4, 3, 3], [6, 2, 3, 3]],
  "grouped and strided": [
    { pad: 1, group: 2, stride: 2 },
    [1, 4, 5, 4],
    [2, 2, 3, 3],
  ],
  depthwise: [{ pad: 1, group: 3 }, [2, 3, 3, 4], [3, 1, 3, 3]],
  "depthwise and strided": [
    { pad: 1, group: 3, stride: 2 },
    [2, 3, 4, 5],
    [3, 1, 3, 3],
  ],
  "depthwise of several": [{ pad: 1, group: 2 }, [1, 2, 3, 3], [4, 1, 3, 3]],
};

for (const [name, [options, x, w]] of Object.entries(CASES)) {
  Deno.test(`gradients of a convolution ${name} match differences`, () => {
    assertGradients(
      { x, w, b: [w[0]!] },
      ({ x, w, b }) => conv(x!, w!, b!, options),
    );
  });
}

for (const [name, [options, xShape, wShape]] of Object.entries(CASES)) {
  if (!name.startsWith("depthwise") || name === "depthwise of several") {
    continue;
  }
  Deno.test(`a convolution ${name} has an alternative gradient, the same`, () => {
    const graph = new Graph("net");
    const x = graph.input("x", "float32", xShape);
    const w = graph.parameter("w", wShape);
    const y = conv(x, w, null, options);
    const [slope] = gradients(reduceSum(mul(y, y), [0, 1, 2, 3]), [w]);
    graph.output("slope", slope!);
    graph.output("other", graph.alternatives.get(slope!)!);
    const draw = (shape: number[], seed: number) =>
      randomNumbers(elementCount(shape), seed);
    const feeds = { x: draw(xShape, 1), w: draw(wShape, 2) };
    const { slope: expected, other } = evaluate(graph, feeds);
    const error = expected!.map((number, i) => Math.abs(number - other![i]!));
    ok(Math.max(...error) < 1e-9);
  });
}

Deno.test("gradients of a convolution, by hand", () => {
  const found = gradientsOfSum({
    x: { shape: [1, 1, 1, 3], data: [1, 2, 4] },
    w: { shape: [1, 1, 1, 2], data: [10, 1] },
    b: { shape: [1], data: [0] },
  }, ({ x, w, b }) => conv(x!, w!, b!));
  deepStrictEqual(found, { x: [10, 11, 1], w: [3, 6], b: [2] });
});

Deno.test("gradients of a convolution weigh x and w by as much as the loss", () => {
  // ⟨g, conv(x, w)⟩ is linear in x and in w: ⟨∂x, x⟩ = ⟨∂w, w⟩ = loss. Whole
  // numbers make it exact.
  const options = fc.record({
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    pad: fc.tuple(...Array(4).fill(fc.nat({ max: 3 }))) as fc.Arbitrary<
      [number, number, number, number]
    >,
    group: fc.constantFrom(1, 2, 4),
  });
  const kernel = fc.integer({ min: 1, max: 3 });
  const size = fc.integer({ min: 7, max: 9 });
  const shapes = fc.tuple(size, size, kernel, kernel);
  fc.assert(
    fc.property(options, shapes, (options, [height, width, rows, columns]) => {
      const graph = new Graph("net");
      const x = graph.parameter("x", [1, 4, height, width]);
      const w = graph.parameter("w", [4, 4 / options.group, rows, columns]);
      const y = conv(x, w, null, options);
      const g = graph.constant(
        Float32Array.from(wholeNumbers(elementCount(y.shape))),
        y.shape,
      );
      const loss = reduceSum(mul(y, g), [0, 1, 2, 3]);
      const [ofX, ofW] = gradients(loss, [x, w]);
      graph.output("loss", loss);
      graph.output("x", reduceSum(mul(x, ofX!), [0, 1, 2, 3]));
      graph.output("w", reduceSum(mul(w, ofW!), [0, 1, 2, 3]));
      const found = evaluate(graph, {
        x: wholeNumbers(elementCount(x.shape)),
        w: wholeNumbers(elementCount(w.shape)),
      });
      strictEqual(found.x![0], found.loss![0]);
      strictEqual(found.w![0], found.loss![0]);
    }),
    { numRuns: 25 },
  );
});

/** Small ones, of no pattern. */
function wholeNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (i * i * 7 + i * 3) % 11 - 5);
}
