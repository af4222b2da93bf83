import { ok } from "node:assert/strict";
import fc from "fast-check";
import {
  type PositionFilter,
  positionFilter,
} from "../../../lib/crf/position_filter.ts";

/** What pixel x receives of pixel j, over what it receives of all. */
function rowOf(filter: PositionFilter, length: number, x: number): number[] {
  return Array.from({ length }, (_, j) => {
    const { taps, heard, weights, sums } = filter;
    if (taps) return (taps[j - x + (taps.length >> 1)] ?? 0) / sums[x]!;
    let sum = 0;
    for (let k = 0; k < 4; k++) {
      const ofNode = heard![x]! + k - heard![j]!;
      if (ofNode < 0 || ofNode > 3) continue;
      sum += weights![4 * x + k]! * weights![4 * j + ofNode]!;
    }
    return sum / sums[x]!;
  });
}

function gaussianRow(length: number, x: number, sigma: number): number[] {
  const row = Array.from(
    { length },
    (_, j) => Math.exp(-(((x - j) / sigma) ** 2) / 2),
  );
  const sum = row.reduce((a, b) => a + b);
  return row.map((value) => value / sum);
}

for (const sigma of [0.01, 0.5, 1, 1.2, 1.3, 3, 15, 80, 1e9]) {
  Deno.test(`positionFilter is near the Gaussian of ${sigma} px`, () => {
    for (const length of [1, 2, 7, 100]) {
      const filter = positionFilter(length, sigma);
      for (let x = 0; x < length; x++) {
        const exact = gaussianRow(length, x, sigma);
        const row = rowOf(filter, length, x);
        const mass = row.reduce((a, b) => a + b);
        ok(Math.abs(mass - 1) < 1e-5, `${mass}`);
        const apart = row.reduce(
          (sum, value, j) => sum + Math.abs(value - exact[j]!),
          0,
        );
        ok(apart < (sigma > 1.2 ? 0.06 : 1e-4), `${apart} at ${x}/${length}`);
      }
    }
  });
}

Deno.test("positionFilter moves on by one node at most, and stays within", () => {
  for (const [length, sigma] of [[1, 1.3], [100, 1.21], [500, 3], [60, 80]]) {
    const { nodeCount, heard } = positionFilter(length!, sigma!);
    heard!.forEach((first, x) => {
      const step = first - (heard![x - 1] ?? first);
      ok(step === 0 || step === 1, `${step} at ${x}`);
      ok(first + 3 < nodeCount!, `${first} of ${nodeCount}`);
    });
  }
});

Deno.test("positionFilter of nodes is the same from both ends", () => {
  const sizes = fc.record({
    length: fc.integer({ min: 1, max: 300 }),
    sigma: fc.double({ min: 1.21, max: 400, noNaN: true }),
  });
  fc.assert(
    fc.property(sizes, ({ length, sigma }) => {
      const { sums } = positionFilter(length, sigma);
      sums.forEach((sum, x) => {
        const mirrored = sums[length - 1 - x]!;
        ok(Math.abs(sum - mirrored) < 1e-6 * sum, `${sum} ${mirrored} at ${x}`);
      });
    }),
  );
});
