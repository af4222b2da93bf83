/**
 * Pictures and unaries drawn by chance.
 */
import type { DenseCrfOptions } from "../../../../lib/crf/dense_crf.ts";
import type { LabelPlanes } from "../../../../lib/crf/label_planes.ts";
import type { RgbImage } from "../../../../lib/image/image.ts";
import { unaryFromProbabilities } from "../../../../lib/crf/unary.ts";
import { seededRandom } from "../../../../lib/random.ts";

/** Weak enough for random labels not to tip over as a whole. */
export const MILD: DenseCrfOptions = {
  appearanceWeight: 2,
  appearanceSigmaPx: 4,
  appearanceSigmaLevels: 20,
  smoothnessWeight: 1,
  smoothnessSigmaPx: 1.5,
  iterations: 5,
  normalisation: "after",
};
/** H × W px and L. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
  readonly labelCount: number;
}

/** Large enough to have all kinds of neighbours, small enough for the oracle. */
export const SMALL: PictureSize = { width: 12, height: 9, labelCount: 3 };

/** Two colours that differ by about 100 levels, with noise; any probabilities. */
export function randomPicture(
  { width, height, labelCount }: PictureSize,
  seed: number,
): { image: RgbImage; unary: LabelPlanes } {
  const random = seededRandom(seed);
  const pixelCount = width * height;
  const colours = [0, 100].map((base) =>
    [0, 1, 2].map(() => base + random.below(100))
  );
  const isFigure = Array.from({ length: pixelCount }, (_, p) => {
    const x = (p % width + 0.5) / width - 0.5;
    const y = (Math.floor(p / width) + 0.5) / height - 0.5;
    return x * x + y * y < 0.1;
  });
  const data = Uint8Array.from(
    { length: 3 * pixelCount },
    (_, i) =>
      colours[Number(isFigure[Math.floor(i / 3)])]![i % 3]! + random.below(20),
  );
  const odds = Float32Array.from(
    { length: labelCount * pixelCount },
    () => random.uniform(),
  );
  return {
    image: { width, height, data },
    unary: unaryFromProbabilities({ width, height, labelCount, data: odds }),
  };
}

/** Mean and largest |ΔQ|. */
export function difference(
  { data }: Pick<LabelPlanes, "data">,
  other: ArrayLike<number>,
): { mean: number; most: number } {
  let sum = 0;
  let most = 0;
  for (let i = 0; i < data.length; i++) {
    const apart = Math.abs(data[i]! - other[i]!);
    sum += apart;
    // NaN is as wrong as can be.
    if (!(apart <= most)) most = apart;
  }
  return { mean: sum / data.length, most };
}
