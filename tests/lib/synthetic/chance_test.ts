import { deepStrictEqual, ok, throws } from "node:assert/strict";
import { seededRandom } from "../../../lib/random.ts";
import { oneOf, pick, shuffled } from "../../../lib/synthetic/chance.ts";

Deno.test("pick chooses in proportion to the weights", () => {
  const random = seededRandom(1);
  const items = [{ weight: 1 }, { weight: 3 }];
  let heavy = 0;
  for (let i = 0; i < 4000; i++) {
    if (pick(random, items) === items[1]) heavy++;
  }
  ok(Math.abs(heavy / 4000 - 0.75) < 0.03);
});

Deno.test("oneOf says when there is nothing to choose from", () => {
  throws(() => oneOf(seededRandom(1), []), {
    message: "Cannot pick an item as there are none",
  });
});

Deno.test("shuffled finds every order of three about equally often", () => {
  const random = seededRandom(1);
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = shuffled(random, ["a", "b", "c"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  deepStrictEqual(counts.size, 6);
  for (const count of counts.values()) ok(Math.abs(count - 1000) < 130);
});
