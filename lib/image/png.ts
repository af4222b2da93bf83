/**
 * PNG files to samples, exactly as stored.
 *
 * fast-png decodes, once it is certain that nothing is missing: a label map
 * must be exact or refused, and fast-png unpacks without a ceiling, fills rows
 * cut short with zeros, and garbles interlaced rows of less than 8 bits.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { crc32, inflateSync } from "node:zlib";
import { decode, type DecodedPng } from "fast-png";
import { assertDecodableSize } from "./image_size.ts";
import { type PngColour, type PngHeader, readPngHeader } from "./png_header.ts";
import { UnreadableFileError } from "./unreadable_file.ts";

/** The samples of a PNG, one byte each. */
export interface PngSamples extends PngHeader {
  /** uint8 `[H, W, channels]`, 0…2^bitDepth − 1, not scaled. */
  readonly data: Uint8Array;
  /** uint8 `[colours, 3]`, RGB; `null` where the file has none. */
  readonly palette: Uint8Array | null;
}

/** Samples of a pixel. */
export const PNG_CHANNELS: Readonly<Record<PngColour, number>> = {
  grey: 1,
  rgb: 3,
  palette: 1,
  "grey+alpha": 2,
  rgba: 4,
};

/**
 * Samples of a PNG of at most 8 bits a sample, not interlaced.
 *
 * Transparency, gamma and colour profiles are left aside. All checksums are
 * checked, and there must be as many samples as the header says.
 *
 * @param path Shown in errors; nothing is read from it.
 * @throws {UnreadableFileError} When the bytes are no PNG, are cut short or
 * corrupt, when there are more than 40 megapixels or 8 bits a sample, or when
 * it is interlaced.
 *
 * @example
 * ```ts
 * import { decodePng } from "./png.ts";
 * import { encodeLabelMap } from "../label/label_map_png.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const labels = { width: 2, height: 1, data: Uint8Array.of(7, 255) };
 * const png = decodePng(encodeLabelMap(labels), "a.png");
 * deepStrictEqual(png.data, labels.data);
 * ```
 */
export function decodePng(bytes: Uint8Array, path: string): PngSamples {
  const header = readPngHeader(bytes, path);
  assertDecodableSize(header, path);
  if (header.bitDepth > 8 || header.isInterlaced) {
    throw new UnreadableFileError(path, {
      rule: "it must be a PNG of at most 8 bits a sample, not interlaced",
      found: header.isInterlaced
        ? "it is interlaced"
        : `it has ${header.bitDepth} bits`,
    });
  }
  const chunks = readChunks(bytes, path);
  assertWholeRows(chunks, { header, path });
  const { data, palette } = decodeChunks(bytes, { chunks, path });
  return {
    ...header,
    data: unpack(data as Uint8Array, header), // 8 bits, as checked above
    palette: palette ? Uint8Array.from(palette.flat()) : null,
  };
}

/** A part of the file whose checksum is right. */
interface Chunk {
  readonly type: string;
  /** Length, type, body and checksum. */
  readonly bytes: Uint8Array;
}

/** All chunks from the header to IEND. */
function readChunks(bytes: Uint8Array, path: string): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Chunk[] = [];
  for (let at = 8; chunks.at(-1)?.type !== "IEND";) {
    const length = at + 12 <= bytes.length ? view.getUint32(at) : Infinity;
    const end = at + 12 + length;
    if (end > bytes.length) {
      throw unreadable(path, `it ends after ${bytes.length} bytes`);
    }
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      throw unreadable(path, `chunk "${type}" at byte ${at} is corrupt`);
    }
    chunks.push({ type, bytes: bytes.subarray(at, end) });
    at = end;
  }
  return chunks;
}

/** Unpacks the pixels into no more memory than the header asks for. */
function assertWholeRows(
  chunks: readonly Chunk[],
  { header, path }: { header: PngHeader; path: string },
): void {
  const rowLength = 1 + rowBytes(header); // each begins with its filter
  const expected = header.height * rowLength;
  const rule = `its pixels must unpack to ${expected} bytes`;
  const packed = chunks.filter(({ type }) => type === "IDAT")
    .map(({ bytes }) => bytes.subarray(8, -4));
  let rows: Uint8Array;
  try {
    const options = { maxOutputLength: expected };
    rows = inflateSync(Buffer.concat(packed), options);
  } catch (error) {
    throw unreadable(path, `${rule}: ${(error as Error).message}`);
  }
  if (rows.length !== expected) {
    throw unreadable(path, `${rule}: ${rows.length}`);
  }
  for (let y = 0; y < header.height; y++) {
    const filter = rows[y * rowLength]!;
    if (filter > 4) throw unreadable(path, `row ${y} has filter ${filter}`);
  }
}

/** Bytes of a row without its filter byte. */
function rowBytes({ width, bitDepth, colour }: PngHeader): number {
  return Math.ceil(width * PNG_CHANNELS[colour] * bitDepth / 8);
}

/** What fast-png is given: of others it refuses some, and some may be bombs. */
const NEEDED = ["PLTE", "IDAT", "IEND"];

function decodeChunks(
  bytes: Uint8Array,
  { chunks, path }: { chunks: readonly Chunk[]; path: string },
): DecodedPng {
  const start = bytes.subarray(0, 33); // signature and header
  const needed = chunks.filter(({ type }) => NEEDED.includes(type));
  try {
    return decode(Buffer.concat([start, ...needed.map(({ bytes }) => bytes)]));
  } catch (error) {
    throw unreadable(path, (error as Error).message);
  }
}

/** One byte a sample; samples of less than 8 bits lie high bits first. */
function unpack(rows: Uint8Array, header: PngHeader): Uint8Array {
  const { width, height, bitDepth } = header;
  if (bitDepth === 8) return rows;
  const length = rowBytes(header);
  const samples = new Uint8Array(width * height); // one channel, always
  const mask = (1 << bitDepth) - 1;
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let bit = 0; bit < width * bitDepth; bit += bitDepth) {
      const byte = rows[y * length + (bit >> 3)]!;
      samples[at++] = (byte >> (8 - bitDepth - (bit & 7))) & mask;
    }
  }
  return samples;
}

function unreadable(path: string, found: string): UnreadableFileError {
  return new UnreadableFileError(path, {
    rule: "it must be a whole PNG",
    found,
  });
}
