import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { RateMeter } from "../../../pipeline/run/rate_meter.ts";

function meterOf(...samples: [done: number, atSeconds: number][]): RateMeter {
  const meter = new RateMeter();
  for (const [done, atSeconds] of samples) meter.note(done, atSeconds);
  return meter;
}

Deno.test("RateMeter knows no rate before there is work", () => {
  strictEqual(meterOf().perSecond, null);
  strictEqual(meterOf([0, 0]).perSecond, null);
  strictEqual(meterOf([0, 0], [0, 50]).perSecond, null);
});

Deno.test("RateMeter counts from when the first item is begun", () => {
  // Fifty seconds to load, then an item each two seconds.
  strictEqual(meterOf([0, 0], [0, 50], [1, 52], [2, 54]).perSecond, 0.5);
});

Deno.test("RateMeter begins anew when a part of a step does", () => {
  const samples: [number, number][] = [[0, 0], [1, 1], [100, 100], [5, 101]];
  strictEqual(meterOf(...samples).perSecond, null);
  strictEqual(meterOf(...samples, [7, 102]).perSecond, 2);
});

Deno.test("RateMeter begins anew when a step does", () => {
  strictEqual(meterOf([0, 0], [9, 9], [0, 20], [4, 22]).perSecond, 2);
});

Deno.test("RateMeter follows a machine that becomes slower", () => {
  const meter = new RateMeter();
  let done = 0;
  for (let t = 0; t <= 600; t++) meter.note(done += 10, t);
  for (let t = 601; t <= 700; t++) meter.note(done += 1, t);
  strictEqual(meter.perSecond, 1); // 60 s ago it was slow already
});

Deno.test("RateMeter tells slow items by many of them", () => {
  const meter = new RateMeter();
  for (let i = 0; i <= 100; i++) meter.note(i, 40 * i + (i % 2 === 0 ? 0 : 30));
  // The last two alone would say one in 10 s or in 70 s.
  ok(Math.abs(meter.perSecond! - 1 / 40) < 0.002, `${meter.perSecond}`);
});

Deno.test("RateMeter is exact at a constant rate, however often it is told", () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 });
  fc.assert(fc.property(gaps, fc.integer({ min: 1, max: 9 }), (gaps, rate) => {
    const meter = meterOf([0, 7]);
    let t = 7;
    for (const gap of gaps) {
      t += gap;
      meter.note(rate * (t - 7), t);
    }
    strictEqual(meter.perSecond, rate);
  }));
});
