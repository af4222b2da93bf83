/**
 * Which images two runs label better or worse.
 *
 * @module
 */
import type { ImageCounts } from "./image_counts.ts";

/** An image whose score moved. */
export interface ImageChange {
  readonly imageId: string;
  /** Mean IoU of the image alone, 0…1. */
  readonly a: number;
  readonly b: number;
}

/** All images of a set. */
export interface ImageFlips {
  readonly images: number;
  /** Images whose own mean IoU is higher in B, lower, or as in A. */
  readonly better: number;
  readonly worse: number;
  readonly same: number;
  /** Pixels, void left out. */
  readonly pixels: number;
  readonly newlyRight: number;
  readonly newlyWrong: number;
  /** Those that moved, the largest change first. */
  readonly changes: readonly ImageChange[];
}

/**
 * Sums up the images of a set.
 *
 * @example
 * ```ts
 * import { imageFlips } from "./image_flips.ts";
 * import { strictEqual } from "node:assert";
 *
 * const of = (imageId: string, meanIouA: number, meanIouB: number) => (
 *   { imageId, meanIouA, meanIouB, pixels: 9, newlyRight: 1, newlyWrong: 2 }
 * );
 * const flips = imageFlips([of("x", 0.5, 0.4), of("y", 0.1, 0.9)]);
 * strictEqual(flips.changes[0]?.imageId, "y");
 * strictEqual(flips.newlyWrong, 4);
 * ```
 */
export function imageFlips(
  images: readonly Omit<ImageCounts, "a" | "b">[],
): ImageFlips {
  const scored = images.flatMap(({ imageId, meanIouA: a, meanIouB: b }) =>
    a === null || b === null ? [] : [{ imageId, a, b }]
  );
  const changes = scored.filter(({ a, b }) => a !== b)
    .toSorted((x, y) => Math.abs(y.b - y.a) - Math.abs(x.b - x.a));
  const better = changes.filter(({ a, b }) => b > a).length;
  const sum = (of: "pixels" | "newlyRight" | "newlyWrong") =>
    images.reduce((total, image) => total + image[of], 0);
  return {
    images: images.length,
    better,
    worse: changes.length - better,
    same: images.length - changes.length,
    pixels: sum("pixels"),
    newlyRight: sum("newlyRight"),
    newlyWrong: sum("newlyWrong"),
    changes,
  };
}
