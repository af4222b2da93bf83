/**
 * Label maps as PNG files, the way VOC stores them: the index is the label.
 *
 * @module
 */
import { encode } from "fast-png";
import { decodePng } from "../image/png.ts";
import { UnreadableFileError } from "../image/unreadable_file.ts";
import type { LabelMap } from "./label_map.ts";
import { VOC_PALETTE } from "./palette.ts";

/**
 * Labels of a PNG: the indices of a palette PNG of 1, 2, 4 or 8 bits, whatever
 * its colours, or the values of an 8-bit grey PNG.
 *
 * Colour PNGs are refused: that a colour stands for a label is known only for
 * some palettes, and wrong once a picture has been resized. So are grey PNGs of
 * other depths, whose values are brightnesses.
 *
 * @param path Shown in errors; nothing is read from it.
 * @throws {UnreadableFileError} When the bytes are no such PNG, are cut short
 * or corrupt, are interlaced, or have more than 40 megapixels.
 *
 * @example
 * ```ts
 * import { decodeLabelMap, encodeLabelMap } from "./label_map_png.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const labels = { width: 3, height: 1, data: Uint8Array.of(0, 20, 255) };
 * deepStrictEqual(decodeLabelMap(encodeLabelMap(labels), "a.png"), labels);
 * ```
 */
export function decodeLabelMap(bytes: Uint8Array, path: string): LabelMap {
  const { width, height, colour, bitDepth, data } = decodePng(bytes, path);
  const isLabels = colour === "palette" || colour === "grey" && bitDepth === 8;
  if (isLabels) return { width, height, data };
  throw new UnreadableFileError(path, {
    rule: "a label map must be a PNG with a palette, or 8-bit grey",
    found: `it is ${bitDepth}-bit ${colour}`,
  });
}

/**
 * A label map as an 8-bit palette PNG in VOC's colours.
 *
 * Equal label maps give equal bytes, on every machine: packed by JavaScript,
 * no date, no text.
 *
 * @throws {RangeError} When there are not W·H labels, or none.
 *
 * @example
 * ```ts
 * import { encodeLabelMap } from "./label_map_png.ts";
 * import { emptyLabelMap } from "./label_map.ts";
 * import { strictEqual } from "node:assert";
 *
 * const bytes = encodeLabelMap(emptyLabelMap(3, 2));
 * strictEqual(bytes[1], "P".charCodeAt(0));
 * ```
 */
export function encodeLabelMap(labels: LabelMap): Uint8Array {
  const { width, height, data } = labels;
  if (data.length === 0 || data.length !== width * height) {
    throw new RangeError(
      `Cannot encode a label map as ${width} × ${height} px must have ` +
        `${width * height} labels, more than 0: ${data.length}`,
    );
  }
  const palette = VOC_PALETTE.map((colour) => [...colour]);
  return encode({ width, height, data, channels: 1, depth: 8, palette });
}
