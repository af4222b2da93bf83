import {
  deepStrictEqual,
  notDeepStrictEqual,
  ok,
  throws,
} from "node:assert/strict";
import { dropoutMask } from "../../../lib/train/dropout_mask.ts";

const LAYER = {
  seed: 1,
  iteration: 3,
  firstSlot: 0,
  name: "drop6",
  shape: [4, 5, 7, 3], // 105 elements an image: no multiple of 32 or 4
  keepShare: 0.5,
};

Deno.test("dropoutMask is the same however a mini-batch is cut into shards", () => {
  for (const keepShare of [0.5, 0.8]) {
    const whole = dropoutMask({ ...LAYER, keepShare });
    const parts = [0, 1, 2, 3].flatMap((firstSlot) => {
      const shape = [1, 5, 7, 3];
      return [...dropoutMask({ ...LAYER, keepShare, firstSlot, shape })];
    });
    deepStrictEqual([...whole], parts);
  }
});

Deno.test("dropoutMask differs by seed, iteration, slot and layer", () => {
  const mask = dropoutMask(LAYER);
  for (
    const other of [
      { seed: 2 },
      { iteration: 4 },
      { firstSlot: 4 },
      { name: "drop7" },
    ]
  ) notDeepStrictEqual(dropoutMask({ ...LAYER, ...other }), mask);
});

Deno.test("dropoutMask keeps each element with the share's probability", () => {
  const images = 2000;
  for (const keepShare of [0.5, 0.25, 0.9]) {
    const shape = [images, 40];
    const mask = dropoutMask({ ...LAYER, keepShare, shape });
    const sigma = Math.sqrt(keepShare * (1 - keepShare));
    for (let element = 0; element < 40; element++) {
      let kept = 0;
      for (let i = 0; i < images; i++) kept += mask[i * 40 + element]!;
      ok(Math.abs(kept / images - keepShare) < 5 * sigma / Math.sqrt(images));
    }
  }
});

Deno.test("dropoutMask decides neighbours on their own", () => {
  const mask = dropoutMask({ ...LAYER, shape: [1, 100_000] });
  for (const distance of [1, 2, 4, 8, 32, 128]) {
    let equal = 0;
    for (let i = distance; i < mask.length; i++) {
      if (mask[i] === mask[i - distance]) equal++;
    }
    const share = equal / (mask.length - distance);
    ok(Math.abs(share - 0.5) < 5 * 0.5 / Math.sqrt(1e5), `${distance}`);
  }
});

Deno.test("dropoutMask of share 0 or 1 is all or nothing", () => {
  ok(dropoutMask({ ...LAYER, keepShare: 0 }).every((kept) => kept === 0));
  ok(dropoutMask({ ...LAYER, keepShare: 1 }).every((kept) => kept === 1));
});

Deno.test("dropoutMask refuses a share that is none", () => {
  throws(() => dropoutMask({ ...LAYER, keepShare: 1.5 }), {
    name: "RangeError",
    message: 'Cannot draw dropout mask "drop6" as the share that is ' +
      "kept must be 0…1: 1.5",
  });
});
