/**
 * Pictures in memory.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";

/** uint8 `[H, W, 3]`, RGB, 0…255, row-major. */
export interface RgbImage extends Size {
  /** `H·W·3` values: red, green, blue of the first pixel, and so on. */
  readonly data: Uint8Array;
}
