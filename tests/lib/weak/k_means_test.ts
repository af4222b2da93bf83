import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { kMeans, nearestCentre } from "../../../lib/weak/k_means.ts";
import { seededRandom } from "../../../lib/random.ts";

function clusterLine(points: number[], clusterCount: number, seed = 1) {
  return kMeans(Float64Array.from(points), {
    dimension: 1,
    clusterCount,
    restarts: 10,
    random: seededRandom(seed),
  });
}

/** Least cost of any way to cut sorted numbers into k runs. */
function leastCost(sorted: number[], clusterCount: number): number {
  const costOf = (run: number[]) => {
    const mean = run.reduce((a, b) => a + b, 0) / run.length;
    return run.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  };
  if (clusterCount === 1) return costOf(sorted);
  return Math.min(
    ...sorted.map((_, cut) =>
      cut === 0 ? costOf(sorted) : costOf(sorted.slice(0, cut)) +
        leastCost(sorted.slice(cut), clusterCount - 1)
    ),
  );
}

Deno.test("kMeans finds the least cost on lines of a few points", () => {
  const points = fc.array(fc.integer({ min: 0, max: 50 }), {
    minLength: 1,
    maxLength: 9,
  });
  fc.assert(
    fc.property(points, fc.nat(), (points, seed) => {
      const sorted = points.toSorted((a, b) => a - b);
      const { cost } = clusterLine(points, 3, seed);
      ok(cost <= leastCost(sorted, 3) * 1.5 + 1e-9);
      ok(cost >= leastCost(sorted, 3) - 1e-9);
    }),
    { seed: 1 },
  );
});

Deno.test("kMeans puts each point into the cluster with the nearest centre", () => {
  const random = seededRandom(2);
  const points = Float64Array.from({ length: 200 }, () => random.normal());
  const { centres, assignments, cost } = kMeans(points, {
    dimension: 2,
    clusterCount: 4,
    restarts: 3,
    random,
  });
  let sum = 0;
  assignments.forEach((cluster, index) => {
    const nearest = nearestCentre(points, { index, centres, dimension: 2 });
    strictEqual(nearest.centre, cluster);
    sum += nearest.squared;
  });
  ok(Math.abs(sum - cost) < 1e-9);
});

Deno.test("kMeans keeps the best of its starts", () => {
  const random = seededRandom(3);
  const points = Float64Array.from({ length: 60 }, () => random.uniform());
  const options = { dimension: 1, clusterCount: 5, random };
  const costs = [1, 2, 5, 20].map((restarts) =>
    kMeans(points, { ...options, restarts }).cost
  );
  deepStrictEqual(costs, costs.toSorted((a, b) => b - a));
});

Deno.test("kMeans gives the same for the same seed, whatever was drawn", () => {
  const random = seededRandom(4);
  const options = { dimension: 1, clusterCount: 3, restarts: 2, random };
  const points = Float64Array.from({ length: 50 }, (_, i) => (i * 37) % 50);
  const first = kMeans(points, options);
  random.uniform();
  deepStrictEqual(kMeans(points, options), first);
});

Deno.test("kMeans uses fewer clusters where fewer points differ", () => {
  const { centres, assignments, cost } = clusterLine([4, 4, 7, 4], 3);
  deepStrictEqual([...centres].toSorted(), [4, 7]);
  deepStrictEqual(
    [...assignments].map((cluster) => centres[cluster]),
    [4, 4, 7, 4],
  );
  strictEqual(cost, 0);
});

Deno.test("kMeans refuses no points and no clusters", () => {
  throws(() => clusterLine([], 3), {
    name: "RangeError",
    message: "Cannot cluster points as there must be at least 1 with D " +
      "features: 0 features, D is 1",
  });
  throws(() => clusterLine([1], 0), {
    name: "RangeError",
    message: "Cannot cluster points as clusterCount must be a positive whole " +
      "number: 0",
  });
});
