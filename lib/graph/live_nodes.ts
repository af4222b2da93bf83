/**
 * Which nodes of a graph must run.
 *
 * @module
 */
import type { Graph } from "./graph.ts";
import type { Node, Value } from "./value.ts";

/** A graph, as far as {@link liveNodes} needs it. */
export type LiveGraph = Pick<Graph, "nodes" | "outputs">;

/**
 * The nodes that outputs depend on, in the order of the graph. Others were
 * added on the way, as gradients nobody asked for, and are not to be run.
 *
 * @example
 * ```ts
 * import { Graph } from "./graph.ts";
 * import { liveNodes } from "./live_nodes.ts";
 * import { exp, log } from "./operators/arithmetic.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const x = graph.input("x", "float32", [2]);
 * exp(x);
 * graph.output("y", log(x));
 * deepStrictEqual(liveNodes(graph).map(({ name }) => name), ["Log"]);
 * ```
 */
export function liveNodes(graph: LiveGraph): Node[] {
  const needed = new Set<Value>(graph.outputs.values());
  return graph.nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some((output) => needed.has(output))) return false;
    for (const input of inputs) needed.add(input);
    return true;
  }).reverse();
}
