import { strictEqual } from "node:assert/strict";
import { constants, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { zstdFrameProblem } from "../../../pipeline/compare/zstd_frame.ts";

/** Bytes that compress, or do not, by any level, with or without a checksum. */
const FRAME = fc.record({
  content: fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc.nat(300_000).map((length) => new Uint8Array(length)),
    fc.nat(200_000).map((length) =>
      Uint8Array.from({ length }, (_, i) => i * i % 251)
    ),
  ),
  level: fc.integer({ min: 1, max: 19 }),
  checksum: fc.integer({ min: 0, max: 1 }),
}).map(({ content, level, checksum }) =>
  zstdCompressSync(content, {
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      [constants.ZSTD_c_checksumFlag]: checksum,
    },
  })
);

Deno.test("zstdFrameProblem finds the end of any frame", () => {
  fc.assert(
    fc.property(FRAME, fc.integer({ min: 1, max: 40 }), (frame, more) => {
      strictEqual(zstdFrameProblem(frame), null);
      const longer = new Uint8Array(frame.length + more);
      longer.set(frame);
      strictEqual(zstdFrameProblem(longer), `${more} bytes follow it`);
      const shorter = frame.subarray(0, Math.max(4, frame.length - more));
      strictEqual(zstdFrameProblem(shorter), "it is cut short");
    }),
    { numRuns: 30 },
  );
});

Deno.test("zstdFrameProblem refuses what is no frame", () => {
  strictEqual(zstdFrameProblem(new Uint8Array()), "it is empty");
  strictEqual(zstdFrameProblem(new Uint8Array(100)), "it is none");
  const reserved = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0, 6, 0, 0, 0);
  strictEqual(zstdFrameProblem(reserved), "it has a block of no known kind");
});
