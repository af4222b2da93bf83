/**
 * Width and height of a picture from its first bytes, nothing decoded.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import { readJpegHeader } from "./jpeg_header.ts";
import { readPngHeader } from "./png_header.ts";
import { readPpmHeader } from "./ppm_header.ts";
import { UnreadableFileError } from "./unreadable_file.ts";

/**
 * Largest picture that is decoded, px: 40 megapixels, 200 times a VOC picture.
 * Held against the header, before memory is taken for pixels.
 */
export const MAX_PIXELS = 40_000_000;

/** A format that pictures are read from. */
export type ImageFormat = "jpeg" | "png" | "ppm";

/**
 * The format of a picture by its first bytes; the file name plays no part.
 *
 * @throws {UnreadableFileError} When it is none of the three.
 *
 * @example
 * ```ts
 * import { imageFormat } from "./image_size.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(imageFormat(Uint8Array.of(0xff, 0xd8, 0xff), "a.jpg"), "jpeg");
 * ```
 */
export function imageFormat(bytes: Uint8Array, path: string): ImageFormat {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return "jpeg";
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47])) return "png";
  if (startsWith(bytes, [0x50, 0x36])) return "ppm";
  const start = bytes.subarray(0, 4).toHex();
  throw new UnreadableFileError(path, {
    rule: "it must be a JPEG, PNG or PPM picture",
    found: bytes.length === 0 ? "it is empty" : `it begins with bytes ${start}`,
  });
}

const HEADERS: Readonly<
  Record<ImageFormat, (bytes: Uint8Array, path: string) => Size>
> = { jpeg: readJpegHeader, png: readPngHeader, ppm: readPpmHeader };

/**
 * Width and height of a JPEG, PNG or PPM, as stored.
 *
 * An EXIF orientation is not applied, here or when decoding: boxes and masks
 * are drawn on the stored pixels, and VOC has no such tags.
 *
 * @param bytes The file, or as much of it as holds the header: the first
 * 64 KiB are enough unless a long colour profile or preview comes first.
 * @throws {UnreadableFileError} When the header is not that of such a picture.
 *
 * @example
 * ```ts
 * import { imageSize } from "./image_size.ts";
 * import { encodeLabelMap } from "../label/label_map_png.ts";
 * import { emptyLabelMap } from "../label/label_map.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const png = encodeLabelMap(emptyLabelMap(5, 3));
 * deepStrictEqual(imageSize(png, "a.png"), { width: 5, height: 3 });
 * ```
 */
export function imageSize(bytes: Uint8Array, path: string): Size {
  const { width, height } = HEADERS[imageFormat(bytes, path)](bytes, path);
  return { width, height };
}

/**
 * Refuses a picture of more than {@link MAX_PIXELS}.
 *
 * @throws {UnreadableFileError} When it is larger.
 *
 * @example
 * ```ts
 * import { assertDecodableSize } from "./image_size.ts";
 *
 * assertDecodableSize({ width: 500, height: 375 }, "a.jpg");
 * ```
 */
export function assertDecodableSize(size: Size, path: string): void {
  if (size.width * size.height > MAX_PIXELS) {
    throw new UnreadableFileError(path, {
      rule: `it must have at most ${MAX_PIXELS / 1e6} megapixels`,
      found: `it is ${size.width} × ${size.height} px`,
    });
  }
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}
