import { ok, strictEqual, throws } from "node:assert/strict";
import { latticePlan } from "../../../../lib/crf/gpu/_lattice_plan.ts";

const SPACE = {
  width: 500,
  height: 375,
  pictures: 11,
  sigmaPx: 37,
  sigmaLevels: 3,
};

Deno.test("latticePlan scales features as the lattice does, to 2⁻²⁵", () => {
  const { scaled } = latticePlan(SPACE);
  strictEqual(scaled.length, 2 * (500 + 375 + 3 * 256));
  const valueAt = (row: number) =>
    scaled[2 * row]! + scaled[2 * row + 1]! / 2 ** 24;
  const spread = 0.88 * Math.sqrt(2 / 3) * 6;
  const isNear = (row: number, scaled: number) =>
    ok(Math.abs(valueAt(row) - scaled) <= 2 ** -25, `${row}`);
  isNear(0, 0);
  isNear(499, 499 / 37 * spread / Math.sqrt(1 * 2));
  isNear(500 + 374, 374 / 37 * spread / Math.sqrt(2 * 3));
  isNear(875 + 255, 255 / 3 * spread / Math.sqrt(3 * 4));
  isNear(875 + 767, 255 / 3 * spread / Math.sqrt(5 * 6));
});

Deno.test("latticePlan packs keys into as few words as they need", () => {
  strictEqual(latticePlan(SPACE).wordCount, 2);
  const words = (sigma: number) =>
    latticePlan({ ...SPACE, sigmaPx: sigma, sigmaLevels: sigma }).wordCount;
  strictEqual(words(1000), 1);
  strictEqual(words(1e-4), 5);
});

Deno.test("latticePlan refuses std that make coordinates overflow", () => {
  throws(() => latticePlan({ ...SPACE, sigmaLevels: 1e-6 }), {
    name: "RangeError",
    message: /^Cannot build a lattice on the GPU as its coordinates must be /,
  });
});
