/**
 * Scores near object borders: DeepLab's trimap.
 *
 * @module
 */
import { type LabelMap, VOID } from "../label/label_map.ts";
import { type ConfusionMatrix, emptyConfusion } from "./confusion_matrix.ts";
import { assertLabelPair, type LabelPair } from "./label_pair.ts";

/** Farther than any pixel, and any width that is asked for. */
const FAR = 2 ** 30;

/** What to count near borders. */
export interface TrimapOptions {
  /** C, background included, 1…255. */
  readonly classCount: number;
  /** Widths w, px, whole numbers, 1…65535; DeepLab plots 1…40. */
  readonly widthsPx: readonly number[];
}

/**
 * Counts only pixels within w of a void pixel, one matrix for each width.
 *
 * VOC draws a void border around every object, so these are the pixels near an
 * outline. Within w means inside the (2w + 1) × (2w + 1) square around a void
 * pixel, the void itself left out [DeepLab, MyVOCevalsegBoundary.m]. All widths
 * are counted in one pass.
 *
 * @returns As many matrices as widths, in their order.
 * @throws {RangeError} Naming the image, as {@link countConfusion} does; when
 * a width is not such a number.
 *
 * @example
 * ```ts
 * import { countTrimapConfusions } from "./trimap.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const truth = { width: 4, height: 1, data: Uint8Array.of(255, 1, 0, 0) };
 * const prediction = { width: 4, height: 1, data: new Uint8Array(4) };
 * const [near, wide] = countTrimapConfusions(
 *   { imageId: "a", truth, prediction },
 *   { classCount: 2, widthsPx: [1, 2] },
 * );
 * deepStrictEqual([...near!.counts], [0, 0, 1, 0]);
 * deepStrictEqual([...wide!.counts], [1, 0, 1, 0]);
 * ```
 */
export function countTrimapConfusions(
  pair: LabelPair,
  { classCount, widthsPx }: TrimapOptions,
): ConfusionMatrix[] {
  assertLabelPair(pair, classCount);
  assertWidths(widthsPx);
  const confusions = widthsPx.map(() => emptyConfusion(classCount));
  const distances = distancesToVoid(pair.truth);
  const truth = pair.truth.data;
  const prediction = pair.prediction.data;
  const widest = Math.max(0, ...widthsPx);
  for (let p = 0; p < truth.length; p++) {
    const distance = distances[p]!;
    if (distance === 0 || distance > widest) continue;
    const cell = truth[p]! * classCount + prediction[p]!;
    for (let i = 0; i < widthsPx.length; i++) {
      if (distance <= widthsPx[i]!) confusions[i]!.counts[cell]! += 1;
    }
  }
  return confusions;
}

/**
 * Chessboard distance of every pixel to the nearest void pixel: the largest of
 * its two offsets, so that d ≤ w says that the (2w + 1) square reaches it.
 *
 * @returns int32 `[H, W]`, px; 0 at void pixels; 2³⁰ or more everywhere when
 * there is no void pixel.
 *
 * @example
 * ```ts
 * import { distancesToVoid } from "./trimap.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const truth = { width: 4, height: 1, data: Uint8Array.of(255, 1, 0, 0) };
 * deepStrictEqual([...distancesToVoid(truth)], [0, 1, 2, 3]);
 * ```
 */
export function distancesToVoid(truth: LabelMap): Int32Array {
  const { width, height, data } = truth;
  // Two sweeps, each looking at the neighbours already passed, are exact for
  // this distance [Rosenfeld & Pfaltz 1968]. A frame of one spares edge tests.
  const stride = width + 2;
  const framed = new Int32Array(stride * (height + 2)).fill(FAR);
  for (let y = 0; y < height; y++) {
    let at = (y + 1) * stride + 1;
    for (let x = 0; x < width; x++, at++) {
      framed[at] = data[y * width + x] === VOID
        ? 0
        : 1 + nearest(framed, at, -stride);
    }
  }
  const distances = new Int32Array(width * height);
  for (let y = height - 1; y >= 0; y--) {
    let at = (y + 1) * stride + width;
    for (let x = width - 1; x >= 0; x--, at--) {
      framed[at] = Math.min(framed[at]!, 1 + nearest(framed, at, stride));
      distances[y * width + x] = framed[at]!;
    }
  }
  return distances;
}

/**
 * Least distance of the three neighbours in the row passed before and the one
 * beside; `row` is the step to that row. Positional, as it runs per pixel.
 */
function nearest(framed: Int32Array, at: number, row: number): number {
  return Math.min(
    framed[at + row - 1]!,
    framed[at + row]!,
    framed[at + row + 1]!,
    framed[at + Math.sign(row)]!,
  );
}

function assertWidths(widthsPx: readonly number[]): void {
  for (const width of widthsPx) {
    if (Number.isInteger(width) && width >= 1 && width <= 65535) continue;
    throw new RangeError(
      `Cannot count near borders as a width must be a whole number of ` +
        `pixels, 1…65535: ${width}`,
    );
  }
}
