/**
 * Reverse-mode differentiation: adds the nodes of a graph's gradients to it.
 *
 * @module
 */
import type { Graph, Node } from "./graph.ts";
import { add } from "./operators/arithmetic.ts";
import { elementCount, formatType, isSameShape, type Value } from "./value.ts";

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
    for (const node of [...graph.nodes].reverse()) {
      if (node.outputs.some((output) => known.has(output))) {
        backward(node, known, needed);
      }
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

/** All values that depend on one of `by`, themselves included. */
function dependants(graph: Graph, by: readonly Value[]): Set<Value> {
  const found = new Set(by);
  for (const node of graph.nodes) {
    if (!node.inputs.some((input) => found.has(input))) continue;
    for (const output of node.outputs) found.add(output);
  }
  return found;
}

/** Adds the gradients of a node's inputs to those known. */
function backward(
  node: Node,
  known: Map<Value, Value>,
  needed: ReadonlySet<Value>,
): void {
  const { operator, inputs, outputs } = node;
  if (operator.gradient === undefined) return;
  if (!inputs.some((input) => needed.has(input))) return;
  const outer = outputs.map((output) => known.get(output) ?? null);
  const inner = node.inputs[0]!.graph.scope(
    node.name,
    () => operator.gradient!(node, outer),
  );
  for (const [i, input] of inputs.entries()) {
    const gradient = inner[i] ?? null;
    if (gradient === null || !needed.has(input)) continue;
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
