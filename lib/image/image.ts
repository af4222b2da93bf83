/**
 * Pictures in memory.
 *
 * @module
 */

/** uint8 `[H, W, 3]`, RGB, 0…255, row-major. */
export interface RgbImage {
  /** W, px. */
  readonly width: number;
  /** H, px. */
  readonly height: number;
  /** `H·W·3` values: red, green, blue of the first pixel, and so on. */
  readonly data: Uint8Array;
}
