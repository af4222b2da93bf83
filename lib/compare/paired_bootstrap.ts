/**
 * How sure a difference of mean IoU is: a paired bootstrap over images.
 *
 * Images are drawn with replacement, as many as there are, the same ones for
 * both runs; mean IoU of a draw is that of its summed counts, and the interval
 * holds the middle of the differences of many draws [Efron1979, percentile
 * interval]. It tells of the chance in which images were scored, not of that in
 * training: for that there are seeds.
 *
 * @module
 */
import type { Random } from "../random.ts";
import type { ClassCounts, ImageCounts } from "./image_counts.ts";

/** Of mean IoU, b − a; −1…1. */
export interface IouDifference {
  readonly meanIouA: number;
  readonly meanIouB: number;
  readonly difference: number;
  /** Bounds of the interval. */
  readonly low: number;
  readonly high: number;
}

/** How often is drawn, and how much the interval holds. */
export interface BootstrapOptions {
  /** The same stream gives the same draws, whichever run is A. */
  readonly random: Random;
  /** At least 1; default 2000. */
  readonly draws?: number;
  /** Share of the draws in the interval, 0…1; default 0.95. */
  readonly share?: number;
}

/** Bounds then move by less than a tenth of the interval from seed to seed. */
const DRAWS = 2000;

/** What papers tell. */
const SHARE = 0.95;

/**
 * The difference of mean IoU between two runs with its interval; null when
 * there is nothing to score.
 *
 * @param images Of one number of classes.
 *
 * @example
 * ```ts
 * import { pairedBootstrap } from "./paired_bootstrap.ts";
 * import { seededRandom } from "../random.ts";
 * import { strictEqual } from "node:assert";
 *
 * const counts = (right: number) => ({
 *   rightC: Float64Array.of(right),
 *   unionC: Float64Array.of(4),
 * });
 * const image = { a: counts(1), b: counts(3) };
 * const random = seededRandom(1);
 * // Where all images say the same, there is no doubt.
 * const found = pairedBootstrap([image, image], { random })!;
 * strictEqual([found.low, found.difference, found.high].join(), "0.5,0.5,0.5");
 * ```
 */
export function pairedBootstrap(
  images: readonly Pick<ImageCounts, "a" | "b">[],
  { random, draws = DRAWS, share = SHARE }: BootstrapOptions,
): IouDifference | null {
  const [first] = images;
  if (first === undefined) return null;
  const classCount = first.a.rightC.length;
  const countsN = images.map(({ a, b }) => flat(a, b));
  const once = new Array<number>(images.length).fill(1);
  const whole = differenceOf(sumOf(countsN, once), classCount);
  if (whole === null) return null;
  const drawn: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const times = drawTimes(images.length, random);
    const found = differenceOf(sumOf(countsN, times), classCount);
    // A draw of images that are all void says nothing.
    if (found !== null) drawn.push(found.difference);
  }
  return { ...whole, ...middle(drawn, share) };
}

/** How often each image is drawn. */
function drawTimes(count: number, random: Random): number[] {
  const times = new Array<number>(count).fill(0);
  for (let i = 0; i < count; i++) times[random.below(count)]! += 1;
  return times;
}

/** Counts of both runs in a row: right and union of A, then of B. */
function flat(a: ClassCounts, b: ClassCounts): Float64Array {
  return Float64Array.of(...a.rightC, ...a.unionC, ...b.rightC, ...b.unionC);
}

function sumOf(
  countsN: readonly Float64Array[],
  times: readonly number[],
): Float64Array {
  const sum = new Float64Array(countsN[0]!.length);
  countsN.forEach((counts, n) => {
    const weight = times[n]!;
    if (weight === 0) return;
    for (let i = 0; i < sum.length; i++) sum[i]! += weight * counts[i]!;
  });
  return sum;
}

type Point = Pick<IouDifference, "meanIouA" | "meanIouB" | "difference">;

function differenceOf(sum: Float64Array, classCount: number): Point | null {
  const meanIouA = meanIouAt(sum, 0, classCount);
  const meanIouB = meanIouAt(sum, 2 * classCount, classCount);
  if (meanIouA === null || meanIouB === null) return null;
  return { meanIouA, meanIouB, difference: meanIouB - meanIouA };
}

/** Mean over the classes that are there at all, as `segmentationScores`. */
function meanIouAt(
  sum: Float64Array,
  at: number,
  classCount: number,
): number | null {
  let [total, present] = [0, 0];
  for (let c = 0; c < classCount; c++) {
    const union = sum[at + classCount + c]!;
    if (union === 0) continue;
    total += sum[at + c]! / union;
    present++;
  }
  return present === 0 ? null : total / present;
}

/** As many are cut off below as above, so that swapped runs swap the bounds. */
function middle(
  drawn: readonly number[],
  share: number,
): { low: number; high: number } {
  const sorted = Float64Array.from(drawn).sort();
  const cut = Math.floor(sorted.length * (1 - share) / 2);
  return { low: sorted[cut]!, high: sorted[sorted.length - 1 - cut]! };
}
