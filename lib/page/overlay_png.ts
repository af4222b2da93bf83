/**
 * Label maps as pictures that browsers can lay over photographs: PNG in base64
 * without the palette that all of them share.
 *
 * A browser puts {@link OVERLAY_PALETTE} after the first
 * {@link OVERLAY_HEAD_LENGTH} characters of {@link overlayBase64}. Each part is
 * a multiple of three bytes, so that their base64 can be joined as text.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import { readPngHeader } from "../image/png_header.ts";
import { decodeLabelMap, encodeLabelMap } from "../label/label_map_png.ts";
import { VOC_PALETTE } from "../label/palette.ts";

const SIGNATURE_LENGTH = 8;

/** Characters of signature and header, 33 bytes. */
export const OVERLAY_HEAD_LENGTH = 44;

/** VOC's colours, of which the background is clear, as chunks in base64. */
export const OVERLAY_PALETTE: string = base64([
  chunk("PLTE", Uint8Array.from(VOC_PALETTE.flat())),
  // Three, for the length's sake; all further ones are opaque.
  chunk("tRNS", Uint8Array.of(0, 255, 255)),
]);

/**
 * A label map's PNG in base64, without a palette. Pixels are not unpacked: a
 * thousand cost no more than reading them.
 *
 * @param png One with a palette, or grey of 8 bits, whose checksums are right,
 * as `decodeLabelMap` of lib/label asks for.
 * @param path Shown in errors; nothing is read from it.
 * @throws {UnreadableFileError} When it is no PNG.
 *
 * @example
 * ```ts
 * import {
 *   OVERLAY_HEAD_LENGTH,
 *   OVERLAY_PALETTE,
 *   overlayBase64,
 * } from "./overlay_png.ts";
 * import { decodePng } from "../image/png.ts";
 * import { encodeLabelMap } from "../label/label_map_png.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const labels = { width: 3, height: 1, data: Uint8Array.of(0, 1, 255) };
 * const text = overlayBase64(encodeLabelMap(labels), "a.png");
 * const whole = text.slice(0, OVERLAY_HEAD_LENGTH) + OVERLAY_PALETTE +
 *   text.slice(OVERLAY_HEAD_LENGTH);
 * const { data, palette } = decodePng(Uint8Array.fromBase64(whole), "a.png");
 * deepStrictEqual([...data], [0, 1, 255]);
 * deepStrictEqual([...palette!.subarray(3, 6)], [128, 0, 0]);
 * ```
 */
export function overlayBase64(png: Uint8Array, path: string): string {
  // A palette of 256 needs indices of 8 bits.
  const { bitDepth } = readPngHeader(png, path);
  const whole = bitDepth === 8
    ? png
    : encodeLabelMap(decodeLabelMap(png, path));
  const parts = [whole.subarray(0, SIGNATURE_LENGTH)];
  for (const { type, body } of chunksOf(whole)) {
    if (type === "IHDR") parts.push(chunk(type, asPalette(body)));
    if (type === "IDAT" || type === "IEND") parts.push(chunk(type, body));
  }
  return base64(parts);
}

function base64(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString("base64");
}

function* chunksOf(
  png: Uint8Array,
): Generator<{ type: string; body: Uint8Array }> {
  const view = new DataView(png.buffer, png.byteOffset, png.length);
  let at = SIGNATURE_LENGTH;
  while (at + 12 <= png.length) {
    const end = at + 8 + view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    yield { type, body: png.subarray(at + 8, end) };
    at = end + 4;
  }
}

/** A header whose samples are indices: a grey level is a label too. */
function asPalette(header: Uint8Array): Uint8Array {
  const changed = header.slice();
  changed[9] = 3; // colour type
  return changed;
}

/** Length, type, body and checksum. */
function chunk(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  bytes.set([...type].map((letter) => letter.charCodeAt(0)), 4);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)));
  return bytes;
}
