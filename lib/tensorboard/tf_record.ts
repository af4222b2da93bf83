/**
 * TensorFlow's file of records: each is framed by its length and two checksums,
 * so that a reader knows a record that is not yet whole from one that is
 * damaged.
 *
 *   uint64  length of the data, little-endian
 *   uint32  masked CRC32C of those eight bytes
 *   bytes   the data
 *   uint32  masked CRC32C of the data
 *
 * https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
 *
 * @module
 */
import CRC32C from "crc-32/crc32c.js";

const LENGTH_BYTES = 8;
const CHECKSUM_BYTES = 4;

/**
 * A record with its frame.
 *
 * @example
 * ```ts
 * import { framedRecord } from "./tf_record.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(framedRecord(Uint8Array.of(1, 2, 3)).length, 8 + 4 + 3 + 4);
 * ```
 */
export function framedRecord(data: Uint8Array): Uint8Array {
  const head = LENGTH_BYTES + CHECKSUM_BYTES;
  const record = new Uint8Array(head + data.length + CHECKSUM_BYTES);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  const length = record.subarray(0, LENGTH_BYTES);
  view.setUint32(LENGTH_BYTES, maskedChecksum(length), true);
  record.set(data, head);
  view.setUint32(head + data.length, maskedChecksum(data), true);
  return record;
}

/** What TensorFlow adds to a checksum, as data may hold checksums themselves. */
const MASK_DELTA = 0xa282ead8;

/**
 * CRC32C (Castagnoli), its bits turned by 15 to the right, plus a constant.
 *
 * @returns uint32.
 *
 * @example
 * ```ts
 * import { maskedChecksum } from "./tf_record.ts";
 * import { strictEqual } from "node:assert";
 *
 * // The CRC32C of no bytes is 0.
 * strictEqual(maskedChecksum(new Uint8Array(0)), 0xa282ead8);
 * ```
 */
export function maskedChecksum(bytes: Uint8Array): number {
  const crc = CRC32C.buf(bytes) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}

/** Where a record lies in a file. */
export interface PlacedRecord {
  /** Offset of its frame. */
  readonly begin: number;
  /** Offset behind its frame. */
  readonly end: number;
  readonly data: Uint8Array;
}

/**
 * The records of a file up to the first that is cut short or damaged.
 *
 * @example
 * ```ts
 * import { framedRecord, wholeRecords } from "./tf_record.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const data = Uint8Array.of(7);
 * const file = Uint8Array.from([...framedRecord(data), 1, 0]);
 * deepStrictEqual(wholeRecords(file), [{ begin: 0, end: 17, data }]);
 * ```
 */
export function wholeRecords(file: Uint8Array): PlacedRecord[] {
  const records: PlacedRecord[] = [];
  for (let begin = 0;;) {
    const record = recordAt(file, begin);
    if (record === null) return records;
    records.push(record);
    begin = record.end;
  }
}

function recordAt(file: Uint8Array, begin: number): PlacedRecord | null {
  const start = begin + LENGTH_BYTES + CHECKSUM_BYTES;
  if (start > file.length) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = view.getBigUint64(begin, true);
  // Compared as it is: a damaged length may be beyond all numbers.
  if (length > BigInt(file.length - start - CHECKSUM_BYTES)) return null;
  const data = file.subarray(start, start + Number(length));
  const end = start + data.length + CHECKSUM_BYTES;
  const isWhole = [
    [begin, LENGTH_BYTES] as const,
    [start, data.length] as const,
  ].every(([at, size]) =>
    view.getUint32(at + size, true) ===
      maskedChecksum(file.subarray(at, at + size))
  );
  return isWhole ? { begin, end, data } : null;
}
