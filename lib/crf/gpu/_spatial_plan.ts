/**
 * The smoothness kernel: a Gaussian over the plane, which is one along the
 * rows after one along the columns. So is its normalisation, and both are
 * exact to where a weight no longer shows in float32.
 *
 * @module
 */
import type { DenseCrfOptions } from "../dense_crf_options.ts";

/** σ beyond which weights, below 4e-6, are left out. */
const REACH = 5;

/** Pictures of one size and their smoothness kernel. */
export interface SpatialSpace {
  readonly width: number;
  readonly height: number;
  /** px. */
  readonly sigmaPx: number;
  readonly weight: number;
  readonly normalisation: DenseCrfOptions["normalisation"];
}

/** Tables for the kernels. */
export interface SpatialPlan {
  /** px along x and y. */
  readonly radius: readonly [number, number];
  /**
   * float32 `[W + H, 2]`, then the Gaussian at 0, 1, … px: of each column,
   * then row, what is multiplied onto what its pixels send and receive. What
   * rows receive holds the weight.
   */
  readonly sides: Float32Array<ArrayBuffer>;
}

/** Plans the smoothness kernel of a batch of pictures. */
export function spatialPlan(space: SpatialSpace): SpatialPlan {
  const { width, height, sigmaPx, weight } = space;
  const reach = Math.ceil(REACH * sigmaPx);
  const radius = [
    Math.min(reach, width - 1),
    Math.min(reach, height - 1),
  ] as const;
  const gaussian = Float64Array.from(
    { length: Math.max(...radius) + 1 },
    (_, distance) => Math.exp(-((distance / sigmaPx) ** 2) / 2),
  );
  const sides = Float32Array.from([
    ...alongSide(width, gaussian.subarray(0, radius[0] + 1), space),
    ...alongSide(height, gaussian.subarray(0, radius[1] + 1), space)
      .map((factor, i) => i % 2 === 0 ? factor : weight * factor),
    ...gaussian,
  ]);
  return { radius, sides };
}

/** Factors sent and received of each place along a side. */
function alongSide(
  length: number,
  gaussian: Float64Array,
  { normalisation }: SpatialSpace,
): number[] {
  return Array.from({ length }, (_, i) => {
    let sum = 1;
    for (let distance = 1; distance < gaussian.length; distance++) {
      const besides = Number(distance <= i) + Number(i + distance < length);
      sum += besides * gaussian[distance]!;
    }
    const root = 1 / Math.sqrt(sum);
    return normalisation === "after" ? [1, 1 / sum] : [root, root];
  }).flat();
}
