/**
 * Pictures that the dense CRF compares pixels of: any channels, three types.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";

/** The type of a channel's values. */
export type FeatureValues =
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Float32Array;

/** `[H, W, N]`, row-major: depth, infrared, Lab, features of a network, … */
export interface FeatureImage extends Size {
  /** N, 1…32. */
  readonly channels: number;
  /** `H·W·N` values: the channels of the first pixel, and so on. */
  readonly data: FeatureValues;
}

/** What the dense CRF takes: without `channels` it is RGB, as an `RgbImage`. */
export interface CrfImage extends Size {
  /** N, 1…32. */
  readonly channels?: number | undefined;
  /** `H·W·N` values: the channels of the first pixel, and so on. */
  readonly data: FeatureValues;
}

/** As many as the kernel has room for. */
export const MAX_CHANNELS = 32;

const ACTION = "run the dense CRF";

/**
 * Checks an image and names its channels.
 *
 * @throws {RangeError} When values and sizes do not fit.
 * @throws {TypeError} When the values are of another type.
 *
 * @example
 * ```ts
 * import { featureImage } from "./feature_image.ts";
 * import { strictEqual } from "node:assert";
 *
 * const rgb = { width: 2, height: 1, data: new Uint8Array(6) };
 * strictEqual(featureImage(rgb).channels, 3);
 * ```
 */
export function featureImage(image: CrfImage): FeatureImage {
  const { width, height, channels = 3, data } = image;
  if (
    !Number.isInteger(channels) || channels < 1 || channels > MAX_CHANNELS
  ) {
    throw new RangeError(
      `Cannot ${ACTION} as an image must have 1…${MAX_CHANNELS} channels: ` +
        `${channels}`,
    );
  }
  if (
    !(data instanceof Uint8Array || data instanceof Uint8ClampedArray ||
      data instanceof Uint16Array || data instanceof Float32Array)
  ) {
    throw new TypeError(
      `Cannot ${ACTION} as an image must be a Uint8Array, Uint16Array or ` +
        `Float32Array: ${Object.prototype.toString.call(data)}`,
    );
  }
  if (data.length !== width * height * channels) {
    throw new RangeError(
      `Cannot ${ACTION} as an image must hold H × W × ${channels} values: ` +
        `${data.length} values for ${height} × ${width} × ${channels}`,
    );
  }
  return { width, height, channels, data };
}

/** Bounds of an image's values. */
export interface FeatureRange {
  readonly low: number;
  readonly high: number;
}

/**
 * Bounds of all values: of whole numbers what their type can hold, of others
 * what the image holds.
 *
 * @throws {RangeError} Naming the first value that is NaN or infinite.
 *
 * @example
 * ```ts
 * import { featureRange } from "./feature_image.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const data = Float32Array.of(-0.5, 2);
 * const image = { width: 2, height: 1, channels: 1, data };
 * deepStrictEqual(featureRange(image), { low: -0.5, high: 2 });
 * ```
 */
export function featureRange(
  { width, channels, data }: FeatureImage,
): FeatureRange {
  if (data instanceof Uint16Array) return { low: 0, high: 65535 };
  if (!(data instanceof Float32Array)) return { low: 0, high: 255 };
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!(Math.abs(value) < Infinity)) {
      const pixel = Math.floor(i / channels);
      throw new RangeError(
        `Cannot ${ACTION} as a feature must be a finite number: ${value} of ` +
          `channel ${i % channels} at pixel ` +
          `(${pixel % width}, ${Math.floor(pixel / width)})`,
      );
    }
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}
