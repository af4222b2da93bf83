/**
 * PNG files of every form, also forms no program writes: for tests only.
 *
 * @module
 */
import { crc32, deflateSync } from "node:zlib";

/** A PNG to be written; rows are packed already, one array each. */
export interface DrawnPng {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  readonly colourType: number;
  readonly interlace?: number;
  readonly rows: readonly (readonly number[])[];
  /** Filter of each row, 0…4; all 0 when left out. */
  readonly filters?: readonly number[];
  /** Bytes of the palette chunk. */
  readonly palette?: readonly number[];
  /** Chunks between palette and pixels, by type. */
  readonly others?: Readonly<Record<string, readonly number[]>>;
  /** IDAT chunks the pixels are spread over. */
  readonly parts?: number;
}

/** A PNG file. */
export function writePng(png: DrawnPng): Uint8Array {
  const { width, height, bitDepth, colourType, interlace = 0 } = png;
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([bitDepth, colourType, 0, 0, interlace], 8);
  const packed = deflateSync(Uint8Array.from(filteredRows(png)));
  const size = Math.ceil(packed.length / (png.parts ?? 1));
  const data: number[][] = [];
  for (let at = 0; at < packed.length; at += size) {
    data.push(chunk("IDAT", packed.subarray(at, at + size)));
  }
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", header),
    ...(png.palette ? chunk("PLTE", png.palette) : []),
    ...Object.entries(png.others ?? {}).flatMap(([t, body]) => chunk(t, body)),
    ...data.flat(),
    ...chunk("IEND", []),
  ]);
}

function chunk(type: string, data: Iterable<number>): number[] {
  const body = [...new TextEncoder().encode(type), ...data];
  return [
    ...uint32(body.length - 4),
    ...body,
    ...uint32(crc32(Uint8Array.from(body))),
  ];
}

function uint32(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
}

/** Filters as in section 9.2 of the PNG standard, sample by sample. */
function filteredRows(png: DrawnPng): number[] {
  const channels = [1, 0, 3, 1, 2, 0, 4][png.colourType] ?? 1;
  const step = Math.ceil(channels * png.bitDepth / 8);
  return png.rows.flatMap((row, y) => {
    const filter = png.filters?.[y] ?? 0;
    const above = png.rows[y - 1] ?? [];
    return [
      filter,
      ...row.map((value, i) => {
        const a = row[i - step] ?? 0;
        const b = above[i] ?? 0;
        const c = above[i - step] ?? 0;
        const guess = [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter] ?? 0;
        return (value - guess) & 255;
      }),
    ];
  });
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const nearest = Math.min(Math.abs(p - a), Math.abs(p - b), Math.abs(p - c));
  if (Math.abs(p - a) === nearest) return a;
  return Math.abs(p - b) === nearest ? b : c;
}
