/**
 * How results of engines are held against the float64 interpreter.
 */
import { deepStrictEqual } from "node:assert/strict";
import type { Engine } from "../../../lib/engine/engine.ts";
import type { TensorData } from "../../../lib/graph/tensor_type.ts";
import type { FedGraph } from "./primitive_graph.ts";

/** Of the largest number of a tensor: what float32 and its sums may lose. */
export const TOLERANCE = 1e-5;

/** Stands for the largest number of a tensor of zeros. */
const LEAST_SCALE = 1e-30;

/** Runs a graph once. */
export async function runOn(engine: Engine, { graph, feeds }: FedGraph) {
  const program = await engine.compile(graph);
  try {
    return await program.run(feeds);
  } finally {
    await program.dispose();
  }
}

/** How far two tensors are apart, in parts of the largest expected number. */
export function distance(found: TensorData, expected: Float64Array): number {
  const scale = expected.reduce(
    (most, x) => Math.max(most, Math.abs(x)),
    LEAST_SCALE,
  );
  // NaN, where there is any, stays.
  return expected.reduce((most, x, i) => {
    const error = Math.abs(Number(found[i]) - x) / scale;
    return error <= most ? most : error;
  }, 0);
}

/** Throws unless both have the same tensors, close to each other; names others. */
export function assertClose(
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

/** The feeds as the interpreter takes them. */
export function numbersOf({ feeds }: FedGraph): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(feeds).map((
      [name, data],
    ) => [name, Array.from(data, Number)]),
  );
}
