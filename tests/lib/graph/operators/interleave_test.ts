import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  interleave,
  place,
  spread,
} from "../../../../lib/graph/operators/interleave.ts";
import { slice } from "../../../../lib/graph/operators/shape.ts";
import { resultsOf } from "../differences.ts";

const x = { shape: [2, 2], data: [1, 2, 3, 4] };
const y = { shape: [2, 2], data: [5, 6, 7, 8] };

Deno.test("interleave takes turns along an axis", () => {
  const along = (axis: number) =>
    resultsOf({ x, y }, ({ x, y }) => interleave([x!, y!], axis));
  deepStrictEqual(along(0), [1, 2, 5, 6, 3, 4, 7, 8]);
  deepStrictEqual(along(1), [1, 5, 2, 6, 3, 7, 4, 8]);
});

Deno.test("spread puts zeros after each element of an axis", () => {
  const along = (axis: number) =>
    resultsOf({ x }, ({ x }) => spread(x!, { axis, stride: 2 }));
  deepStrictEqual(along(0), [1, 2, 0, 0, 3, 4, 0, 0]);
  deepStrictEqual(along(1), [1, 0, 2, 0, 3, 0, 4, 0]);
});

Deno.test("place pads or cuts each end", () => {
  const placed = (start: number, size: number) =>
    resultsOf({ x }, ({ x }) => place(x!, { axis: 1, start, size }));
  deepStrictEqual(placed(1, 4), [0, 1, 2, 0, 0, 3, 4, 0]);
  deepStrictEqual(placed(-1, 2), [2, 0, 4, 0]);
  deepStrictEqual(placed(0, 1), [1, 3]);
  deepStrictEqual(placed(0, 2), [1, 2, 3, 4]);
});

Deno.test("slices by a stride undo interleave", () => {
  const stride = fc.integer({ min: 1, max: 4 });
  fc.assert(fc.property(stride, fc.nat({ max: 3 }), (step, phase) => {
    fc.pre(phase < step);
    const inputs = Object.fromEntries(
      Array.from({ length: step }, (_, i) => [
        `x${i}`,
        { shape: [2, 2], data: [i, 10 + i, 20 + i, 30 + i] },
      ]),
    );
    const found = resultsOf(inputs, (values) => {
      const all = interleave(Object.values(values), 1);
      const end = all.shape[1]!;
      return slice(all, { axis: 1, start: phase, end, step });
    });
    deepStrictEqual(found, inputs[`x${phase}`]!.data);
  }));
});
