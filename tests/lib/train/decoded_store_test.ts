import { strictEqual } from "node:assert/strict";
import { decodedStore } from "../../../lib/train/decoded_store.ts";

/** A sample of 4 bytes a pixel. */
function sample(pixels: number) {
  const image = { width: pixels, height: 1, data: new Uint8Array(3 * pixels) };
  const labels = { width: pixels, height: 1, data: new Uint8Array(pixels) };
  return { image, labels };
}

Deno.test("decodedStore never holds more than its limit", () => {
  const store = decodedStore(100);
  [10, 10, 10, 1].forEach((pixels, i) => store.add(i, sample(pixels)));
  strictEqual(store.bytes, 80);
  strictEqual(store.get(1)!.image.width, 10);
  // The first that did not fit shut it.
  strictEqual(store.get(2), null);
  strictEqual(store.get(3), null);
  strictEqual(store.hasRoom, false);
});

Deno.test("decodedStore counts a sample once", () => {
  const store = decodedStore(100);
  store.add(0, sample(10));
  store.add(0, sample(10));
  strictEqual(store.bytes, 40);
});

Deno.test("decodedStore of no bytes wants nothing", () => {
  strictEqual(decodedStore(0).hasRoom, false);
});
