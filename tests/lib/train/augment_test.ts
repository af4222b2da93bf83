import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { seededRandom } from "../../../lib/random.ts";
import { cropAxes, drawPlacement } from "../../../lib/train/augment.ts";

const draws = (count: number) => {
  const random = seededRandom(1);
  return Array.from({ length: count }, (_, i) => random.split(`${i}`));
};

Deno.test("drawPlacement crops uniformly and mirrors every other time", () => {
  const size = { width: 12, height: 9 };
  const placed = draws(4000).map((random) =>
    drawPlacement(random, size, { cropSize: 9 })
  );
  for (const x0 of [0, 1, 2, 3]) {
    const share = placed.filter((each) => each.x0 === x0).length / 4000;
    ok(Math.abs(share - 0.25) < 0.035, `${x0}: ${share}`);
  }
  ok(placed.every(({ x0, y0 }) => x0 <= 3 && y0 === 0));
  const mirrored = placed.filter(({ isMirrored }) => isMirrored).length / 4000;
  ok(Math.abs(mirrored - 0.5) < 0.04);
});

Deno.test("drawPlacement draws one of the scales", () => {
  const size = { width: 20, height: 10 };
  const options = { cropSize: 9, mirror: false, scales: [0.5, 1.25] };
  const placed = draws(200).map((r) => drawPlacement(r, size, options));
  const widths = placed.map(({ scaled }) => `${scaled.width}×${scaled.height}`);
  deepStrictEqual([...new Set(widths)].toSorted(), ["10×5", "25×13"]);
  ok(placed.every(({ isMirrored }) => !isMirrored));
  ok(placed.some(({ x0 }) => x0 > 11));
});

Deno.test("drawPlacement refuses crops without a grid and scales of nothing", () => {
  const size = { width: 20, height: 10 };
  throws(() => drawPlacement(seededRandom(1), size, { cropSize: 320 }), {
    name: "RangeError",
    message: "Cannot crop pictures as a crop's side must be 8k + 1 px, at " +
      "least 9: 320",
  });
  for (const scales of [[], [0], [1, NaN]]) {
    throws(
      () => drawPlacement(seededRandom(1), size, { cropSize: 9, scales }),
      {
        name: "RangeError",
        message: /Cannot scale pictures/,
      },
    );
  }
});

Deno.test("cropAxes of a crop are its pixels, mirrored with its padding", () => {
  const size = { width: 11, height: 8 };
  const placement = { scaled: size, x0: 2, y0: 0, isMirrored: true };
  const { columns, rows } = cropAxes(size, placement, 9);
  deepStrictEqual([...columns.nearest], [10, 9, 8, 7, 6, 5, 4, 3, 2]);
  deepStrictEqual([...rows.nearest], [0, 1, 2, 3, 4, 5, 6, 7, -1]);
  strictEqual(columns.isWhole && rows.isWhole, true);
});

Deno.test("cropAxes of twice the size take each pixel twice, mixed 3 : 1", () => {
  const size = { width: 5, height: 5 };
  const scaled = { width: 10, height: 10 };
  const placement = { scaled, x0: 0, y0: 0, isMirrored: false };
  const { columns } = cropAxes(size, placement, 9);
  deepStrictEqual([...columns.nearest], [0, 0, 1, 1, 2, 2, 3, 3, 4]);
  deepStrictEqual([...columns.first], [0, 0, 0, 1, 1, 2, 2, 3, 3]);
  deepStrictEqual(
    [...columns.share],
    [0, 0.25, 0.75, 0.25, 0.75, 0.25, 0.75, 0.25, 0.75],
  );
});

Deno.test("cropAxes stay inside the picture", () => {
  const side = fc.integer({ min: 1, max: 40 });
  fc.assert(fc.property(side, side, fc.nat(1e6), (width, height, seed) => {
    const size = { width, height };
    const options = { cropSize: 17, scales: [0.5, 0.75, 1, 1.5] };
    const placement = drawPlacement(seededRandom(seed), size, options);
    const { columns } = cropAxes(size, placement, 17);
    const padding = Math.max(0, 17 - placement.scaled.width);
    strictEqual(columns.nearest.filter((x) => x < 0).length, padding);
    columns.nearest.forEach((x, i) => {
      ok(x < width && columns.first[i]! < width && columns.second[i]! < width);
      if (x >= 0) ok(columns.first[i]! <= x && columns.second[i]! >= x);
    });
  }));
});
