/**
 * What the dense CRF takes for one picture.
 *
 * @module
 */
import type { CrfImage } from "./feature_image.ts";
import type { LabelPlanes } from "./label_planes.ts";

/** A picture and what its pixels say on their own. */
export interface CrfPicture {
  /** RGB, or any channels, of H × W pixels. */
  readonly image: CrfImage;
  /** −ln p, nats; L × H × W. +∞ rules a label out. */
  readonly unary: LabelPlanes;
}
