/**
 * The colours in which label maps are stored and shown.
 *
 * @module
 */

/** Red, green, blue; 0…255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * VOC's colour map: entry n is the colour of label n, 256 entries.
 *
 * Bits 0, 3, 6 of the label are the high bits of red, bits 1, 4, 7 of green,
 * bits 2, 5 of blue [VOCdevkit, VOClabelcolormap.m]: 0 is black, 1 is
 * (128, 0, 0), 255 is (224, 224, 192).
 */
export const VOC_PALETTE: readonly Rgb[] = Array.from(
  { length: 256 },
  (_, label) => vocColour(label),
);

function vocColour(label: number): Rgb {
  return [spreadBits(label), spreadBits(label >> 1), spreadBits(label >> 2)];
}

/** Bits 0, 3 and 6 of a label as bits 7, 6 and 5 of a colour. */
function spreadBits(label: number): number {
  return (label & 1) << 7 | (label >> 3 & 1) << 6 | (label >> 6 & 1) << 5;
}
