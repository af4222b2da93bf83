import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  framedRecord,
  maskedChecksum,
  wholeRecords,
} from "../../../lib/tensorboard/tf_record.ts";
import { crc32c, recordsIn, unmasked } from "./event_file_reader.ts";

const ascii = (text: string) => new TextEncoder().encode(text);

Deno.test("maskedChecksum is the CRC32C of RFC 3720, appendix B.4, masked", () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
  const vectors: [Uint8Array, number][] = [
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(0xff), 0x62a8ab43],
    [ascending, 0x46dd794e],
    [ascending.toReversed(), 0x113fdb5c],
    [ascii("123456789"), 0xe3069283],
  ];
  for (const [bytes, crc] of vectors) {
    strictEqual(unmasked(maskedChecksum(bytes)), crc);
    strictEqual(crc32c(bytes), crc); // the tests' own, too
  }
});

Deno.test("framedRecord begins as TensorFlow's own files do", () => {
  // Of an event file's first record, which holds 24 bytes.
  deepStrictEqual(
    [...framedRecord(new Uint8Array(24)).subarray(0, 12)],
    [0x18, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22],
  );
});

Deno.test("framedRecord can be read by the format alone, one after another", () => {
  const any = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 });
  fc.assert(fc.property(any, (all) => {
    const file = all.flatMap((data) => [...framedRecord(data)]);
    deepStrictEqual(recordsIn(Uint8Array.from(file)), all);
  }));
});

Deno.test("wholeRecords stops at a record that is cut short or damaged", () => {
  const [one, two] = [ascii("one"), ascii("two")];
  const file = Uint8Array.from([...framedRecord(one), ...framedRecord(two)]);
  const dataOf = (bytes: Uint8Array) =>
    wholeRecords(bytes).map(({ data }) => data);
  deepStrictEqual(dataOf(file), [one, two]);
  const size = file.length / 2;
  for (let length = size; length < file.length; length++) {
    deepStrictEqual(dataOf(file.subarray(0, length)), [one]);
  }
  for (let at = size; at < file.length; at++) {
    const damaged = file.slice();
    damaged[at]! ^= 0x40;
    deepStrictEqual(dataOf(damaged), [one]);
  }
});
