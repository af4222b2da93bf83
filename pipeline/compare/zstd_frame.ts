/**
 * Whether bytes are one whole zstd frame: `node:zlib` gives what it has of one
 * that was cut short, and overlooks what follows one, without a word.
 *
 * @module
 */

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

/** Bytes of a field by its two-bit flag [RFC 8878, 3.1.1.1]. */
const DICTIONARY_BYTES = [0, 1, 2, 4];
const SIZE_BYTES = [0, 2, 4, 8];

/** Kinds of blocks [RFC 8878, 3.1.1.2.2]. */
const RUN_LENGTH = 1;
const RESERVED = 3;

const CHECKSUM_BYTES = 4;

/**
 * What keeps bytes from being one zstd frame, or null: they are one.
 *
 * @example
 * ```ts
 * import { zstdFrameProblem } from "./zstd_frame.ts";
 * import { strictEqual } from "node:assert";
 * import { zstdCompressSync } from "node:zlib";
 *
 * const frame = zstdCompressSync(new Uint8Array(100));
 * strictEqual(zstdFrameProblem(frame), null);
 * strictEqual(zstdFrameProblem(frame.subarray(0, 12)), "it is cut short");
 * ```
 */
export function zstdFrameProblem(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return "it is empty";
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) return "it is none";
  const descriptor = bytes[4] ?? 0;
  const hasNoWindow = (descriptor & 0x20) !== 0;
  const hasChecksum = (descriptor & 0x04) !== 0;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 && hasNoWindow ? 1 : SIZE_BYTES[sizeFlag]!;
  const blocks = 5 + (hasNoWindow ? 0 : 1) +
    DICTIONARY_BYTES[descriptor & 3]! + sizeBytes;
  const end = endOfBlocks(bytes, blocks);
  if (end === null) return "it has a block of no known kind";
  const whole = end + (hasChecksum ? CHECKSUM_BYTES : 0);
  if (whole > bytes.length) return "it is cut short";
  return whole < bytes.length
    ? `${bytes.length - whole} bytes follow it`
    : null;
}

/** Beyond the bytes when they are cut short; null when they make no sense. */
function endOfBlocks(bytes: Uint8Array, start: number): number | null {
  for (let at = start; at + 3 <= bytes.length;) {
    const header = bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16;
    const kind = (header >> 1) & 3;
    if (kind === RESERVED) return null;
    at += 3 + (kind === RUN_LENGTH ? 1 : header >> 3);
    if ((header & 1) === 1) return at;
  }
  return Infinity;
}
