import { strictEqual } from "node:assert/strict";
import { addressBehind } from "../../../../lib/crf/kernel/arena.ts";

const MOST = 2 ** 32;

Deno.test("addressBehind goes up to the limit and not to it", () => {
  strictEqual(addressBehind(MOST - 256, 64, MOST), MOST - 128);
  strictEqual(addressBehind(MOST - 128, 64, MOST), null);
  strictEqual(addressBehind(MOST - 64, 64, MOST), null);
  strictEqual(addressBehind(4096, 64, 4096 + 192), 4096 + 128);
  strictEqual(addressBehind(4096, 64, 4096 + 128), null);
});

Deno.test("addressBehind takes an address of 0 for one that wrapped round", () => {
  // A table that ends where memory does: 2³² as the kernel tells it.
  strictEqual(addressBehind((MOST | 0) >>> 0, 24, MOST), null);
});

Deno.test("addressBehind finds no room for what 100 million vertices spare", () => {
  // 24 bytes each: beyond 2³², and small again when it wraps.
  strictEqual(addressBehind(3.2 * 2 ** 30, 24 * 100e6, MOST), null);
});
