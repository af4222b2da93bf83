/**
 * JPEG pictures, by one codec everywhere: MozJPEG in WebAssembly.
 *
 * Decoders differ by several grey levels (up to 19 where chroma is upsampled),
 * so all pixels of the project come from this one; the same file gives the same
 * pixels on every machine. It needs no permission and no native library, and
 * starts on first use.
 *
 * @module
 */
import {
  encoderOptions,
  type JpegDecoder,
  type JpegEncoder,
  type RgbaPixels,
  startDecoder,
  startEncoder,
} from "./_jpeg_codec.ts";
import type { RgbImage } from "./image.ts";
import { assertDecodableSize } from "./image_size.ts";
import { readJpegHeader } from "./jpeg_header.ts";
import { UnreadableFileError } from "./unreadable_file.ts";

let runningDecoder: Promise<JpegDecoder> | null = null;
let runningEncoder: Promise<JpegEncoder> | null = null;

/**
 * libjpeg's word for a few stray bytes before the end marker, as some cameras
 * leave: by then all pixels have been read, so the picture is whole.
 */
const HARMLESS = /^Corrupt JPEG data: \d+ extraneous bytes before marker 0xd9$/;

/**
 * Pixels of a JPEG: baseline or progressive, grey or colour.
 *
 * An EXIF orientation is not applied, see {@link imageSize} in image_size.ts.
 * JPEG has no checksums: a changed byte that still decodes goes unnoticed, a
 * missing one does not.
 *
 * @param path Shown in errors; nothing is read from it.
 * @throws {UnreadableFileError} When the bytes are no JPEG, are cut short or
 * corrupt, when there are more than 40 megapixels, more than 8 bits a sample,
 * or four inks.
 *
 * @example
 * ```ts
 * import { decodeJpeg, encodeJpeg } from "./jpeg.ts";
 * import { strictEqual } from "node:assert";
 *
 * const grey = { width: 2, height: 1, data: new Uint8Array(6).fill(128) };
 * const decoded = await decodeJpeg(await encodeJpeg(grey, 90), "a.jpg");
 * strictEqual(decoded.width, 2);
 * ```
 */
export async function decodeJpeg(
  bytes: Uint8Array,
  path: string,
): Promise<RgbImage> {
  assertDecodable(bytes, path);
  const decoder = await (runningDecoder ??= startDecoder());
  // From here on nothing waits, so the messages are of this picture alone.
  decoder.messages.length = 0;
  const pixels = decodeOrNull(decoder, bytes);
  const complaint = decoder.messages.find((line) => !HARMLESS.test(line));
  if (pixels !== null && complaint === undefined) return dropAlpha(pixels);
  // libjpeg frees nothing when it gives up: the next picture gets a new one.
  runningDecoder = null;
  throw new UnreadableFileError(path, {
    rule: "it must be a whole JPEG",
    found: complaint ?? "the decoder failed",
  });
}

/**
 * JPEG bytes of a picture: progressive, 4:2:0 at middle qualities, as MozJPEG
 * has it by default. Equal pictures give equal bytes.
 *
 * @param quality 1…100, libjpeg's scale.
 * @throws {RangeError} When quality or the number of samples is off.
 *
 * @example
 * ```ts
 * import { encodeJpeg } from "./jpeg.ts";
 *
 * const grey = { width: 2, height: 1, data: new Uint8Array(6).fill(128) };
 * const bytes = await encodeJpeg(grey, 90);
 * ```
 */
export async function encodeJpeg(
  image: RgbImage,
  quality: number,
): Promise<Uint8Array> {
  if (!Number.isInteger(quality) || quality < 1 || quality > 100) {
    throw new RangeError(
      `Cannot encode a JPEG as its quality must be a whole number from 1 ` +
        `to 100: ${quality}`,
    );
  }
  const { width, height } = image;
  const rgba = addAlpha(image);
  const encoder = await (runningEncoder ??= startEncoder());
  const view = encoder.encode(rgba, width, height, encoderOptions(quality));
  return new Uint8Array(view); // a copy: the codec reuses its memory
}

/** Checks the header, and so the size, before memory is taken. */
function assertDecodable(bytes: Uint8Array, path: string): void {
  const header = readJpegHeader(bytes, path);
  assertDecodableSize(header, path);
  if (header.bitDepth === 8 && header.channels !== 4) return;
  throw new UnreadableFileError(path, {
    rule: "it must be a grey or colour JPEG of 8 bits a sample",
    found: `it has ${header.channels} channels of ${header.bitDepth} bits`,
  });
}

function decodeOrNull(
  decoder: JpegDecoder,
  bytes: Uint8Array,
): RgbaPixels | null {
  try {
    return decoder.decode(bytes, false);
  } catch (error) {
    // An exit of the C code, said in `messages`, or a trap: the file's fault.
    if (decoder.messages.length === 0) decoder.messages.push(String(error));
    return null;
  }
}

function dropAlpha({ width, height, data }: RgbaPixels): RgbImage {
  const rgb = new Uint8Array(width * height * 3);
  for (let p = 0; p < width * height; p++) {
    rgb[p * 3] = data[p * 4]!;
    rgb[p * 3 + 1] = data[p * 4 + 1]!;
    rgb[p * 3 + 2] = data[p * 4 + 2]!;
  }
  return { width, height, data: rgb };
}

function addAlpha({ width, height, data }: RgbImage): Uint8ClampedArray {
  if (width * height === 0 || data.length !== width * height * 3) {
    throw new RangeError(
      `Cannot encode a JPEG as a picture of ${width} × ${height} px must ` +
        `have ${width * height * 3} samples, more than 0: ${data.length}`,
    );
  }
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let p = 0; p < width * height; p++) {
    rgba[p * 4] = data[p * 3]!;
    rgba[p * 4 + 1] = data[p * 3 + 1]!;
    rgba[p * 4 + 2] = data[p * 3 + 2]!;
  }
  return rgba;
}
