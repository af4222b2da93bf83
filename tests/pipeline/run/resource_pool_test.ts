import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ResourcePool } from "../../../pipeline/run/resource_pool.ts";
import { UnitQueue } from "../../../pipeline/run/unit_queue.ts";
import type { WorkUnit } from "../../../pipeline/run/work_unit.ts";
import type { Resources } from "../../../pipeline/workflow/workflow.ts";

function need(
  cpus: number | "all",
  memoryBytes: number | null = null,
  gpu = 0,
) {
  return { cpus, memoryBytes, gpu, timeMs: null };
}

function pool(): ResourcePool {
  return new ResourcePool({ cpus: 4, memoryBytes: 100, gpu: 1 });
}

Deno.test("ResourcePool never hands out more than there is", () => {
  const free = pool();
  strictEqual(free.tryTake(need(3)), true);
  strictEqual(free.tryTake(need(2)), false);
  strictEqual(free.tryTake(need(1, 100)), true);
  free.giveBack(need(3));
  strictEqual(free.tryTake(need(1, 1)), false);
  strictEqual(free.tryTake(need(1, null, 1)), true);
  strictEqual(free.tryTake(need(1, null, 1)), false);
  free.giveBack(need(1, 100));
  strictEqual(free.tryTake(need(3, 100)), true);
});

Deno.test("ResourcePool says what is more than it ever has", () => {
  const free = pool();
  strictEqual(free.excessOf(need(4, 100, 1)), null);
  strictEqual(free.excessOf(need(5)), "5 cpus of 4");
  strictEqual(free.excessOf(need(1, null, 2)), "2 gpu of 1");
  strictEqual(free.excessOf(need(1, 101)), "101 bytes of memory of 100");
});

/** A unit of a step with this id and these needs. */
function unit(id: string, resources: Resources): WorkUnit {
  return { step: { id, resources } } as WorkUnit;
}

const all = () => true;

Deno.test("UnitQueue gives out the unit that waited longest of those that fit", () => {
  const queue = new UnitQueue();
  const free = pool();
  queue.push(unit("large", need(4)));
  queue.push(unit("small", need(1)));
  queue.push(unit("large too", need(4)));
  queue.push(unit("small too", need(1)));
  const take = () => queue.take(free, all)?.step.id ?? null;
  strictEqual(take(), "large");
  strictEqual(take(), null);
  free.giveBack(need(4));
  deepStrictEqual([take(), take(), take()], ["small", "small too", null]);
  free.giveBack(need(1));
  free.giveBack(need(1));
  deepStrictEqual([take(), take()], ["large too", null]);
});

Deno.test("UnitQueue drops units that are not wanted any more", () => {
  const queue = new UnitQueue();
  for (const id of ["a", "b", "a"]) queue.push(unit(id, need(1)));
  const isWanted = ({ step }: WorkUnit) => step.id !== "a";
  strictEqual(queue.take(pool(), isWanted)?.step.id, "b");
  strictEqual(queue.take(pool(), isWanted), null);
  queue.push(unit("c", need(1)));
  queue.clear();
  strictEqual(queue.take(pool(), all), null);
});

Deno.test("ResourcePool gives a step that asks for all cores those there are", () => {
  const free = pool();
  strictEqual(free.cpusOf(need("all")), 4);
  strictEqual(free.excessOf(need("all")), null);
  strictEqual(free.tryTake(need("all")), true);
  strictEqual(free.tryTake(need(1)), false);
  free.giveBack(need("all"));
  strictEqual(free.tryTake(need(4)), true);
});
