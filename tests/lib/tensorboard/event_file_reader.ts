/**
 * Reads event files by the published formats alone, sharing no line with what
 * writes them: frames with a CRC32C that divides bit by bit, protobuf by its
 * wire types.
 *
 * @module
 */
import { strictEqual } from "node:assert/strict";

/** CRC32C by its polynomial, one bit after the other. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
    }
  }
  return ~crc >>> 0;
}

/** As TensorFlow's `crc32c::Unmask`. */
export function unmasked(checksum: number): number {
  const rotated = (checksum - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** Data of all records; fails where a frame or a checksum is not right. */
export function recordsIn(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const records: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true));
    const said = unmasked(view.getUint32(at + 8, true));
    strictEqual(said, crc32c(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    strictEqual(data.length, length);
    const saidOfData = unmasked(view.getUint32(at + 12 + length, true));
    strictEqual(saidOfData, crc32c(data));
    records.push(data);
    at += 16 + length;
  }
  return records;
}

/** A field of a message, undecoded: a varint, 4 or 8 bytes, or bytes. */
type Field = bigint | DataView | Uint8Array;

/** Fields by number, in their order. */
export function fieldsOf(message: Uint8Array): Map<number, Field[]> {
  const fields = new Map<number, Field[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n;; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (count: number) => message.slice(at, at += count);
  while (at < message.length) {
    const key = Number(varint());
    const wire = key & 7;
    const value = wire === 0
      ? varint()
      : wire === 2
      ? take(Number(varint()))
      : new DataView(take(wire === 1 ? 8 : 4).buffer);
    const before = fields.get(key >>> 3) ?? [];
    fields.set(key >>> 3, [...before, value]);
  }
  return fields;
}

/** What a test asks of an event. */
export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion?: string;
  readonly sessionStatus?: number;
  readonly scalars?: Record<string, number>;
  readonly images?: Record<string, ReadImage>;
  /** By tag: plugin, description, data class. */
  readonly metadata?: Record<string, [string, string, number]>;
}

/** A picture in an event. */
export interface ReadImage {
  readonly height: number;
  readonly width: number;
  readonly colorspace: number;
  readonly bytes: Uint8Array;
}

/** The events of a file. */
export function eventsIn(file: Uint8Array): ReadEvent[] {
  return recordsIn(file).map(eventOf);
}

function eventOf(data: Uint8Array): ReadEvent {
  const event = fieldsOf(data);
  const version = event.get(3)?.[0];
  const session = event.get(7)?.[0];
  const summary = event.get(5)?.[0];
  return {
    wallTime: (event.get(1)?.[0] as DataView | undefined)
      ?.getFloat64(0, true) ?? 0,
    step: Number(event.get(2)?.[0] ?? 0n),
    ...(version && { fileVersion: textOf(version) }),
    ...(session && { sessionStatus: numberIn(session, 1) }),
    ...(summary && valuesIn(summary as Uint8Array)),
  };
}

function valuesIn(
  summary: Uint8Array,
): Pick<ReadEvent, "scalars" | "images" | "metadata"> {
  const scalars: Record<string, number> = {};
  const images: Record<string, ReadImage> = {};
  const metadata: Record<string, [string, string, number]> = {};
  for (const bytes of fieldsOf(summary).get(1) ?? []) {
    const value = fieldsOf(bytes as Uint8Array);
    const tag = textOf(value.get(1)![0]!);
    const scalar = value.get(2)?.[0] as DataView | undefined;
    if (scalar) scalars[tag] = scalar.getFloat32(0, true);
    const image = value.get(4)?.[0];
    if (image) images[tag] = imageOf(image as Uint8Array);
    const about = value.get(9)?.[0];
    if (about) metadata[tag] = metadataOf(about as Uint8Array);
  }
  return {
    ...(Object.keys(scalars).length > 0 && { scalars }),
    ...(Object.keys(images).length > 0 && { images }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}

function imageOf(bytes: Uint8Array): ReadImage {
  const image = fieldsOf(bytes);
  return {
    height: numberIn(bytes, 1),
    width: numberIn(bytes, 2),
    colorspace: numberIn(bytes, 3),
    bytes: image.get(4)![0] as Uint8Array,
  };
}

function metadataOf(bytes: Uint8Array): [string, string, number] {
  const fields = fieldsOf(bytes);
  const plugin = fieldsOf(fields.get(1)![0] as Uint8Array).get(1)![0]!;
  const description = fields.get(3)?.[0];
  return [
    textOf(plugin),
    description ? textOf(description) : "",
    numberIn(bytes, 4),
  ];
}

function numberIn(message: Field, field: number): number {
  return Number(fieldsOf(message as Uint8Array).get(field)?.[0] ?? 0n);
}

function textOf(bytes: Field): string {
  return new TextDecoder().decode(bytes as Uint8Array);
}
