import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import * as fc from "fast-check";
import { inOrder } from "../../../lib/crf/in_order.ts";

const { signal: NEVER } = new AbortController();

/** Lets all that is ready happen. */
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

/** A source that counts what was taken of it, and notes that it was closed. */
function counted(length: number) {
  const source = {
    taken: 0,
    isClosed: false,
    async *[Symbol.asyncIterator]() {
      try {
        for (let item = 0; item < length; item++) {
          source.taken++;
          yield item;
        }
      } finally {
        source.isClosed = true;
      }
    },
  };
  return source;
}

/** Work that ends when told to, in any order. */
function manualWork() {
  const open = new Map<number, PromiseWithResolvers<number>>();
  return {
    open,
    work(item: number): Promise<number> {
      const result = Promise.withResolvers<number>();
      open.set(item, result);
      return result.promise;
    },
    finish(item: number) {
      open.get(item)!.resolve(10 * item);
      open.delete(item);
    },
  };
}

Deno.test("inOrder keeps the order, whoever is done first, for any limit", async () => {
  const turns = fc.array(fc.nat(9), { maxLength: 12 });
  const limits = fc.integer({ min: 1, max: 5 });
  const work = async (count: number, index: number) => {
    for (let i = 0; i < count; i++) await Promise.resolve();
    return [count, index];
  };
  await fc.assert(fc.asyncProperty(turns, limits, async (items, limit) => {
    const expected = items.map((item, index) => [item, index]);
    const options = { limit, signal: NEVER };
    deepStrictEqual(
      await Array.fromAsync(inOrder(items, work, options)),
      expected,
    );
  }));
});

Deno.test("inOrder holds no more items than its limit, a slow user's too", async () => {
  const source = counted(9);
  const { open, work, finish } = manualWork();
  const results = inOrder(source, work, { limit: 3, signal: NEVER });
  strictEqual(source.taken, 0);
  const first = results.next();
  await settled();
  deepStrictEqual([...open.keys()], [0, 1, 2]);
  finish(1);
  finish(2);
  await settled();
  strictEqual(source.taken, 3, "0 is not done, so 1 and 2 are held");
  finish(0);
  strictEqual((await first).value, 0);
  await settled();
  // The user is busy with 0 for as long as may be: one more is begun.
  strictEqual(source.taken, 4);
  finish(3);
  await settled();
  strictEqual(source.taken, 4);
  await results.return();
});

Deno.test("inOrder goes on with work while a result is used", async () => {
  const { open, work, finish } = manualWork();
  const slow = async function* () {
    for (let item = 0; item < 3; item++) {
      await settled();
      yield item;
    }
  };
  const results = inOrder(slow(), work, { limit: 4, signal: NEVER });
  const first = results.next();
  while (!open.has(0)) await settled();
  finish(0);
  await first;
  for (let i = 0; i < 9; i++) await settled();
  deepStrictEqual([...open.keys()], [1, 2]);
  await results.return();
});

Deno.test("inOrder hands over all before a failure, then closes the source", async () => {
  const source = counted(9);
  const seen: number[] = [];
  const work = (item: number) =>
    item === 2 ? Promise.reject(new RangeError("two")) : Promise.resolve(item);
  await rejects(async () => {
    const options = { limit: 5, signal: NEVER };
    for await (const item of inOrder(source, work, options)) seen.push(item);
  }, { name: "RangeError", message: "two" });
  await settled();
  deepStrictEqual(seen, [0, 1]);
  ok(source.isClosed);
});

Deno.test("inOrder throws what the source throws, in its turn", async () => {
  const seen: number[] = [];
  const broken = function* () {
    yield 1;
    throw new Error("disk");
  };
  await rejects(async () => {
    const work = (item: number) => Promise.resolve(item);
    const options = { limit: 5, signal: NEVER };
    for await (const item of inOrder(broken(), work, options)) seen.push(item);
  }, { message: "disk" });
  deepStrictEqual(seen, [1]);
});

Deno.test("inOrder takes nothing more when its user leaves", async () => {
  const source = counted(9);
  const work = (item: number) => Promise.resolve(item);
  for await (const _ of inOrder(source, work, { limit: 2, signal: NEVER })) {
    break;
  }
  await settled();
  ok(source.isClosed);
  ok(source.taken <= 3, `${source.taken}`);
});

Deno.test("inOrder ends with the signal, though the source says nothing", async () => {
  const abort = new AbortController();
  const silent = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<IteratorResult<number>>(() => {}),
    }),
  };
  const work = (item: number) => Promise.resolve(item);
  const results = inOrder(silent, work, { limit: 2, signal: abort.signal });
  const first = results.next();
  await settled();
  abort.abort(new Error("stop"));
  await rejects(first, { message: "stop" });
});

Deno.test("inOrder hands over what is waited for when work heeds no signal", async () => {
  const abort = new AbortController();
  const source = counted(9);
  const { promise, resolve } = Promise.withResolvers<string>();
  const options = { limit: 1, signal: abort.signal };
  const results = inOrder(source, () => promise, options);
  const first = results.next();
  await settled();
  abort.abort(new Error("stop"));
  resolve("done");
  deepStrictEqual(await first, { done: false, value: "done" });
  await rejects(results.next(), { message: "stop" });
  await settled();
  ok(source.isClosed);
});

Deno.test("inOrder takes nothing when the signal has aborted before", async () => {
  const source = counted(3);
  const signal = AbortSignal.abort(new Error("stop"));
  const work = (item: number) => Promise.resolve(item);
  await rejects(
    inOrder(source, work, { limit: 2, signal }).next(),
    { message: "stop" },
  );
  strictEqual(source.taken, 0);
});
