/**
 * Every engine against the float64 interpreter: each primitive operator, and
 * the gradients of a network.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import type { Engine } from "../../../lib/engine/engine.ts";
import { KERNELS } from "../../../lib/engine/tfjs_kernels.ts";
import type { TensorData } from "../../../lib/graph/tensor_type.ts";
import { evaluate } from "../graph/reference.ts";
import { candidates, testEach } from "./engines.ts";
import { type FedGraph, primitiveGraph } from "./primitive_graph.ts";

const ALL = await candidates();
const PRIMITIVES = primitiveGraph();

/** Of the largest number of a tensor: what float32 and its sums may lose. */
const TOLERANCE = 1e-5;

/** Runs a graph once. */
async function runOn(engine: Engine, { graph, feeds }: FedGraph) {
  const program = await engine.compile(graph);
  try {
    return await program.run(feeds);
  } finally {
    await program.dispose();
  }
}

/** How far two tensors are apart, in parts of the largest expected number. */
function distance(found: TensorData, expected: Float64Array): number {
  const scale = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  // NaN, where there is any, stays.
  return expected.reduce((most, x, i) => {
    const error = Math.abs(Number(found[i]) - x) / scale;
    return error <= most ? most : error;
  }, 0);
}

function assertClose(
  found: Readonly<Record<string, TensorData>>,
  expected: Readonly<Record<string, Float64Array>>,
): void {
  deepStrictEqual(Object.keys(found).sort(), Object.keys(expected).sort());
  const wrong = Object.entries(expected).flatMap(([name, numbers]) => {
    const error = distance(found[name]!, numbers);
    return error <= TOLERANCE ? [] : [`${name}: ${error}`];
  });
  deepStrictEqual(wrong, []);
}

function numbersOf({ feeds }: FedGraph): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(feeds).map((
      [name, data],
    ) => [name, Array.from(data, Number)]),
  );
}

Deno.test("the graph of primitives has all that engines are asked for", () => {
  const used = new Set(
    PRIMITIVES.graph.nodes.map(({ operator }) => operator.name),
  );
  deepStrictEqual([...KERNELS.keys()].filter((name) => !used.has(name)), []);
  ok(used.size >= 30);
});

testEach(
  ALL,
  "runs every primitive as the interpreter does",
  async (engine) => {
    const expected = evaluate(PRIMITIVES.graph, numbersOf(PRIMITIVES));
    assertClose(await runOn(engine, PRIMITIVES), expected);
  },
);
