import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { denseCrf, type DenseCrfOptions } from "../../../lib/crf/dense_crf.ts";
import { mirroringsOf } from "../../../lib/crf/mirroring.ts";
import { seededRandom } from "../../../lib/random.ts";
import {
  mirroredPicture,
  mirroredPlanes,
  MIRRORS,
  symmetricImage,
  symmetricPlanes,
} from "./mirrored.ts";

const PARAMS: DenseCrfOptions = {
  appearanceWeight: 4,
  appearanceSigmaPx: 5,
  appearanceSigmaLevels: 3,
  smoothnessWeight: 1.5,
  smoothnessSigmaPx: 3,
  iterations: 4,
  normalisation: "after",
};

/**
 * Few values, so that many pictures are their own mirror images in part; some
 * are as a whole, and half of these have a unary that is so too.
 */
const pictures = fc.record({
  width: fc.integer({ min: 1, max: 9 }),
  height: fc.integer({ min: 1, max: 9 }),
  colours: fc.constantFrom(1, 2, 50),
  energies: fc.constantFrom(1, 2, 100),
  labelCount: fc.integer({ min: 2, max: 6 }),
  symmetries: fc.subarray([...MIRRORS]),
  isUnarySymmetric: fc.boolean(),
  seed: fc.nat(),
}).map(({ colours, energies, symmetries, isUnarySymmetric, seed, ...size }) => {
  const { width, height, labelCount } = size;
  const random = seededRandom(seed);
  const pixels = width * height;
  const image = {
    width,
    height,
    data: Uint8Array.from({ length: 3 * pixels }, () => random.below(colours)),
  };
  const unary = {
    ...size,
    data: Float32Array.from(
      { length: labelCount * pixels },
      () => random.below(energies) * 3 / energies,
    ),
  };
  return {
    image: symmetries.reduce(symmetricImage, image),
    unary: isUnarySymmetric ? symmetries.reduce(symmetricPlanes, unary) : unary,
  };
});

const TERMS = {
  "both terms": {},
  "appearance alone": { smoothnessWeight: 0 },
  "smoothness alone": { appearanceWeight: 0 },
};

for (const normalisation of ["after", "symmetric"] as const) {
  for (const [terms, weights] of Object.entries(TERMS)) {
    Deno.test(`denseCrf of a mirrored picture is the mirrored result, ${normalisation}, ${terms}`, () => {
      fc.assert(
        fc.property(
          pictures,
          fc.constantFrom(...MIRRORS),
          fc.boolean(),
          ({ image, unary }, mirror, stopEarly) => {
            const options = { ...PARAMS, ...weights, normalisation, stopEarly };
            const other = mirroredPicture({ image, unary }, mirror);
            deepStrictEqual(
              denseCrf(other.image, other.unary, options),
              mirroredPlanes(denseCrf(image, unary, options), mirror),
            );
          },
        ),
        { numRuns: 200 },
      );
    });
  }
}

Deno.test("denseCrf of a picture and a unary that are their own mirror images is so too", () => {
  const image = { width: 5, height: 4, data: new Uint8Array(60) };
  const quarter = [0.3, 1.7, 0.9, 2.2, 0.4, 1.1];
  const data = Float32Array.from({ length: 60 }, (_, i) => {
    const p = i % 20;
    const x = Math.min(p % 5, 4 - p % 5);
    const y = Math.min(Math.floor(p / 5), 3 - Math.floor(p / 5));
    return quarter[(x + 3 * y + Math.floor(i / 20)) % 6]!;
  });
  const unary = { labelCount: 3, width: 5, height: 4, data };
  const marginals = denseCrf(image, unary, PARAMS);
  for (const mirror of MIRRORS) {
    deepStrictEqual(mirroredPlanes(marginals, mirror), marginals);
  }
  for (let p = 0; p < 20; p++) {
    const [a, b, c] = [0, 20, 40].map((plane) => marginals.data[plane + p]!);
    ok(Math.abs(a! + b! + c! - 1) < 1e-5);
  }
});

Deno.test("mirroringsOf finds every mirroring of a picture that is its own mirror image", () => {
  const of = (width: number, height: number, ...grey: number[]) =>
    mirroringsOf({
      width,
      height,
      channels: 1,
      data: Float32Array.from(grey),
    });
  deepStrictEqual(of(1, 1, 7), [{ across: false, down: false }]);
  deepStrictEqual(of(2, 2, 7, 7, 7, 7), [
    { across: false, down: false },
    { across: true, down: false },
    { across: false, down: true },
    { across: true, down: true },
  ]);
  deepStrictEqual(of(2, 2, 1, 1, 2, 2), [
    { across: false, down: true },
    { across: true, down: true },
  ]);
  // Turned half round it is the same.
  deepStrictEqual(of(2, 2, 1, 2, 2, 1), [
    { across: true, down: false },
    { across: false, down: true },
  ]);
  // Its corners are alike.
  deepStrictEqual(of(3, 1, 1, 2, 1).length, 2);
  deepStrictEqual(of(4, 1, 1, 2, 3, 1), [{ across: true, down: false }]);
});

Deno.test("denseCrf of one colour names the pixel that is NaN, not its mirror image", () => {
  const image = { width: 3, height: 1, data: new Uint8Array(9) };
  const data = Float32Array.of(2, 1, 0, NaN, 1, 1);
  throws(
    () => denseCrf(image, { labelCount: 2, width: 3, height: 1, data }, PARAMS),
    {
      name: "RangeError",
      message: "Cannot run the dense CRF as a unary must be −ln p, a number " +
        "above −∞: NaN of label 1 at pixel (0, 0)",
    },
  );
});
