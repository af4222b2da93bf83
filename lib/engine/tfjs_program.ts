/**
 * Programs that TensorFlow.js runs node by node, on whichever of its backends.
 *
 * Each tensor is freed after its last use, so that the memory of a run is that
 * of what is in use at once.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "../graph/graph.ts";
import { liveNodes } from "../graph/live_nodes.ts";
import type { TensorData, TensorType } from "../graph/tensor_type.ts";
import type { Node, Value } from "../graph/value.ts";
import type { CompileOptions, Device, Program } from "./engine.ts";
import {
  assertFeeds,
  keptParameter,
  planProgram,
  type ProgramPlan,
} from "./program_plan.ts";
import { DATA_TYPES, KERNELS } from "./tfjs_kernels.ts";

/** See {@link compileTfjs}. */
export interface TfjsBackend {
  /** As TensorFlow.js calls it; one that was started. */
  readonly name: "wasm" | "webgpu";
  readonly device: Device;
  /** Tells what went wrong on a GPU, which the library would pass over. */
  readonly gpu: GpuErrors | null;
}

/** What is used here of WebGPU's `GPUDevice`. */
export interface GpuErrors {
  pushErrorScope(filter: "validation" | "out-of-memory"): void;
  popErrorScope(): Promise<{ readonly message: string } | null>;
}

/** A node and the values that nothing uses after it. */
interface Step {
  readonly node: Node;
  readonly last: readonly Value[];
}

/** All that lives as long as the program. */
interface State {
  readonly backend: TfjsBackend;
  readonly graph: Graph;
  readonly plan: ProgramPlan;
  readonly steps: readonly Step[];
  /** Constants and frozen parameters. */
  readonly fixed: ReadonlyMap<Value, tf.Tensor>;
  readonly kept: Map<string, tf.Tensor>;
}

/**
 * Compiles a graph: decides when each tensor can be freed.
 *
 * @throws {RangeError} When options do not fit the graph.
 * @throws {Error} When there is no kernel for a node; names all such nodes.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { mul } from "../graph/operators/arithmetic.ts";
 * import { compileTfjs } from "./tfjs_program.ts";
 * import { setBackend } from "@tensorflow/tfjs-core";
 * import "@tensorflow/tfjs-backend-wasm";
 *
 * const graph = new Graph("square");
 * const x = graph.input("x", "float32", [2]);
 * graph.output("square", mul(x, x));
 * await setBackend("wasm");
 * const backend = { name: "wasm", device: "cpu", gpu: null } as const;
 * const program = compileTfjs(backend, graph);
 * const { square } = await program.run({ x: Float32Array.of(2, 3) });
 * await program.dispose();
 * ```
 */
export function compileTfjs(
  backend: TfjsBackend,
  graph: Graph,
  options: CompileOptions = {},
): Program {
  const plan = planProgram(graph, options);
  const nodes = liveNodes(graph);
  const foreign = nodes.filter(({ operator }) => !KERNELS.has(operator.name));
  if (foreign.length > 0) {
    throw new Error(
      `Cannot compile graph "${graph.name}" as tfjs on ${backend.device} must ` +
        `take all its nodes: it has no kernel for ` +
        foreign.map((node) => `"${node.name}" (${node.operator.name})`)
          .join(", "),
    );
  }
  select(backend);
  const state: State = {
    backend,
    graph,
    plan,
    steps: stepsOf(nodes, graph.outputs.values()),
    fixed: fixedTensors(graph, { plan, nodes }),
    kept: new Map(),
  };
  return {
    run: (feeds) => run(state, feeds),
    write(name, data) {
      const parameter = keptParameter(plan, name, data);
      select(backend);
      state.kept.get(name)?.dispose();
      state.kept.set(name, toTensor(parameter, data.slice()));
    },
    async read(name) {
      keptParameter(plan, name);
      const tensor = state.kept.get(name);
      if (tensor !== undefined) {
        return Float32Array.from(await tensor.data<"float32">());
      }
      throw new RangeError(
        `Cannot read "${name}" as a kept parameter must be written first: ` +
          `it was not`,
      );
    },
    dispose() {
      tf.dispose([...state.kept.values(), ...state.fixed.values()]);
      state.kept.clear();
      return Promise.resolve();
    },
  };
}

/** Backends are the library's global state: this one is for what comes next. */
function select({ name }: TfjsBackend): void {
  // Once a backend is started, the change is done when this returns.
  if (tf.getBackend() !== name) void tf.setBackend(name);
}

function stepsOf(nodes: readonly Node[], outputs: Iterable<Value>): Step[] {
  const used = new Set(outputs);
  return nodes.toReversed().map((node) => {
    const last = [...new Set([...node.inputs, ...node.outputs])]
      .filter((value) => !used.has(value));
    for (const value of last) used.add(value);
    return { node, last };
  }).reverse();
}

function fixedTensors(
  graph: Graph,
  { plan, nodes }: { plan: ProgramPlan; nodes: readonly Node[] },
): Map<Value, tf.Tensor> {
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  for (const value of graph.outputs.values()) used.add(value);
  const fixed = new Map<Value, tf.Tensor>();
  for (const { value, data } of graph.constants) {
    if (used.has(value)) fixed.set(value, toTensor(value, data));
  }
  for (const value of graph.parameters) {
    const data = plan.constants.get(value.name);
    if (data === undefined) continue;
    fixed.set(value, toTensor(value, data.slice()));
  }
  return fixed;
}

async function run(
  state: State,
  feeds: Readonly<Record<string, TensorData>>,
): Promise<Record<string, TensorData>> {
  const { backend, plan, kept } = state;
  assertFeeds(plan, feeds, kept);
  select(backend);
  const endOfErrors = beginErrors(state);
  let outputs: Map<string, tf.Tensor>;
  try {
    outputs = runToOutputs(state, feeds);
  } catch (error) {
    // The node's own error says more than what the GPU made of it.
    await endOfErrors().catch(() => {});
    throw error;
  }
  try {
    const data = [...plan.given].map(async ([name, value]) => {
      const elements = await outputs.get(name)!.data();
      return [name, fromElements(value, elements)] as const;
    });
    const [entries] = await Promise.all([Promise.all(data), endOfErrors()]);
    advance(state, outputs);
    return Object.fromEntries(entries);
  } finally {
    tf.dispose([...outputs.values()]);
  }
}

/** Puts next values, which are no outputs any more, in their place. */
function advance({ plan, kept }: State, outputs: Map<string, tf.Tensor>): void {
  for (const { name, next } of plan.kept.values()) {
    if (next === null) continue;
    kept.get(name)?.dispose();
    kept.set(name, outputs.get(next)!);
    outputs.delete(next);
  }
}

/**
 * Begins to collect the errors of a GPU; to be called up to the next `await`.
 *
 * @returns Ends it; throws if there was one.
 */
function beginErrors({ backend: { gpu }, graph }: State): () => Promise<void> {
  if (gpu === null) return () => Promise.resolve();
  const filters = ["validation", "out-of-memory"] as const;
  for (const filter of filters) gpu.pushErrorScope(filter);
  return async () => {
    const errors = await Promise.all(filters.map(() => gpu.popErrorScope()));
    const messages = errors.flatMap((error) => error?.message.trim() ?? []);
    if (messages.length === 0) return;
    throw new Error(
      `Cannot run graph "${graph.name}" as tfjs on gpu must take all its ` +
        `nodes: ${messages.join("; ")}`,
    );
  };
}

/** Runs the graph up to its outputs, next values too. */
function runToOutputs(
  state: State,
  feeds: Readonly<Record<string, TensorData>>,
): Map<string, tf.Tensor> {
  const { graph, plan } = state;
  const own = new Map<Value, tf.Tensor>();
  const outputs = new Map<string, tf.Tensor>();
  try {
    for (const [name, value] of plan.fed) {
      own.set(value, toTensor(value, feeds[name]!));
    }
    const known = runNodes(state, own);
    for (const [name, value] of graph.outputs) {
      outputs.set(name, tf.clone(known(value)));
    }
  } finally {
    tf.dispose([...own.values()]);
  }
  return outputs;
}

/** Runs all nodes; gives what finds the tensor of a value that was not freed. */
function runNodes(
  { graph, plan, steps, fixed, kept }: State,
  own: Map<Value, tf.Tensor>,
): (value: Value) => tf.Tensor {
  const byParameter = new Map(
    graph.parameters.filter(({ name }) => plan.kept.has(name))
      .map((value) => [value, kept.get(value.name)!]),
  );
  const known = (value: Value) =>
    own.get(value) ?? byParameter.get(value) ?? fixed.get(value)!;
  for (const { node, last } of steps) {
    own.set(node.outputs[0]!, runNode(node, node.inputs.map(known)));
    for (const value of last) {
      own.get(value)?.dispose();
      own.delete(value);
    }
  }
  return known;
}

function runNode(
  { name, operator, attributes, outputs: [output] }: Node,
  inputs: readonly tf.Tensor[],
): tf.Tensor {
  const call = { attributes, output: output! };
  try {
    return tf.tidy(() => KERNELS.get(operator.name)!.run(inputs, call));
  } catch (error) {
    throw new Error(
      `Cannot run node "${name}" (${operator.name}) as tfjs must take it: ` +
        (error instanceof Error ? error.message : String(error)),
      { cause: error },
    );
  }
}

/** A tensor; WebGPU only reads the data when a kernel first does. */
function toTensor({ type, shape }: TensorType, data: TensorData): tf.Tensor {
  const elements = data instanceof BigInt64Array
    ? Int32Array.from(data, Number)
    : data;
  return tf.tensor(elements, [...shape], DATA_TYPES[type]);
}

function fromElements(
  { type }: TensorType,
  elements: Float32Array | Int32Array | Uint8Array,
): TensorData {
  if (type === "int64") return BigInt64Array.from(elements, BigInt);
  return type === "bool"
    ? Uint8Array.from(elements)
    : Float32Array.from(elements);
}
