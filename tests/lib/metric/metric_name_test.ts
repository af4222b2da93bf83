import { match, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { metricName } from "../../../lib/metric/metric_name.ts";

Deno.test("metricName keeps plain names and joins words by one underscore", () => {
  strictEqual(metricName("tvmonitor"), "tvmonitor");
  strictEqual(metricName("Dining  table"), "dining_table");
  strictEqual(metricName("n01440764 (tench)"), "n01440764_tench");
});

Deno.test("metricName keeps letters of any script", () => {
  strictEqual(metricName("猫"), "猫");
  strictEqual(metricName("Ökotyp 2"), "ökotyp_2");
  strictEqual(metricName("!?"), "_");
});

Deno.test("metricName can always be part of a metric's name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (name) => {
      match(metricName(name), /^[\p{L}\p{N}_]+$/u);
    }),
    { seed: 1 },
  );
});
