/**
 * What is chosen about the permutohedral lattice, alike on CPU and GPU.
 *
 * A lattice approximates the Gaussian of the appearance term. Its points lie as
 * far apart as is wanted, if each blur spreads as much more or less.
 *
 * Differs from the paper: steps are wider and blurs narrower. With one step a
 * standard deviation and blurs of [1/2, 1, 1/2] [Adams2010], most of a
 * photograph's points have neighbours that no pixel touches, so that much of
 * what is blurred gets lost. This loses less, with fewer points; docs/crf.md
 * has the measurements.
 *
 * @module
 */

/** What a blur takes of each neighbour. SIDE in `kernel/assembly/runs.ts`. */
export const BLUR_SIDE = 1 / 3;

/** Lattice steps a standard deviation, those of [Adams2010] being 1. */
const FINENESS = 0.88;

/**
 * How far a feature of one standard deviation is stretched in the lattice's
 * space, before the rotation into its hyperplane.
 *
 * @param feature 0 for columns, 1 for rows, then the channels.
 * @param dimension d, features in all; at least 3.
 *
 * @example
 * ```ts
 * import { latticeStretch } from "./lattice_shape.ts";
 * import { ok } from "node:assert";
 *
 * // A picture's five features have six coordinates.
 * const stretch = 0.88 * Math.sqrt(2 / 3) * 6 / Math.sqrt(2);
 * ok(Math.abs(latticeStretch(0, 5) - stretch) < 1e-12);
 * ```
 */
export function latticeStretch(feature: number, dimension: number): number {
  const spread = FINENESS * Math.sqrt(2 / 3) * (dimension + 1);
  return spread / Math.sqrt((feature + 1) * (feature + 2));
}

/**
 * The axes in the order in which they are blurred. As points are missing it
 * matters a little, and no order is better for all pictures.
 *
 * Differs from the paper: axis 2 comes before axis 1; docs/crf.md says why.
 *
 * @param dimension d, features in all; at least 3, as places have two and a
 *   picture has a channel.
 *
 * @example
 * ```ts
 * import { blurOrder } from "./lattice_shape.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * deepStrictEqual(blurOrder(5), [0, 2, 1, 3, 4, 5]);
 * ```
 */
export function blurOrder(dimension: number): number[] {
  const axes = Array.from({ length: dimension + 1 }, (_, axis) => axis);
  return [0, 2, 1, ...axes.slice(3)];
}
