import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { seededRandom } from "../../../lib/random.ts";
import {
  pairedInterval,
  spreadOf,
  studentQuantile,
} from "../../../lib/report/seed_statistics.ts";

Deno.test("spreadOf divides by n − 1", () => {
  // Dividing by n would give 1.
  strictEqual(spreadOf([1, 3]).deviation, Math.SQRT2);
});

Deno.test("spreadOf refuses no runs", () => {
  throws(() => spreadOf([]), {
    name: "RangeError",
    message: "Cannot take the mean of runs as there must be at least one: 0",
  });
});

Deno.test("studentQuantile agrees with printed tables", () => {
  const printed = [[1, 12.706], [2, 4.303], [10, 2.228], [11, 2.201]]
    .concat([[12, 2.179], [15, 2.131], [20, 2.086], [60, 2.000], [1e6, 1.960]]);
  for (const [degrees, quantile] of printed) {
    ok(Math.abs(studentQuantile(degrees!) - quantile!) < 6e-4, `${degrees}`);
  }
});

Deno.test("pairedInterval of one difference tells nothing of chance", () => {
  deepStrictEqual(pairedInterval([0.5]), {
    mean: 0.5,
    low: null,
    high: null,
    count: 1,
  });
});

Deno.test("pairedInterval of equal differences is a point", () => {
  const { low, high } = pairedInterval([0.25, 0.25, 0.25]);
  deepStrictEqual([low, high], [0.25, 0.25]);
});

Deno.test("pairedInterval holds the true mean in 95 of 100 experiments", () => {
  const random = seededRandom(1);
  const experiments = Array.from({ length: 4000 }, () => {
    const differences = [1, 2, 3].map(() => 0.5 + random.normal());
    return pairedInterval(differences);
  });
  const inside = experiments
    .filter(({ low, high }) => low! <= 0.5 && high! >= 0.5);
  const share = inside.length / experiments.length;
  ok(Math.abs(share - 0.95) < 0.015, `${share}`);
});
