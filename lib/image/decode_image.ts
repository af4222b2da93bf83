/**
 * Pictures of any format to RGB.
 *
 * @module
 */
import type { RgbImage } from "./image.ts";
import { imageFormat } from "./image_size.ts";
import { decodeJpeg } from "./jpeg.ts";
import { decodePng, PNG_CHANNELS, type PngSamples } from "./png.ts";
import { decodePpm } from "./ppm.ts";
import { UnreadableFileError } from "./unreadable_file.ts";

/**
 * Pixels of a JPEG, PNG or PPM, told apart by the first bytes.
 *
 * Of a PNG, grey is repeated thrice, palette indices are looked up, and alpha
 * is dropped: a transparent pixel has the colour that is stored below it. An
 * EXIF orientation is not applied.
 *
 * @param path Shown in errors; nothing is read from it.
 * @throws {UnreadableFileError} When the bytes are none of these, are cut
 * short or corrupt, or when there are more than 40 megapixels; see
 * {@link decodeJpeg}, {@link decodePng} and {@link decodePpm} for the forms of
 * each that are not read.
 *
 * @example
 * ```ts
 * import { decodeImage } from "./decode_image.ts";
 * import { encodeLabelMap } from "../label/label_map_png.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const labels = { width: 1, height: 1, data: Uint8Array.of(1) };
 * const image = await decodeImage(encodeLabelMap(labels), "a.png");
 * deepStrictEqual([...image.data], [128, 0, 0]); // VOC's colour of class 1
 * ```
 */
export async function decodeImage(
  bytes: Uint8Array,
  path: string,
): Promise<RgbImage> {
  const format = imageFormat(bytes, path);
  if (format === "jpeg") return await decodeJpeg(bytes, path);
  if (format === "ppm") return decodePpm(bytes, path);
  return toRgb(decodePng(bytes, path), path);
}

function toRgb(png: PngSamples, path: string): RgbImage {
  const { width, height, colour, data } = png;
  if (colour === "rgb") return { width, height, data };
  if (colour === "palette") return lookUp(png, path);
  const channels = PNG_CHANNELS[colour];
  const offsets = colour === "rgba" ? [0, 1, 2] as const : [0, 0, 0] as const;
  const scale = 255 / (2 ** png.bitDepth - 1); // 1, 17, 85 or 255
  const rgb = new Uint8Array(width * height * 3);
  for (let p = 0; p < width * height; p++) {
    rgb[p * 3] = data[p * channels + offsets[0]]! * scale;
    rgb[p * 3 + 1] = data[p * channels + offsets[1]]! * scale;
    rgb[p * 3 + 2] = data[p * channels + offsets[2]]! * scale;
  }
  return { width, height, data: rgb };
}

function lookUp(png: PngSamples, path: string): RgbImage {
  const { width, height, data } = png;
  const palette = png.palette ?? new Uint8Array(0);
  const rgb = new Uint8Array(width * height * 3);
  for (let p = 0; p < data.length; p++) {
    const from = data[p]! * 3;
    if (from + 3 > palette.length) {
      const rule = `its indices must lie in its palette of ${
        palette.length / 3
      } colours`;
      throw new UnreadableFileError(path, { rule, found: `index ${data[p]!}` });
    }
    rgb[p * 3] = palette[from]!;
    rgb[p * 3 + 1] = palette[from + 1]!;
    rgb[p * 3 + 2] = palette[from + 2]!;
  }
  return { width, height, data: rgb };
}
