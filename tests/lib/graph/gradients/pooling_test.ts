import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  averagePool,
  maxPool,
  type PoolOptions,
} from "../../../../lib/graph/operators/pooling.ts";
import { assertGradients, gradientsOfSum } from "../differences.ts";

/** Options, and the input's height and width. */
const CASES: Readonly<Record<string, [PoolOptions, number, number]>> = {
  "3x3 by 1": [{ kernel: 3, stride: 1, pad: 1 }, 4, 5],
  "3x3 by 2": [{ kernel: 3, stride: 2, pad: 1 }, 5, 6],
  "3x3 by 2, end padded": [{ kernel: 3, stride: 2, pad: [0, 0, 1, 1] }, 6, 5],
  "3x3 by 2, not padded": [{ kernel: 3, stride: 2 }, 6, 5],
  "2x2 by 2": [{ kernel: 2, stride: 2 }, 5, 4],
  "2x2 by 3": [{ kernel: 2, stride: 3, pad: 1 }, 6, 7],
  "5x5 by 2": [{ kernel: 5, stride: 2, pad: 2 }, 6, 5],
  "1x1 by 2": [{ kernel: 1, stride: 2 }, 4, 5],
};

for (const [name, [options, height, width]] of Object.entries(CASES)) {
  for (const pool of [maxPool, averagePool]) {
    Deno.test(`gradients of ${pool.name} ${name} match differences`, () => {
      assertGradients(
        { x: [1, 2, height, width] },
        ({ x }) => pool(x!, options),
      );
    });
  }
}

Deno.test("maxPool gives the gradient of a tie to the first in row-major order", () => {
  // The second 9 is first by columns, the first one by rows.
  const x = { shape: [1, 1, 3, 3], data: [0, 0, 9, 9, 0, 0, 0, 0, 9] };
  const { x: slope } = gradientsOfSum(
    { x },
    ({ x }) => maxPool(x!, { kernel: 3, stride: 1 }),
  );
  deepStrictEqual(slope, [0, 0, 1, 0, 0, 0, 0, 0, 0]);
});

Deno.test("maxPool of equal cells gives each window's gradient to its first cell", () => {
  // Windows at the border begin inside it, not in the padding.
  const x = { shape: [1, 1, 3, 3], data: new Array(9).fill(-1) };
  const { x: slope } = gradientsOfSum(
    { x },
    ({ x }) => maxPool(x!, { kernel: 3, stride: 1, pad: 1 }),
  );
  deepStrictEqual(slope, [4, 2, 0, 2, 1, 0, 0, 0, 0]);
});

Deno.test("maxPool gives each window's gradient to its first maximum, by brute force", () => {
  const size = fc.integer({ min: 3, max: 6 });
  const options = fc.record({
    kernel: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    pad: fc.nat({ max: 2 }),
  }).filter(({ kernel, pad }) => pad < kernel);
  // Few levels, so that ties are common.
  const cells = fc.array(fc.integer({ min: -2, max: 0 }), {
    minLength: 36,
    maxLength: 36,
  });
  fc.assert(fc.property(size, size, options, cells, (h, w, options, cells) => {
    const data = cells.slice(0, h * w);
    const { x } = gradientsOfSum(
      { x: { shape: [1, 1, h, w], data } },
      ({ x }) => maxPool(x!, options),
    );
    deepStrictEqual(x, firstMaxima({ h, w, data }, options));
  }));
});

/** How many windows have each cell for the first of their maxima. */
function firstMaxima(
  { h, w, data }: { h: number; w: number; data: readonly number[] },
  { kernel, stride, pad }: { kernel: number; stride: number; pad: number },
): number[] {
  const counts = new Array<number>(h * w).fill(0);
  for (let top = -pad; top + kernel <= h + pad; top += stride) {
    for (let left = -pad; left + kernel <= w + pad; left += stride) {
      let first = -1;
      for (let y = Math.max(0, top); y < Math.min(h, top + kernel); y++) {
        for (let x = Math.max(0, left); x < Math.min(w, left + kernel); x++) {
          const at = y * w + x;
          if (first < 0 || data[at]! > data[first]!) first = at;
        }
      }
      counts[first]!++;
    }
  }
  return counts;
}
