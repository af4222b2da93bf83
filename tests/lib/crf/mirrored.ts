/**
 * Mirror images, made pixel by pixel.
 *
 * @module
 */
import type { LabelPlanes } from "../../../lib/crf/label_planes.ts";
import type { Mirroring } from "../../../lib/crf/mirroring.ts";
import type { RgbImage } from "../../../lib/image/image.ts";

/** A picture and its unary. */
export interface RgbPicture {
  readonly image: RgbImage;
  readonly unary: LabelPlanes;
}

/** All that are not the picture itself. */
export const MIRRORS: readonly Mirroring[] = [
  { across: true, down: false },
  { across: false, down: true },
  { across: true, down: true },
];

/** Where each pixel comes from. */
function sources(
  { width, height }: { width: number; height: number },
  { across, down }: Mirroring,
): number[] {
  return Array.from({ length: width * height }, (_, p) => {
    const x = p % width;
    const y = Math.floor(p / width);
    return (down ? height - 1 - y : y) * width + (across ? width - 1 - x : x);
  });
}

export function mirroredImage(image: RgbImage, mirror: Mirroring): RgbImage {
  const from = sources(image, mirror);
  return {
    ...image,
    data: image.data.map((_, i) =>
      image.data[3 * from[Math.floor(i / 3)]! + i % 3]!
    ),
  };
}

export function mirroredPlanes(
  planes: LabelPlanes,
  mirror: Mirroring,
): LabelPlanes {
  const from = sources(planes, mirror);
  const pixels = from.length;
  return {
    ...planes,
    data: planes.data.map((_, i) =>
      planes.data[i - i % pixels + from[i % pixels]!]!
    ),
  };
}

export function mirroredPicture(
  { image, unary }: RgbPicture,
  mirror: Mirroring,
): RgbPicture {
  return {
    image: mirroredImage(image, mirror),
    unary: mirroredPlanes(unary, mirror),
  };
}

/** The image, made its own mirror image by the larger of two values. */
export function symmetricImage(image: RgbImage, mirror: Mirroring): RgbImage {
  const twin = mirroredImage(image, mirror).data;
  return { ...image, data: image.data.map((v, i) => Math.max(v, twin[i]!)) };
}

/** Likewise. */
export function symmetricPlanes(
  planes: LabelPlanes,
  mirror: Mirroring,
): LabelPlanes {
  const twin = mirroredPlanes(planes, mirror).data;
  return { ...planes, data: planes.data.map((v, i) => Math.max(v, twin[i]!)) };
}
