/** What a worker process keeps from one job to the next, and what it must not. */
import { rejects, strictEqual } from "node:assert/strict";
import { FlushQueue, MAX_PENDING } from "../../../pipeline/run/flush_queue.ts";

Deno.test("FlushQueue calls no more flushes at once than it may", async () => {
  await using queue = new FlushQueue();
  let running = 0;
  let most = 0;
  let ended = 0;
  const flush = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running--;
    ended++;
  };
  await Promise.all(Array.from({ length: 1000 }, () => queue.add(flush)));
  await queue.end();
  strictEqual(most, MAX_PENDING);
  strictEqual(ended, 1000);
});

Deno.test("FlushQueue ends with the first error and calls no more", async () => {
  await using queue = new FlushQueue();
  let calls = 0;
  const flush = () => {
    calls++;
    return Promise.reject(new RangeError("The disk is full"));
  };
  const adds = Array.from({ length: 1000 }, () => queue.add(flush));
  await Promise.allSettled(adds);
  await rejects(queue.end(), { message: "The disk is full" });
  strictEqual(calls, MAX_PENDING);
});
