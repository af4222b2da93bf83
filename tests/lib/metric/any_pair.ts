/**
 * Arbitrary ground truth and prediction of one image, for property tests.
 *
 * @module
 */
import fc from "fast-check";
import { VOID } from "../../../lib/label/label_map.ts";
import type { LabelPair } from "../../../lib/metric/label_pair.ts";

/**
 * Pairs up to 12 × 12 px. Labels come in patches of 2 × 2, so that masks have
 * insides; the truth has void patches, too.
 */
export function anyPair(classCount: number): fc.Arbitrary<LabelPair> {
  const side = fc.integer({ min: 1, max: 12 });
  const label = fc.nat(classCount - 1);
  const patches = (of: fc.Arbitrary<number>) =>
    fc.array(of, { minLength: 36, maxLength: 36 });
  return fc.record({
    width: side,
    height: side,
    truth: patches(
      fc.oneof(
        { arbitrary: label, weight: 5 },
        { arbitrary: fc.constant(VOID), weight: 1 },
      ),
    ),
    prediction: patches(label),
  }).map(({ width, height, truth, prediction }) => {
    const spread = (patch: readonly number[]) => ({
      width,
      height,
      data: Uint8Array.from({ length: width * height }, (_, p) => {
        const x = p % width;
        const y = Math.floor(p / width);
        return patch[(y >> 1) * 6 + (x >> 1)] ?? 0;
      }),
    });
    return {
      imageId: "any",
      truth: spread(truth),
      prediction: spread(prediction),
    };
  });
}
