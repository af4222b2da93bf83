import { deepStrictEqual, rejects } from "node:assert/strict";
import { turnstile } from "../../../../lib/crf/gpu/_turnstile.ts";

Deno.test("turnstile lets so many in at once, in order, whatever they throw", async () => {
  const enter = turnstile(2);
  const events: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) =>
    enter(async () => {
      events.push(`${name} in`);
      await new Promise<void>((resolve) => ends.push(resolve));
      events.push(`${name} out`);
      if (name === "b") throw new Error("b broke");
      return name;
    });
  const all = ["a", "b", "c", "d"].map(work);
  deepStrictEqual(events, ["a in", "b in"]);
  ends[1]!();
  await rejects(all[1]!, { message: "b broke" });
  await Promise.resolve();
  deepStrictEqual(events.slice(2), ["b out", "c in"]);
  ends[0]!();
  deepStrictEqual(await all[0], "a");
  await Promise.resolve();
  deepStrictEqual(events.slice(4), ["a out", "d in"]);
  for (const end of ends) end();
  deepStrictEqual(await Promise.all([all[2], all[3]]), ["c", "d"]);
});
