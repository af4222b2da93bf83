/**
 * Score maps at random, small enough for oracles.
 *
 * @module
 */
import fc from "fast-check";
import { gridOf, type ScoreMap } from "../../../lib/predict/score_map.ts";

/**
 * Of pictures of up to 27 px a side, with up to `mostClasses` classes, 8 or 4 px
 * apart.
 */
export function anyScoreMap(
  { mostClasses = 4, most = 8 }: { mostClasses?: number; most?: number } = {},
): fc.Arbitrary<ScoreMap> {
  const side = fc.integer({ min: 1, max: 27 });
  const classCount = fc.integer({ min: 1, max: mostClasses });
  const outputStride = fc.constantFrom(8, 4);
  return fc.record({
    width: side,
    height: side,
    outputStride,
    classCount,
  }).chain((sizes) => {
    const { columns, rows } = gridOf(sizes);
    const length = sizes.classCount * columns * rows;
    return fc.array(fc.integer({ min: -16 * most, max: 16 * most }), {
      minLength: length,
      maxLength: length,
    }).map((sixteenths) => ({
      ...sizes,
      data: Float32Array.from(sixteenths, (value) => value / 16),
    }));
  });
}
