/**
 * A graph rewritten to run in channel blocks on onnxruntime's native build:
 * what that does by itself for constant weights, for weights that are fed.
 *
 * @module
 */
import { Graph } from "../graph/graph.ts";
import { type LiveGraph, liveNodes } from "../graph/live_nodes.ts";
import { RELU } from "../graph/operators/activation.ts";
import { mul } from "../graph/operators/arithmetic.ts";
import { cast, WHERE } from "../graph/operators/comparison.ts";
import { CONV, type ConvAttributes } from "../graph/operators/convolution.ts";
import { reshape } from "../graph/operators/shape.ts";
import {
  apply,
  elementCount,
  isSameShape,
  type Node,
  type Value,
} from "../graph/value.ts";
import {
  fitsBlocks,
  inBlocksOfMove,
  isByElement,
  isOf,
  planesOfWeight,
  poolInBlocks,
  takesPlain,
  wantedInBlocks,
} from "./_blocked_fit.ts";
import { BLOCKED_CONV } from "./blocked_operators.ts";
import { type BlockedValues, blockedValues } from "./_blocked_values.ts";

/** A graph that is being rewritten. */
interface Rewriting {
  /** The node that a value comes from, alternatives chosen. */
  readonly producers: ReadonlyMap<Value, Node>;
  readonly values: BlockedValues;
  /** Who takes a value; outputs of the graph are left out. */
  readonly users: ReadonlyMap<Value, readonly Node[]>;
  /** Nodes of which blocks come to be wanted, see `wantedInBlocks`. */
  readonly wanted: ReadonlySet<Node>;
  /** Constants that are the number 0. */
  readonly zeros: ReadonlySet<Value>;
}

/**
 * The same computation, of the same inputs, parameters and outputs, with
 * convolutions and poolings in blocks wherever channels fill them, and what
 * lies between them too.
 *
 * @param block B, channels in a block; what onnxruntime uses on this machine.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { relu } from "../graph/operators/activation.ts";
 * import { conv } from "../graph/operators/convolution.ts";
 * import { inBlocks } from "./blocked_layout.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("example");
 * const x = graph.input("x", "float32", [1, 3, 9, 9]);
 * const weight = graph.parameter("weight", [16, 3, 1, 1]);
 * graph.output("y", relu(conv(x, weight, null)));
 * const names = inBlocks(graph, 16).nodes.map(({ operator }) => operator.name);
 * const own = names.filter((name) => name !== "Reshape");
 * deepStrictEqual(own, ["Transpose", "Conv", "ReorderOutput"]);
 * ```
 */
export function inBlocks(graph: Graph, block: number): Graph {
  const copy = new Graph(graph.name);
  const preferred = withAlternatives(graph, block);
  const nodes = liveNodes(preferred);
  const users = usersOf(preferred, nodes);
  const producers = new Map(
    nodes.flatMap((node) => node.outputs.map((value) => [value, node])),
  );
  const values = blockedValues(
    block,
    (value) => applyPlain(producers.get(value)!, values),
  );
  const wanted = wantedInBlocks(nodes, users, block);
  const zeros = new Set<Value>();
  const rewriting = { producers, values, users, wanted, zeros };
  for (const value of graph.inputs) {
    const { name, type, shape } = value;
    values.setPlain(value, copy.input(name, type, shape));
  }
  for (const value of graph.parameters) {
    values.setPlain(value, copy.parameter(value.name, value.shape));
  }
  for (const { value, data } of graph.constants) {
    values.setPlain(value, copy.constant(data, value.shape));
    if (data.length === 1 && Number(data[0]) === 0) zeros.add(value);
  }
  for (const node of nodes) {
    if (values.has(node.outputs[0]!)) continue; // a ReLU that its Conv has done
    const scope = node.name.split("/").slice(0, -1);
    if (scope.length === 0) rewrite(node, rewriting);
    else copy.scope(scope.join("/"), () => rewrite(node, rewriting));
  }
  for (const [name, value] of preferred.outputs) {
    copy.output(name, values.plain(value));
  }
  return copy;
}

/** Adds what a node becomes. */
function rewrite(node: Node, rewriting: Rewriting): void {
  const { values, wanted } = rewriting;
  const { inputs, attributes, outputs } = node;
  const [output] = outputs as [Value];
  const pool = poolInBlocks(node);
  if (isOf(node, CONV) && fitsBlocks(node, values.block)) {
    addConvolution(node, rewriting);
    return;
  }
  if (!inputs.some((input) => values.isBlocked(input))) {
    values.setPlain(output, applyPlain(node, values));
  } else if (pool !== undefined) {
    const x = values.told(inputs[0]!);
    values.setTold(output, apply(pool, [x], attributes));
  } else if (wanted.has(node) && inBlocksOfMove(node, values.block)) {
    const x = inputs.map(values.blocked);
    const moved = inBlocksOfMove(node, values.block)!;
    values.setBlocked(output, apply(node.operator, x, moved));
  } else if (fitsByElement(node, rewriting)) addByElement(node, rewriting);
  else values.setPlain(output, applyPlain(node, values));
}

function applyPlain(node: Node, values: BlockedValues): Value {
  const inputs = node.inputs.map((input) => values.plain(input));
  return apply(node.operator, inputs, node.attributes);
}

/** A convolution and, if nothing else takes its output, the ReLU after it. */
function addConvolution(
  node: Node<ConvAttributes>,
  { producers, values, users }: Rewriting,
): void {
  const { inputs: [x, weight, bias], outputs: [y], attributes } = node;
  const producer = producers.get(weight!);
  const planes = planesOfWeight(weight!, producer, values.block);
  const inputs = [
    takesPlain(node, values.block) ? values.plain(x!) : values.told(x!),
    planes === null
      ? values.weight(weight!)
      : reshape(values.told(planes), weight!.shape),
    ...(bias ? [values.plain(bias)] : []),
  ];
  const [user, ...others] = users.get(y!) ?? [];
  const activated = user && isOf(user, RELU) && others.length === 0
    ? user.outputs[0]!
    : null;
  const found = apply(BLOCKED_CONV, inputs, {
    ...attributes,
    ...(activated && { activation: "Relu" as const }),
  });
  values.setTold(activated ?? y!, found);
}

/**
 * Whether a node by element is to run in blocks: its inputs are there, or can
 * be and its output is wanted like that. Those that broadcast are not, as the
 * axes that they repeat on lie elsewhere in blocks; numbers have none.
 */
function fitsByElement(node: Node, { values, wanted }: Rewriting): boolean {
  const { shape } = node.outputs[0]!;
  return isByElement(node) &&
    node.inputs.every((input) =>
      elementCount(input.shape) === 1 ||
      isSameShape(input.shape, shape) &&
        (values.isBlocked(input) ||
          wanted.has(node) && input.type === "float32")
    );
}

/** A node by element, in whichever shape of blocks its inputs have. */
function addByElement(node: Node, { values, zeros }: Rewriting): void {
  const { operator, inputs, attributes, outputs: [output] } = node;
  const isNumber = (input: Value) => elementCount(input.shape) === 1;
  const isTold = inputs.every((input) =>
    isNumber(input) || values.isTold(input)
  );
  const [take, set] = isTold
    ? [values.told, values.setTold]
    : [values.blocked, values.setBlocked];
  const taken = inputs.map((input) =>
    isNumber(input) ? values.plain(input) : take(input)
  );
  // Where makes two passes and adds them up; gradients are masked a lot.
  const isMask = isOf(node, WHERE) && zeros.has(inputs[2]!) &&
    !isNumber(inputs[0]!) && !isNumber(inputs[1]!);
  const found = isMask
    ? mul(taken[1]!, cast(taken[0]!, "float32"))
    : apply(operator, taken, attributes);
  set(output!, found);
}

/** The graph with alternatives, as they are for blocks, where channels fill them. */
function withAlternatives(graph: Graph, block: number): LiveGraph {
  const chosen = (value: Value) => {
    const other = graph.alternatives.get(value);
    return other && value.shape[0]! % block === 0 ? other : value;
  };
  return {
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(chosen),
    })),
    outputs: new Map(
      [...graph.outputs].map(([name, value]) => [name, chosen(value)]),
    ),
  };
}

function usersOf(graph: LiveGraph, nodes: readonly Node[]): Map<Value, Node[]> {
  const users = new Map<Value, Node[]>();
  for (const node of nodes) {
    for (const input of node.inputs) {
      const list = users.get(input);
      if (list === undefined) users.set(input, [node]);
      else list.push(node);
    }
  }
  for (const value of graph.outputs.values()) users.delete(value);
  return users;
}
