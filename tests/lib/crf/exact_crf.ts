/**
 * The dense CRF computed pixel by pixel, O(P²): the oracle of its tests.
 *
 * Written from the equations and sharing no code with `lib/crf`.
 *
 * @module
 */
import type { RgbImage } from "../../../lib/image/image.ts";
import type { DenseCrfOptions } from "../../../lib/crf/dense_crf.ts";
import type { LabelPlanes } from "../../../lib/crf/label_planes.ts";

/** Marginals in float64, the sum over j with i = j in it. */
export function exactCrf(
  image: RgbImage,
  unary: LabelPlanes,
  options: DenseCrfOptions,
): Float64Array {
  const pixelCount = image.width * image.height;
  const kernel = normalisedKernel(image, options);
  let q = softmax(unary, new Float64Array(unary.data.length));
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    const messages = new Float64Array(unary.data.length);
    for (let label = 0; label < unary.labelCount; label++) {
      const first = label * pixelCount;
      for (let i = 0; i < pixelCount; i++) {
        for (let j = 0; j < pixelCount; j++) {
          messages[first + i]! += kernel[i * pixelCount + j]! * q[first + j]!;
        }
      }
    }
    q = softmax(unary, messages);
  }
  return q;
}

/** float64 `[P, P]`: both kernels, normalised and weighted. */
function normalisedKernel(
  image: RgbImage,
  options: DenseCrfOptions,
): Float64Array {
  const appearance = normalised(
    (i, j) =>
      squaredPx(image, i, j) / options.appearanceSigmaPx ** 2 +
      squaredLevels(image, i, j) / options.appearanceSigmaLevels ** 2,
    image,
    options,
  );
  const smoothness = normalised(
    (i, j) => squaredPx(image, i, j) / options.smoothnessSigmaPx ** 2,
    image,
    options,
  );
  return appearance.map((k, at) =>
    options.appearanceWeight * k + options.smoothnessWeight * smoothness[at]!
  );
}

function normalised(
  squaredDistance: (i: number, j: number) => number,
  { width, height }: RgbImage,
  { normalisation }: DenseCrfOptions,
): Float64Array {
  const count = width * height;
  const kernel = Float64Array.from(
    { length: count * count },
    (_, at) =>
      Math.exp(-squaredDistance(Math.floor(at / count), at % count) / 2),
  );
  const sums = Array.from(
    { length: count },
    (_, i) =>
      kernel.subarray(i * count, (i + 1) * count).reduce((a, b) => a + b),
  );
  return kernel.map((k, at) => {
    const n = sums[Math.floor(at / count)]!;
    if (normalisation === "after") return k / n;
    return k / Math.sqrt(n * sums[at % count]!);
  });
}

function squaredPx({ width }: RgbImage, i: number, j: number): number {
  const x = (i % width) - (j % width);
  const y = Math.floor(i / width) - Math.floor(j / width);
  return x * x + y * y;
}

function squaredLevels({ data }: RgbImage, i: number, j: number): number {
  return [0, 1, 2].reduce(
    (sum, c) => sum + (data[3 * i + c]! - data[3 * j + c]!) ** 2,
    0,
  );
}

function softmax(unary: LabelPlanes, messages: Float64Array): Float64Array {
  const pixelCount = unary.width * unary.height;
  const q = messages.map((message, at) => Math.exp(message - unary.data[at]!));
  return q.map((odd, at) => {
    let sum = 0;
    for (let k = at % pixelCount; k < q.length; k += pixelCount) sum += q[k]!;
    return odd / sum;
  });
}
