import { deepStrictEqual, throws } from "node:assert/strict";
import { BANA_CRF, denseCrf, denseCrfMemory } from "../../../lib/crf/mod.ts";
import { noisePicture } from "./crf_pictures.ts";

const SIZE = { width: 300, height: 200 };
const PARAMS = [
  {},
  { normalisation: "after" as const, stopEarly: true },
  { appearanceWeight: 0 },
  { smoothnessWeight: 0 },
  { iterations: 0 },
];

for (const labelCount of [2, 8]) {
  Deno.test(`denseCrf takes what denseCrfMemory says, ${labelCount} labels`, () => {
    const { image, unary } = noisePicture(3, { ...SIZE, labelCount });
    for (const params of PARAMS) {
      const options = { ...BANA_CRF, iterations: 3, ...params };
      const { leastBytes, mostBytes } = denseCrfMemory(image, unary, options);
      denseCrf(image, unary, { ...options, memoryLimit: mostBytes });
      throws(
        () =>
          denseCrf(image, unary, { ...options, memoryLimit: leastBytes - 1 }),
        { name: "RangeError", message: /300 × 200 pixels and \d labels need/ },
      );
    }
  });
}

Deno.test("denseCrfMemory of one label is nothing", () => {
  const { image } = noisePicture(3, SIZE);
  deepStrictEqual(denseCrfMemory(image, { labelCount: 1 }, BANA_CRF), {
    leastBytes: 0,
    mostBytes: 0,
  });
});
