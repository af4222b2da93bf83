/**
 * Compares gradients with central finite differences, in float64.
 */
import { ok } from "node:assert/strict";
import { Graph } from "../../../lib/graph/graph.ts";
import { gradients } from "../../../lib/graph/gradients.ts";
import { mul } from "../../../lib/graph/operators/arithmetic.ts";
import { reduceSum } from "../../../lib/graph/operators/reduction.ts";
import { reshape } from "../../../lib/graph/operators/shape.ts";
import {
  elementCount,
  type Shape,
  type Value,
} from "../../../lib/graph/value.ts";
import { seededRandom } from "../../../lib/random.ts";
import { evaluate } from "./reference.ts";

/** Inputs by name: shapes, and numbers where random ones would not do. */
export type Inputs = Readonly<
  Record<string, Shape | { shape: Shape; data: readonly number[] }>
>;

/** So far an input moves to either side. */
const STEP = 1e-5;

/**
 * Checks ∂loss/∂x for each input x of a function, where the loss is the sum of
 * its result weighed by random numbers, element by element.
 *
 * @param make The function: adds nodes to the inputs' graph.
 */
export function assertGradients(
  inputs: Inputs,
  make: (values: Record<string, Value>) => Value,
): void {
  const feeds = feedsOf(inputs);
  const { graph, values, loss } = lossOf(inputs, make);
  const slopes = gradients(loss, Object.values(values));
  for (const [i, name] of Object.keys(values).entries()) {
    graph.output(`gradient:${name}`, slopes[i]!);
  }
  const found = evaluate(graph, feeds);
  const plain = lossOf(inputs, make).graph;
  const lossAt = (moved: typeof feeds) => evaluate(plain, moved).loss![0]!;
  for (const [name, numbers] of Object.entries(feeds)) {
    for (const [i, number] of numbers.entries()) {
      const after = lossAt({
        ...feeds,
        [name]: numbers.with(i, number + STEP),
      });
      const before = lossAt({
        ...feeds,
        [name]: numbers.with(i, number - STEP),
      });
      const difference = (after - before) / (2 * STEP);
      const gradient = found[`gradient:${name}`]![i]!;
      ok(
        Math.abs(gradient - difference) <= 1e-8 * (1 + Math.abs(difference)),
        `∂loss/∂${name}[${i}] is ${gradient}, by differences ${difference}`,
      );
    }
  }
}

/** A function's result, element by element. */
export function resultsOf(
  inputs: Inputs,
  make: (values: Record<string, Value>) => Value,
): number[] {
  const { graph, result } = resultOf(inputs, make);
  graph.output("result", result);
  return Array.from(evaluate(graph, feedsOf(inputs)).result!);
}

/** The gradients by inputs of the sum of a function's result. */
export function gradientsOfSum(
  inputs: Inputs,
  make: (values: Record<string, Value>) => Value,
): Record<string, number[]> {
  const { graph, values, result } = resultOf(inputs, make);
  const slopes = gradients(total(result), Object.values(values));
  for (const [i, name] of Object.keys(values).entries()) {
    graph.output(name, slopes[i]!);
  }
  return Object.fromEntries(
    Object.entries(evaluate(graph, feedsOf(inputs)))
      .map(([name, data]) => [name, Array.from(data)]),
  );
}

function resultOf(
  inputs: Inputs,
  make: (values: Record<string, Value>) => Value,
) {
  const graph = new Graph("example");
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => {
      const shape = "shape" in input ? input.shape : input;
      return [name, graph.parameter(name, shape)];
    }),
  );
  return { graph, values, result: make(values) };
}

function lossOf(
  inputs: Inputs,
  make: (values: Record<string, Value>) => Value,
) {
  const { graph, values, result } = resultOf(inputs, make);
  const weights = graph.constant(
    Float32Array.from(randomNumbers(elementCount(result.shape), 2)),
    result.shape,
  );
  const loss = total(mul(result, weights));
  graph.output("loss", loss);
  return { graph, values, loss };
}

function total(x: Value): Value {
  return reduceSum(reshape(x, [elementCount(x.shape)]), [0]);
}

/** The numbers given, random ones where none are. */
function feedsOf(inputs: Inputs): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input], i) => [
      name,
      "shape" in input
        ? [...input.data]
        : randomNumbers(elementCount(input), 100 + i),
    ]),
  );
}

/** Numbers in ±1, unlike each other. */
export function randomNumbers(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => 2 * random.uniform() - 1);
}
