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
