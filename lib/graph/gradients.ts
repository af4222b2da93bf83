/**
 * Reverse-mode differentiation: adds the nodes of a graph's gradients to it.
 *
 * From the last node to the first, the gradient of what a node gives becomes
 * those of what it takes, by its operator's rule of `gradients/rules.ts`; those
 * of a value that several nodes take add up.
 *
 * @module
 */
import { RULES } from "./gradients/rules.ts";
import { add } from "./operators/arithmetic.ts";
import {
  elementCount,
  formatType,
  isSameShape,
  type Node,
  type OpenGraph,
  type Value,
} from "./value.ts";

/**
 * The gradients ∂loss/∂x of values, in their order; each has its value's shape.
 *
 * @throws {RangeError} When the loss is not one number, or does not depend on
 *   one of the values.
 *
 * @example
 * ```ts
 * import { Graph } from "./graph.ts";
 * import { gradients } from "./gradients.ts";
 * import { mul } from "./operators/arithmetic.ts";
 *
 * const graph = new Graph("square");
 * const x = graph.parameter("x", []);
 * const [slope] = gradients(mul(x, x), [x]);
 * graph.output("slope", slope!);
 * ```
 */
export function gradients(loss: Value, by: readonly Value[]): Value[] {
  const { graph } = loss;
  if (elementCount(loss.shape) !== 1 || loss.type !== "float32") {
    throw new RangeError(
      `Cannot differentiate "${loss.name}" as a loss must be one float32 ` +
        `number: ${formatType(loss)}`,
    );
  }
  const one = graph.constant(Float32Array.of(1), loss.shape);
  const known = new Map<Value, Value>([[loss, one]]);
  const needed = dependants(graph, by);
  graph.scope("gradient", () => {
    for (const node of graph.nodes.toReversed()) {
      const outer = known.get(node.outputs[0]!);
      if (outer === undefined) continue;
      graph.scope(node.name, () => backward(node, { outer, known, needed }));
    }
  });
  return by.map((value) => {
    const gradient = known.get(value);
    if (gradient !== undefined) return gradient;
    throw new RangeError(
      `Cannot differentiate "${loss.name}" as it must depend on "${value.name}"`,
    );
  });
}

/** All values that gradients reach one of `by` from, these included. */
function dependants(graph: OpenGraph, by: readonly Value[]): Set<Value> {
  const found = new Set(by);
  for (const { operator, inputs, outputs } of graph.nodes) {
    if (!RULES.has(operator)) continue;
    if (!inputs.some((input) => found.has(input))) continue;
    for (const output of outputs) found.add(output);
  }
  return found;
}

/** Adds the gradients of a node's inputs to those known. */
function backward(
  node: Node,
  { outer, known, needed }: {
    outer: Value;
    known: Map<Value, Value>;
    needed: ReadonlySet<Value>;
  },
): void {
  const makers = RULES.get(node.operator)?.(node, outer) ?? [];
  for (const [i, input] of node.inputs.entries()) {
    if (!needed.has(input)) continue;
    const gradient = makers[i]?.();
    if (gradient === undefined) continue;
    if (!isSameShape(gradient.shape, input.shape)) {
      throw new Error(
        `Internal error: the gradient of "${input.name}" in "${node.name}" is ` +
          `${formatType(gradient)}, not ${formatType(input)}`,
      );
    }
    const sum = known.get(input);
    known.set(input, sum === undefined ? gradient : add(sum, gradient));
  }
}
