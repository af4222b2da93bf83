import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { seededRandom } from "../../lib/random.ts";

const anySeed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

function firstDraws(seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: 4 }, () => random.uniform());
}

Deno.test("seededRandom gives one stream for one seed", () => {
  fc.assert(fc.property(anySeed, (seed) => {
    deepStrictEqual(firstDraws(seed), firstDraws(seed));
  }));
});

Deno.test("seededRandom gives unlike streams for unlike seeds", () => {
  const seeds = [...Array(1000).keys(), 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1];
  const streams = new Set(seeds.map((seed) => firstDraws(seed).join()));
  strictEqual(streams.size, seeds.length);
});

Deno.test("seededRandom starts well from small seeds, 0 too", () => {
  const first = [...Array(1000).keys()].map((seed) => firstDraws(seed)[0]!);
  const mean = first.reduce((sum, value) => sum + value, 0) / first.length;
  ok(Math.abs(mean - 0.5) < 0.03, `${mean}`);
  ok(first[0]! > 0.01 && first[0]! < 0.99, `${first[0]}`);
});

Deno.test("seededRandom refuses what is no whole number of 32 bits", () => {
  for (const seed of [-1, 1.5, 2 ** 32, 2 ** 32 + 1, NaN, Infinity]) {
    throws(() => seededRandom(seed), {
      name: "RangeError",
      message: "Cannot seed random numbers as a seed must be a whole number " +
        `from 0 to 4294967295: ${seed}`,
    });
  }
});

Deno.test("Random.split depends on seed and name, not on what was drawn", () => {
  fc.assert(fc.property(anySeed, fc.string(), (seed, name) => {
    const used = seededRandom(seed);
    used.normal();
    const fresh = seededRandom(seed);
    strictEqual(used.split(name).uniform(), fresh.split(name).uniform());
  }));
  const random = seededRandom(1);
  ok(random.split("a").uniform() !== random.split("b").uniform());
});

Deno.test("Random.below stays under its count", () => {
  fc.assert(fc.property(anySeed, fc.integer({ min: 1 }), (seed, count) => {
    const value = seededRandom(seed).below(count);
    ok(Number.isInteger(value) && value >= 0 && value < count);
  }));
});

Deno.test("Random.normal has mean 0 and standard deviation 1", () => {
  const random = seededRandom(1);
  const draws = Array.from({ length: 10_000 }, () => random.normal());
  const sum = draws.reduce((total, value) => total + value, 0);
  const squares = draws.reduce((total, value) => total + value * value, 0);
  ok(Math.abs(sum / draws.length) < 0.04);
  ok(Math.abs(squares / draws.length - 1) < 0.05);
});
