/**
 * PNG files to samples, exactly as stored.
 *
 * Read here and not by fast-png, which writes them: a label map must be exact
 * or refused, and fast-png unpacks without a ceiling, fills a row cut short
 * with zeros, and garbles interlaced rows of less than 8 bits.
 *
 * @module
 */
import { crc32, inflateSync } from "node:zlib";
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
  const { packed, palette } = readChunks(bytes, path);
  const rows = unfilter(inflate(packed, { header, path }), { header, path });
  return { ...header, data: unpack(rows, header), palette };
}

interface ImageChunks {
  /** All IDAT chunks, joined. */
  readonly packed: Uint8Array;
  readonly palette: Uint8Array | null;
}

/** Walks the chunks up to IEND, checking their checksums. */
function readChunks(bytes: Uint8Array, path: string): ImageChunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const packed: Uint8Array[] = [];
  let palette: Uint8Array | null = null;
  for (let at = 8;;) {
    const length = at + 12 <= bytes.length ? view.getUint32(at) : Infinity;
    if (at + 12 + length > bytes.length) {
      throw unreadable(path, `it ends after ${bytes.length} bytes`);
    }
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const checked = bytes.subarray(at + 4, at + 8 + length);
    if (crc32(checked) !== view.getUint32(at + 8 + length)) {
      throw unreadable(path, `chunk "${type}" at byte ${at} is corrupt`);
    }
    if (type === "IDAT") packed.push(checked.subarray(4));
    if (type === "PLTE") palette = checked.slice(4);
    if (type === "IEND") return { packed: join(packed), palette };
    at += 12 + length;
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only) return only;
  const joined = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Bytes of a row without its filter byte. */
function rowBytes({ width, bitDepth, colour }: PngHeader): number {
  return Math.ceil(width * PNG_CHANNELS[colour] * bitDepth / 8);
}

/** What is being decoded, for messages and lengths. */
interface Source {
  readonly header: PngHeader;
  readonly path: string;
}

/** Filtered rows; never more memory than the header asks for. */
function inflate(packed: Uint8Array, { header, path }: Source): Uint8Array {
  const expected = header.height * (1 + rowBytes(header));
  const rule = `its pixels must unpack to ${expected} bytes`;
  let rows: Uint8Array;
  try {
    rows = inflateSync(packed, { maxOutputLength: expected });
  } catch (error) {
    throw unreadable(path, `${rule}: ${(error as Error).message}`);
  }
  if (rows.length === expected) return rows;
  throw unreadable(path, `${rule}: ${rows.length}`);
}

/** Undoes the row filters [PNG, 9.2]; gives the rows without filter bytes. */
function unfilter(filtered: Uint8Array, { header, path }: Source): Uint8Array {
  const length = rowBytes(header);
  // Whole bytes from a sample to the one of the same channel left of it.
  const step = Math.ceil(PNG_CHANNELS[header.colour] * header.bitDepth / 8);
  const rows = new Uint8Array(header.height * length);
  let above: Uint8Array = new Uint8Array(length);
  for (let y = 0; y < header.height; y++) {
    const from = y * (1 + length);
    const row = rows.subarray(y * length, (y + 1) * length);
    row.set(filtered.subarray(from + 1, from + 1 + length));
    const filter = filtered[from]!;
    if (filter > 4) throw unreadable(path, `row ${y} has filter ${filter}`);
    unfilterRow(row, above, { filter, step });
    above = row;
  }
  return rows;
}

/** In place; sums wrap at 256, as bytes do. */
function unfilterRow(
  row: Uint8Array,
  above: Uint8Array,
  { filter, step }: { filter: number; step: number },
): void {
  for (let i = 0; filter !== 0 && i < row.length; i++) {
    const left = i < step ? 0 : row[i - step]!;
    const up = above[i]!;
    if (filter === 1) row[i]! += left;
    else if (filter === 2) row[i]! += up;
    else if (filter === 3) row[i]! += (left + up) >> 1;
    else row[i]! += paeth(left, up, i < step ? 0 : above[i - step]!);
  }
}

/** Whichever of the three is nearest to left + up − upLeft [PNG, 9.4]. */
function paeth(left: number, up: number, upLeft: number): number {
  const toLeft = Math.abs(up - upLeft);
  const toUp = Math.abs(left - upLeft);
  const toUpLeft = Math.abs(left + up - 2 * upLeft);
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
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
