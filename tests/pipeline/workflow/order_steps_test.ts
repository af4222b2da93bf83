import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { orderNames } from "../../../pipeline/workflow/order_steps.ts";
import { workflowFrom } from "./load_text.ts";

function order(needs: Record<string, string[]>) {
  return orderNames(Object.keys(needs), new Map(Object.entries(needs)));
}

Deno.test("orderNames keeps the order of the file where it can", () => {
  deepStrictEqual(order({ a: [], b: ["a"], c: [] }).names, ["a", "b", "c"]);
});

Deno.test("orderNames puts what is needed right before", () => {
  deepStrictEqual(order({ a: ["c"], b: [], c: [] }).names, ["c", "a", "b"]);
});

Deno.test("orderNames shows whole cycles, each once", () => {
  deepStrictEqual(
    order({ a: ["b"], b: ["c"], c: ["a"], d: ["d"], e: ["a"] }).cycles,
    [["a", "b", "c", "a"], ["d", "d"]],
  );
});

/** Needs among numbered names, each needing some of those in `mayNeed`. */
function needs(mayNeed: (i: number) => number) {
  return fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 30 }).map(
    (rows) =>
      Object.fromEntries(rows.map((row, i) => [
        `s${i}`,
        mayNeed(i) === 0 ? [] : row.map((n) => `s${n % mayNeed(i)}`),
      ])),
  );
}

Deno.test("orderNames puts each name after all it needs", () => {
  const shuffled = needs((i) => i).chain((graph) =>
    fc.shuffledSubarray(Object.entries(graph), {
      minLength: Object.keys(graph).length,
    }).map((entries) => Object.fromEntries(entries))
  );
  fc.assert(fc.property(shuffled, (graph) => {
    const { names, cycles } = order(graph);
    deepStrictEqual(cycles, []);
    strictEqual(names.length, Object.keys(graph).length);
    for (const [name, needed] of Object.entries(graph)) {
      for (const other of needed) {
        ok(names.indexOf(other) < names.indexOf(name));
      }
    }
  }));
});

Deno.test("orderNames leaves an order alone that is right already", () => {
  fc.assert(fc.property(needs((i) => i), (graph) => {
    deepStrictEqual(order(graph).names, Object.keys(graph));
  }));
});

Deno.test("orderNames gives cycles that are in the graph", () => {
  fc.assert(fc.property(needs(() => 5), (graph) => {
    for (const cycle of order(graph).cycles) {
      strictEqual(cycle[0], cycle.at(-1));
      for (const [i, name] of cycle.slice(0, -1).entries()) {
        ok(graph[name]?.includes(cycle[i + 1] as string));
      }
    }
  }));
});

const CHAIN = `workflow: w
targets: [TARGETS]
steps:
  a: { stage: make_number, params: { value: 1 }, matrix: { k: [1, 2] } }
  b: { stage: add_numbers, matrix: { k: [1, 2] }, inputs: { left: a.number } }
  c: { stage: sum_numbers, inputs: { numbers: b.number } }
  d: { stage: make_number, params: { value: 1 } }
`;

async function idsFor(targets: string): Promise<string[]> {
  const { steps } = await workflowFrom(CHAIN.replace("TARGETS", targets));
  return steps.map(({ id }) => id);
}

Deno.test("targets keep what they need, and only that", async () => {
  deepStrictEqual(await idsFor("c"), [
    "a[k=1]",
    "a[k=2]",
    "b[k=1]",
    "b[k=2]",
    "c",
  ]);
  deepStrictEqual(await idsFor("d, 'b[k=2]'"), ["a[k=2]", "b[k=2]", "d"]);
  deepStrictEqual(await idsFor("b"), ["a[k=1]", "a[k=2]", "b[k=1]", "b[k=2]"]);
});
