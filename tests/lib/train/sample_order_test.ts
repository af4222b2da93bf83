import {
  deepStrictEqual,
  notDeepStrictEqual,
  throws,
} from "node:assert/strict";
import fc from "fast-check";
import { sampleOrder } from "../../../lib/train/sample_order.ts";

const numbers = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => from + i);

Deno.test("sampleOrder goes through the whole set before any sample comes again", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 30 }),
      fc.nat(100),
      (batchSize, count, seed) => {
        const order = sampleOrder({ seed, batchSize, sets: [numbers(count)] });
        const drawn = numbers(count).flatMap((t) => order(t));
        for (let pass = 0; pass < batchSize; pass++) {
          const part = drawn.slice(pass * count, (pass + 1) * count);
          deepStrictEqual(part.toSorted((a, b) => a - b), numbers(count));
        }
      },
    ),
    { seed: 1 },
  );
});

Deno.test("sampleOrder is the same wherever it begins", () => {
  const open = () =>
    sampleOrder({ seed: 5, batchSize: 4, sets: [numbers(11), numbers(3, 20)] });
  const whole = open();
  const all = numbers(40).map((t) => whole(t));
  const resumed = open();
  deepStrictEqual(resumed(27), all[27]);
  deepStrictEqual(resumed(3), all[3]);
  deepStrictEqual(numbers(13, 27).map((t) => resumed(t)), all.slice(27));
});

Deno.test("sampleOrder shuffles each pass in its own way, each seed too", () => {
  const order = sampleOrder({ seed: 1, batchSize: 20, sets: [numbers(20)] });
  notDeepStrictEqual(order(0), order(1));
  const other = sampleOrder({ seed: 2, batchSize: 20, sets: [numbers(20)] });
  notDeepStrictEqual(order(0), other(0));
});

Deno.test("sampleOrder takes every other sample of a mini-batch from either set", () => {
  const sets = [numbers(2), numbers(9, 100)];
  const even = sampleOrder({ seed: 1, batchSize: 4, sets });
  const odd = sampleOrder({ seed: 1, batchSize: 5, sets });
  for (const t of numbers(10)) {
    deepStrictEqual(even(t).map((i) => i < 100), [true, false, true, false]);
    deepStrictEqual(odd(t).filter((i) => i >= 100).length, 2);
  }
  const drawn = numbers(9).flatMap((t) => even(t)).filter((i) => i >= 100);
  deepStrictEqual(drawn.slice(0, 9).toSorted(), numbers(9, 100));
});

Deno.test("sampleOrder refuses sets without samples or slots", () => {
  throws(() => sampleOrder({ seed: 1, batchSize: 4, sets: [[0], []] }), {
    name: "RangeError",
    message: "Cannot order samples as one or two sets must each have samples " +
      "and a slot of the mini-batch: 4 slots, sets of 1 and 0 samples",
  });
  throws(() => sampleOrder({ seed: 1, batchSize: 1, sets: [[0], [1]] }));
  throws(() => sampleOrder({ seed: 1, batchSize: 0, sets: [[0]] }));
  throws(() => sampleOrder({ seed: 1, batchSize: 1, sets: [] }));
});
