/**
 * Augmentation: which part of a picture a training sample shows, and how.
 *
 * Mirroring with probability ½ and a uniform crop, padded at the bottom and
 * right where the picture is smaller [Song2019, section 4.1: "only flipping and
 * cropping"]; for ResNet-101 a random scale first [DeepLab-v2].
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import type { Random } from "../random.ts";

/** What may be done to a picture. */
export interface Augmentation {
  /** S, side of the crop, px; 8k + 1. */
  readonly cropSize: number;
  /** Whether half of the samples are mirrored; true by default. */
  readonly mirror?: boolean;
  /** Factors of the picture's size, one drawn for each sample; [1] by default. */
  readonly scales?: readonly number[];
}

/** What is done to one picture. */
export interface Placement {
  /** Of the scaled picture that the crop is cut from, px. */
  readonly scaled: Size;
  /** Left column of the crop in the scaled picture. */
  readonly x0: number;
  /** Top row of the crop in the scaled picture. */
  readonly y0: number;
  /** Whether the crop, padding and all, is then mirrored. */
  readonly isMirrored: boolean;
}

/** Rows or columns of a crop, and where in the picture they come from. */
export interface CropAxis {
  /** int32 `[S]`: the pixel whose label is taken; −1 in the padding. */
  readonly nearest: Int32Array;
  /** int32 `[S]`: the first of the two pixels that colours are mixed of. */
  readonly first: Int32Array;
  /** int32 `[S]`: the second. */
  readonly second: Int32Array;
  /** float32 `[S]`, 0…1: share of the second. */
  readonly share: Float32Array;
  /** Whether all are pixels as they are: shares of 0. */
  readonly isWhole: boolean;
}

/**
 * Draws what is done to a picture: scale, column, row, mirroring.
 *
 * @throws {RangeError} When the crop's side is not 8k + 1 or a scale is not
 *   positive.
 *
 * @example
 * ```ts
 * import { drawPlacement } from "./augment.ts";
 * import { seededRandom } from "../random.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const small = { width: 9, height: 5 };
 * const { x0, y0 } = drawPlacement(seededRandom(1), small, { cropSize: 9 });
 * deepStrictEqual([x0, y0], [0, 0]);
 * ```
 */
export function drawPlacement(
  random: Random,
  { width, height }: Size,
  { cropSize, mirror = true, scales = [1] }: Augmentation,
): Placement {
  assertAugmentation(cropSize, scales);
  const scale = scales[random.below(scales.length)]!;
  const scaled = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  return {
    scaled,
    x0: random.below(Math.max(1, scaled.width - cropSize + 1)),
    y0: random.below(Math.max(1, scaled.height - cropSize + 1)),
    isMirrored: random.below(2) === 1 && mirror,
  };
}

function assertAugmentation(
  cropSize: number,
  scales: readonly number[],
): void {
  if (!Number.isSafeInteger(cropSize) || cropSize < 9 || cropSize % 8 !== 1) {
    throw new RangeError(
      `Cannot crop pictures as a crop's side must be 8k + 1 px, at least 9: ` +
        `${cropSize}`,
    );
  }
  const wrong = scales.find((scale) => !(scale > 0 && scale <= 16));
  if (wrong === undefined && scales.length > 0) return;
  throw new RangeError(
    `Cannot scale pictures as there must be scales, each above 0 and at most ` +
      `16: ${wrong ?? "none"}`,
  );
}

/**
 * Where the columns and rows of a crop come from in the picture.
 *
 * Pixel centres lie at halves, as in most resizing: centre X + ½ of the scaled
 * picture is (X + ½) · length / scaledLength of the picture. Colours are mixed
 * of the two nearest pixels (bilinear), a label is that of the pixel in which
 * the centre lies.
 *
 * @example
 * ```ts
 * import { cropAxes } from "./augment.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const size = { width: 4, height: 4 };
 * const placement = { scaled: size, x0: 0, y0: 0, isMirrored: true };
 * const { columns } = cropAxes(size, placement, 9);
 * deepStrictEqual([...columns.nearest], [-1, -1, -1, -1, -1, 3, 2, 1, 0]);
 * ```
 */
export function cropAxes(
  { width, height }: Size,
  { scaled, x0, y0, isMirrored }: Placement,
  cropSize: number,
): { readonly columns: CropAxis; readonly rows: CropAxis } {
  const columns = { length: width, scaledLength: scaled.width, offset: x0 };
  const rows = { length: height, scaledLength: scaled.height, offset: y0 };
  return {
    columns: cropAxis({ ...columns, isMirrored }, cropSize),
    rows: cropAxis({ ...rows, isMirrored: false }, cropSize),
  };
}

function cropAxis(
  { length, scaledLength, offset, isMirrored }: {
    length: number;
    scaledLength: number;
    offset: number;
    isMirrored: boolean;
  },
  cropSize: number,
): CropAxis {
  const axis = {
    nearest: new Int32Array(cropSize).fill(-1),
    first: new Int32Array(cropSize),
    second: new Int32Array(cropSize),
    share: new Float32Array(cropSize),
    isWhole: length === scaledLength,
  };
  for (let i = 0; i < cropSize; i++) {
    const scaled = offset + (isMirrored ? cropSize - 1 - i : i);
    if (scaled >= scaledLength) continue;
    const centre = (scaled + 0.5) * length / scaledLength;
    axis.nearest[i] = Math.min(length - 1, Math.floor(centre));
    const place = Math.min(length - 1, Math.max(0, centre - 0.5));
    axis.first[i] = Math.floor(place);
    axis.second[i] = Math.min(length - 1, axis.first[i]! + 1);
    axis.share[i] = place - axis.first[i]!;
  }
  return axis;
}
