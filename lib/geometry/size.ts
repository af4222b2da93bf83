/**
 * Sides of pictures and of maps over them.
 *
 * @module
 */

/** Width and height, px. */
export interface Size {
  /** W, px. */
  readonly width: number;
  /** H, px. */
  readonly height: number;
}
