import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  denseCrf,
  type DenseCrfOptions,
  RESNET101_CRF,
  WSSL_BOX_CRF,
} from "../../../lib/crf/dense_crf.ts";
import { type LabelPlanes, mapLabels } from "../../../lib/crf/label_planes.ts";
import { unaryFromProbabilities } from "../../../lib/crf/unary.ts";
import type { RgbImage } from "../../../lib/image/image.ts";
import { seededRandom } from "../../../lib/random.ts";
import { drawn, picture } from "../../drawings.ts";
import { exactCrf } from "./exact_crf.ts";

// A dark ellipse on a bright ground, 12 × 9, both with some noise.
const ELLIPSE = noisy(
  picture(
    { ".": [200, 190, 180], "1": [60, 70, 50] },
    "............",
    "....1111....",
    "...111111...",
    "..11111111..",
    "..11111111..",
    "..11111111..",
    "...111111...",
    "....1111....",
    "............",
  ),
  6,
);

function noisy(image: RgbImage, levels: number): RgbImage {
  const random = seededRandom(1);
  return {
    ...image,
    data: image.data.map((value) => value + random.below(2 * levels) - levels),
  };
}

/** 0.6 for label 1 inside [x0, x1) × [1, 8), elsewhere 0.1. */
function boxUnary(x0: number, x1: number): LabelPlanes {
  const foreground = Array.from({ length: 108 }, (_, p) => {
    const x = p % 12;
    const y = Math.floor(p / 12);
    return x >= x0 && x < x1 && y >= 1 && y < 8 ? 0.6 : 0.1;
  });
  return planes(foreground.map((p) => 1 - p), foreground);
}

/** The unary of 12 × 9 probability maps. */
function planes(...probabilities: number[][]): LabelPlanes {
  return unaryFromProbabilities({
    labelCount: probabilities.length,
    width: 12,
    height: 9,
    data: Float32Array.from(probabilities.flat()),
  });
}

/** Three labels with random probabilities. */
function randomUnary(seed: number): LabelPlanes {
  const random = seededRandom(seed);
  const odds = () => Array.from({ length: 108 }, () => random.uniform());
  return planes(odds(), odds(), odds());
}

const MILD: DenseCrfOptions = {
  appearanceWeight: 4,
  appearanceSigmaPx: 4,
  appearanceSigmaLevels: 20,
  smoothnessWeight: 1,
  smoothnessSigmaPx: 1.5,
  iterations: 5,
  normalisation: "after",
};

function meanDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}

for (const normalisation of ["after", "symmetric"] as const) {
  Deno.test(`denseCrf is near brute force, normalisation ${normalisation}`, () => {
    const options = { ...MILD, normalisation };
    const unary = boxUnary(1, 11);
    const { data } = denseCrf(ELLIPSE, unary, options);
    const difference = meanDifference(data, exactCrf(ELLIPSE, unary, options));
    // The other normalisation is 0.002 away.
    ok(difference < 0.001, `${difference}`);
  });

  Deno.test(`denseCrf is near brute force for 3 labels, ${normalisation}`, () => {
    // Weak enough for random labels not to tip over as a whole.
    const weights = { appearanceWeight: 1, smoothnessWeight: 0.5 };
    const options = { ...MILD, ...weights, normalisation };
    const unary = randomUnary(2);
    const { data } = denseCrf(ELLIPSE, unary, options);
    const difference = meanDifference(data, exactCrf(ELLIPSE, unary, options));
    ok(difference < 0.003, `${difference}`);
  });
}

Deno.test("denseCrf recovers an ellipse from its box", () => {
  const marginals = denseCrf(ELLIPSE, boxUnary(1, 11), WSSL_BOX_CRF);
  deepStrictEqual(drawn(mapLabels(marginals)), [
    "............",
    "....1111....",
    "...111111...",
    "..11111111..",
    "..11111111..",
    "..11111111..",
    "...111111...",
    "....1111....",
    "............",
  ]);
});

// Label 1 of row 4. Printed by this test when the code was nearer to exact than
// pydensecrf and densecrf v1 are (golden_test.ts); it guards faster kernels
// where those are absent.
Deno.test("denseCrf gives the marginals it gave when it was checked", () => {
  const row = (options: DenseCrfOptions) =>
    denseCrf(ELLIPSE, boxUnary(1, 9), options).data.slice(108 + 48, 108 + 60);
  const after = row(MILD);
  const symmetric = row({ ...MILD, normalisation: "symmetric" });
  // deno-fmt-ignore
  ok(meanDifference(after, [
    0.00119366, 0.02105410, 0.98721504, 0.99139625, 0.99316859, 0.99383450,
    0.99366552, 0.99234349, 0.98938119, 0.81471431, 0.00136691, 0.00104240,
  ]) < 1e-5);
  // deno-fmt-ignore
  ok(meanDifference(symmetric, [
    0.00109802, 0.01473477, 0.97737849, 0.98990715, 0.99395740, 0.99507493,
    0.99562967, 0.99318177, 0.98700249, 0.75770307, 0.00093912, 0.00096865,
  ]) < 1e-5);
});

Deno.test("denseCrf gives marginals that sum to 1", () => {
  const weight = fc.double({ min: 0, max: 100, noNaN: true });
  const sigma = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
  const options = fc.record({
    appearanceWeight: weight,
    appearanceSigmaPx: sigma,
    appearanceSigmaLevels: sigma,
    smoothnessWeight: weight,
    smoothnessSigmaPx: sigma,
    iterations: fc.integer({ min: 0, max: 4 }),
    normalisation: fc.constantFrom("after" as const, "symmetric" as const),
  });
  fc.assert(
    fc.property(options, fc.nat(), (options, seed) => {
      const { data } = denseCrf(ELLIPSE, randomUnary(seed), options);
      for (let p = 0; p < 108; p++) {
        const sum = data[p]! + data[108 + p]! + data[216 + p]!;
        ok(Math.abs(sum - 1) < 1e-5, `${sum} at ${p}`);
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("denseCrf treats all labels alike, the last one too", () => {
  const unary = randomUnary(4);
  const turned = new Float32Array(unary.data.length);
  turned.set(unary.data.subarray(108));
  turned.set(unary.data.subarray(0, 108), 216);
  const forth = denseCrf(ELLIPSE, unary, MILD).data;
  const back = denseCrf(ELLIPSE, { ...unary, data: turned }, MILD).data;
  ok(meanDifference(forth.subarray(108), back.subarray(0, 216)) < 1e-5);
  ok(meanDifference(forth.subarray(0, 108), back.subarray(216)) < 1e-5);
});

Deno.test("denseCrf of a mirrored picture is the mirrored result", () => {
  const mirror = (values: Uint8Array, channels: number) =>
    values.map((_, at) => {
      const p = Math.floor(at / channels);
      const from = p - (p % 12) + 11 - (p % 12);
      return values[from * channels + (at % channels)]!;
    });
  const mirrored = { ...ELLIPSE, data: mirror(ELLIPSE.data, 3) };
  const plain = mapLabels(denseCrf(ELLIPSE, boxUnary(1, 9), MILD));
  const other = mapLabels(denseCrf(mirrored, boxUnary(3, 11), MILD));
  deepStrictEqual(
    drawn(other),
    drawn({ ...plain, data: mirror(plain.data, 1) }),
  );
});

Deno.test("denseCrf without iterations is the softmax of −U", () => {
  const probabilities = [0.25, 0.5, 0.25].map((p) => Array(108).fill(p));
  const { data } = denseCrf(ELLIPSE, planes(...probabilities), {
    ...MILD,
    iterations: 0,
  });
  ok(meanDifference(data, probabilities.flat()) < 1e-7);
});

Deno.test("denseCrf without weights keeps the softmax of −U", () => {
  const options = { ...MILD, appearanceWeight: 0, smoothnessWeight: 0 };
  const unary = randomUnary(6);
  const without = denseCrf(ELLIPSE, unary, { ...options, iterations: 0 });
  deepStrictEqual(denseCrf(ELLIPSE, unary, options), without);
});

Deno.test("denseCrf never gives a label that the unary rules out", () => {
  const unary = boxUnary(1, 11);
  unary.data.fill(Infinity, 108 + 48, 108 + 60);
  const marginals = denseCrf(ELLIPSE, unary, WSSL_BOX_CRF);
  ok(marginals.data.subarray(108 + 48, 108 + 60).every((q) => q === 0));
});

Deno.test("denseCrf gives equal bytes for equal inputs and keeps them", () => {
  const unary = randomUnary(7);
  const energies = unary.data.slice();
  const levels = ELLIPSE.data.slice();
  const first = denseCrf(ELLIPSE, unary, RESNET101_CRF);
  deepStrictEqual(denseCrf(ELLIPSE, unary, RESNET101_CRF), first);
  deepStrictEqual(unary.data, energies);
  deepStrictEqual(ELLIPSE.data, levels);
});

Deno.test("denseCrf takes a single pixel, a single row and a single label", () => {
  const sizes = [[1, 1], [5, 1], [1, 7]] as const;
  for (const [width, height] of sizes) {
    const pixelCount = width * height;
    const image = { width, height, data: new Uint8Array(3 * pixelCount) };
    const data = new Float32Array(2 * pixelCount).fill(1, pixelCount);
    const two = { labelCount: 2, width, height, data };
    const labels = mapLabels(denseCrf(image, two, WSSL_BOX_CRF));
    ok(labels.data.every((label) => label === 0));
    const one = { ...two, labelCount: 1, data: data.slice(pixelCount) };
    const marginals = denseCrf(image, one, WSSL_BOX_CRF);
    ok(marginals.data.every((q) => q === 1));
  }
});

Deno.test("denseCrf with tiny std smooths equal neighbours only", () => {
  // Where keys are 16 bits wide, such features wrap round or crash.
  const tiny = {
    ...MILD,
    appearanceSigmaPx: 1e-4,
    appearanceSigmaLevels: 1e-4,
    smoothnessSigmaPx: 1e-4,
    normalisation: "symmetric" as const,
  };
  const unary = randomUnary(8);
  const exact = exactCrf(ELLIPSE, unary, tiny);
  ok(meanDifference(denseCrf(ELLIPSE, unary, tiny).data, exact) < 1e-5);
});

Deno.test("denseCrf with huge std makes every pixel a neighbour of all", () => {
  const huge = {
    ...MILD,
    appearanceSigmaPx: 1e9,
    appearanceSigmaLevels: 1e9,
    smoothnessSigmaPx: 1e9,
  };
  const unary = randomUnary(9);
  const exact = exactCrf(ELLIPSE, unary, huge);
  ok(meanDifference(denseCrf(ELLIPSE, unary, huge).data, exact) < 1e-5);
});

Deno.test("denseCrf refuses a picture of another size", () => {
  const image = picture({ w: [255, 255, 255] }, "www", "www");
  throws(() => denseCrf(image, boxUnary(1, 11), WSSL_BOX_CRF), {
    name: "RangeError",
    message: "Cannot run the dense CRF as image and unary must be of one " +
      "size: image is 3 × 2, unary is 12 × 9",
  });
});

Deno.test("denseCrf refuses a picture that is not RGB", () => {
  const image = { width: 12, height: 9, data: new Uint8Array(432) };
  throws(() => denseCrf(image, boxUnary(1, 11), WSSL_BOX_CRF), {
    name: "RangeError",
    message: "Cannot run the dense CRF as an image must hold H × W × 3 " +
      "values: 432 values for 9 × 12 × 3",
  });
});

Deno.test("denseCrf refuses half an iteration", () => {
  const options = { ...WSSL_BOX_CRF, iterations: 2.5 };
  throws(() => denseCrf(ELLIPSE, boxUnary(1, 11), options), {
    name: "RangeError",
    message: "Cannot run the dense CRF as iterations must be a whole number " +
      "of at least 0: 2.5",
  });
});

Deno.test("denseCrf names the pixel whose unary is NaN", () => {
  const unary = boxUnary(1, 11);
  unary.data[108 + 12 + 5] = NaN;
  throws(() => denseCrf(ELLIPSE, unary, WSSL_BOX_CRF), {
    name: "RangeError",
    message: "Cannot run the dense CRF as a unary must be −ln p, a number " +
      "above −∞: NaN of label 1 at pixel (5, 1)",
  });
});
