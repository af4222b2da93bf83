/**
 * Programs that run as sessions of onnxruntime, whichever build of it.
 *
 * @module
 */
import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { Graph } from "../graph/graph.ts";
import { encodeOnnx } from "../graph/onnx_file.ts";
import type { TensorData, TensorType } from "../graph/tensor_type.ts";
import { inBlocks } from "./blocked_layout.ts";
import type { CompileOptions, Program } from "./engine.ts";
import type { OnnxRuntime } from "./onnx_runtime.ts";
import {
  gpuTensorStore,
  plainTensorStore,
  type TensorStore,
} from "./onnx_tensor_store.ts";
import {
  assertFeeds,
  keptParameter,
  planProgram,
  type ProgramPlan,
} from "./program_plan.ts";

/**
 * Compiles a graph to a session.
 *
 * @throws {RangeError} When options do not fit the graph.
 * @throws {Error} When onnxruntime refuses a node; names it.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { mul } from "../graph/operators/arithmetic.ts";
 * import { compileOnnx } from "./onnx_program.ts";
 * import { deepStrictEqual } from "node:assert";
 * import { InferenceSession, Tensor } from "onnxruntime-node";
 *
 * const graph = new Graph("square");
 * const x = graph.input("x", "float32", [2]);
 * graph.output("square", mul(x, x));
 * const program = await compileOnnx({
 *   name: "onnxruntime-node",
 *   device: "cpu",
 *   Tensor,
 *   keepsIn: "memory",
 *   createSession: (model) => InferenceSession.create(model),
 * }, graph);
 * const { square } = await program.run({ x: Float32Array.of(2, 3) });
 * deepStrictEqual(square, Float32Array.of(4, 9));
 * await program.dispose();
 * ```
 */
export async function compileOnnx(
  runtime: OnnxRuntime,
  graph: Graph,
  options: CompileOptions = {},
): Promise<Program> {
  const plan = planProgram(graph, options);
  const { channelBlock: block } = runtime;
  // Of constant weights alone, onnxruntime sees to the layout by itself.
  const isFrozen = plan.constants.size === graph.parameters.length;
  const written = block === undefined || isFrozen
    ? graph
    : inBlocks(graph, block);
  const model = encodeOnnx(written, { constants: plan.constants });
  const session = await createSession(runtime, plan, model);
  try {
    const store = runtime.keepsIn === "gpu-buffer"
      ? await gpuTensorStore(runtime)
      : plainTensorStore(runtime);
    return startProgram({ plan, session, store, runtime });
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function createSession(
  runtime: OnnxRuntime,
  { graphName, kept, threads }: ProgramPlan,
  model: Uint8Array,
): Promise<InferenceSession> {
  const isOnGpu = runtime.keepsIn === "gpu-buffer";
  const nexts = [...kept.values()].flatMap(({ next }) => next ?? []);
  const preferredOutputLocation = Object.fromEntries(
    nexts.map((next) => [next, "gpu-buffer" as const]),
  );
  try {
    return await runtime.createSession(
      model,
      threads,
      isOnGpu && nexts.length > 0 ? { preferredOutputLocation } : {},
    );
  } catch (error) {
    throw new Error(
      `Cannot compile graph "${graphName}" as ${runtime.name} on ` +
        `${runtime.device} must take all its nodes: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function startProgram({ plan, session, store, runtime }: {
  plan: ProgramPlan;
  session: InferenceSession;
  store: TensorStore;
  runtime: OnnxRuntime;
}): Program {
  const toTensor = tensorMaker(runtime);
  return {
    async run(given) {
      assertFeeds(plan, given, store);
      const feeds: Record<string, Tensor> = {};
      for (const [name, value] of plan.fed) {
        feeds[name] = toTensor(value, given[name]!, name);
      }
      const fetches: Record<string, Tensor | null> = {};
      for (const name of plan.given.keys()) fetches[name] = null;
      for (const { name, next } of plan.kept.values()) {
        feeds[name] = store.get(name)!;
        if (next !== null) fetches[next] = store.spare(name);
      }
      const results = await session.run(feeds, fetches);
      for (const { name, next } of plan.kept.values()) {
        if (next !== null) store.advance(name, results[next]!);
      }
      return Object.fromEntries(
        [...plan.given.keys()].map((
          name,
        ) => [name, results[name]!.data as TensorData]),
      );
    },
    write(name, data) {
      return store.write(keptParameter(plan, name, data), data);
    },
    async read(name) {
      keptParameter(plan, name);
      return await store.read(name);
    },
    async dispose() {
      await store.dispose();
      await session.release();
    },
  };
}

/**
 * Makes tensors of data, which onnxruntime does not take in shared memory: that
 * is copied to memory used again for each tensor of a name.
 */
function tensorMaker({ Tensor }: OnnxRuntime) {
  const copies = new Map<string, TensorData>();
  return ({ type, shape }: TensorType, data: TensorData, name: string) => {
    if (data.buffer instanceof ArrayBuffer) {
      return new Tensor(type, data, shape);
    }
    const copy = copies.get(name) ?? data.slice();
    copies.set(name, copy);
    (copy as Float32Array).set(data as Float32Array);
    return new Tensor(type, copy, shape);
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
