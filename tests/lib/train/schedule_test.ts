import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { learningRate } from "../../../lib/train/schedule.ts";

Deno.test("learningRate falls tenfold every so many iterations", () => {
  const schedule = { kind: "step", rate: 0.001, every: 3000 } as const;
  deepStrictEqual(
    [0, 2999, 3000, 5999, 6000, 9000].map((t) => learningRate(schedule, t)),
    [1e-3, 1e-3, 1e-4, 1e-4, 1e-5, 1e-6],
  );
});

Deno.test("learningRate can begin anew", () => {
  const schedule = {
    kind: "step",
    rate: 1,
    every: 3,
    factor: 2,
    restartEvery: 5,
  } as const;
  deepStrictEqual(
    [0, 2, 3, 4, 5, 7, 8, 9, 10].map((t) => learningRate(schedule, t)),
    [1, 1, 0.5, 0.5, 1, 1, 0.5, 0.5, 1],
  );
});

Deno.test("learningRate falls by a power to 0 at the end", () => {
  const schedule = { kind: "poly", rate: 2.5e-4, iterations: 20000 } as const;
  strictEqual(learningRate(schedule, 0), 2.5e-4);
  strictEqual(learningRate(schedule, 10000), 2.5e-4 * 0.5 ** 0.9);
  strictEqual(learningRate(schedule, 20000), 0);
  strictEqual(learningRate({ ...schedule, power: 1 }, 5000), 2.5e-4 * 0.75);
});

Deno.test("learningRate refuses numbers out of range", () => {
  const step = { kind: "step", rate: 1, every: 3 } as const;
  throws(() => learningRate(step, -1), {
    name: "RangeError",
    message: "Cannot tell a learning rate as iteration must be in the " +
      "schedule's range: -1",
  });
  throws(() => learningRate({ ...step, rate: NaN }, 0), /as rate must/);
  throws(() => learningRate({ ...step, every: 0 }, 0), /as every must/);
  const poly = { kind: "poly", rate: 1, iterations: 5 } as const;
  throws(() => learningRate(poly, 6), /as iteration must/);
});
