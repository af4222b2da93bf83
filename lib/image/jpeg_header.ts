/**
 * The header of a JPEG file: size and sample format.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import { UnreadableFileError } from "./unreadable_file.ts";

/** What the frame header (SOF) of a JPEG says. */
export interface JpegHeader extends Size {
  /** Bits of a sample; 8 in all pictures that can be decoded. */
  readonly bitDepth: number;
  /** 1 grey, 3 colour, 4 inks. */
  readonly channels: number;
}

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/**
 * The frame header of a JPEG, found by walking its segments [ITU T.81, B.1].
 *
 * @throws {UnreadableFileError} When there is none, or its size is zero.
 *
 * @example
 * ```ts
 * import { encodeJpeg } from "./jpeg.ts";
 * import { readJpegHeader } from "./jpeg_header.ts";
 * import { strictEqual } from "node:assert";
 *
 * const grey = { width: 2, height: 1, data: new Uint8Array(6).fill(128) };
 * const header = readJpegHeader(await encodeJpeg(grey, 90), "a.jpg");
 * strictEqual(header.width, 2);
 * ```
 */
export function readJpegHeader(bytes: Uint8Array, path: string): JpegHeader {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) {
    throw unreadable(path, "it does not begin with bytes ffd8");
  }
  for (let at = 2;;) {
    if (at < bytes.length && bytes[at] !== 0xff) {
      throw unreadable(path, `byte ${at} is no marker`);
    }
    while (bytes[at + 1] === 0xff) at++; // a marker may have fill bytes before
    const marker = bytes[at + 1];
    const length = uint16(bytes, at + 2);
    if (marker === undefined || length === null) {
      throw unreadable(path, `it ends after ${bytes.length} bytes`);
    }
    if (isFrameHeader(marker)) {
      return readFrame(bytes.subarray(at + 4), path);
    }
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE || length < 2) {
      throw unreadable(path, `marker ff${hex(marker)} comes before it`);
    }
    at += 2 + length;
  }
}

/** SOF0…SOF15, but DHT, JPG and DAC lie in the same range [ITU T.81, B.1]. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf &&
    marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readFrame(frame: Uint8Array, path: string): JpegHeader {
  const bitDepth = frame[0];
  const height = uint16(frame, 1);
  const width = uint16(frame, 3);
  const channels = frame[5];
  if (
    bitDepth === undefined || height === null || width === null ||
    channels === undefined
  ) {
    throw unreadable(path, "it ends within it");
  }
  if (width === 0 || height === 0) {
    throw unreadable(path, `its size is ${width} × ${height} px`);
  }
  return { width, height, bitDepth, channels };
}

function uint16(bytes: Uint8Array, at: number): number | null {
  const high = bytes[at];
  const low = bytes[at + 1];
  return high === undefined || low === undefined ? null : high * 256 + low;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function unreadable(path: string, found: string): UnreadableFileError {
  const rule = "it must be a JPEG with a frame header";
  return new UnreadableFileError(path, { rule, found });
}
