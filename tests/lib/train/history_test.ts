import { deepStrictEqual, throws } from "node:assert/strict";
import { finalMeans, type HistoryEntry } from "../../../lib/train/history.ts";

/** An entry that tells its number in each field. */
function entry(number: number): HistoryEntry {
  return {
    iteration: number,
    loss: number,
    maskLoss: 10 * number,
    learningRate: 0.1,
    keptShare: number / 100,
  };
}

function entries(count: number): HistoryEntry[] {
  return Array.from({ length: count }, (_, number) => entry(number));
}

Deno.test("finalMeans averages the last tenth, rounded up", () => {
  const last = (count: number) => finalMeans(entries(count)).loss;
  deepStrictEqual([1, 10, 11, 20, 21].map(last), [0, 9, 9.5, 18.5, 19]);
});

Deno.test("finalMeans averages losses and shares, each for itself", () => {
  deepStrictEqual(finalMeans([entry(3)]), {
    loss: 3,
    maskLoss: 30,
    keptShare: 0.03,
  });
});

Deno.test("finalMeans refuses a history without entries", () => {
  throws(() => finalMeans([]), {
    name: "RangeError",
    message: "Cannot average a history as it must have an entry: it is empty",
  });
});
