/**
 * onnxruntime's native build: the fastest on a CPU, and with CUDA, WebGPU
 * (Dawn), DirectML or Core ML on a GPU.
 *
 * A run blocks its thread: whoever wants several at once starts workers.
 *
 * @module
 */
import { env, InferenceSession, Tensor } from "onnxruntime-node";
import { encodeCopy } from "../graph/onnx_file.ts";
import { measureChannelBlock } from "./_channel_block.ts";
import type { Device, Engine } from "./engine.ts";
import { compileOnnx } from "./onnx_program.ts";
import type { OnnxRuntime } from "./onnx_runtime.ts";
import { findAdapter, formatAdapter } from "./webgpu_adapter.ts";

/** Execution providers for GPUs, as onnxruntime calls them. */
export type GpuProvider = "cuda" | "webgpu" | "dml" | "coreml";

const TITLES: Readonly<Record<GpuProvider, string>> = {
  cuda: "CUDA",
  webgpu: "WebGPU",
  dml: "DirectML",
  coreml: "Core ML",
};

/** Those that this system may have, the fastest and most exact first. */
const PROVIDERS: readonly GpuProvider[] = [
  "cuda",
  "webgpu",
  ...(Deno.build.os === "windows" ? ["dml" as const] : []),
  ...(Deno.build.os === "darwin" ? ["coreml" as const] : []),
];

// Errors are thrown as well; a provider that is not there is no one's error.
env.logLevel = "fatal";

/**
 * Starts the engine. On `gpu` its `detail` names the execution provider, with
 * WebGPU the adapter too; what that cannot run, such as little integer work,
 * runs on the CPU. On `cpu` it says where there are no channel blocks, which
 * makes training slower.
 *
 * @param options `providers`: those to try for `gpu`, in their order; by default
 *   all that the system may have.
 * @throws {Error} When no provider for a GPU answers; says why, of each. Also
 *   when the CPU has channel blocks but cannot run them.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { mul } from "../graph/operators/arithmetic.ts";
 * import { startOnnxruntimeNode } from "./onnxruntime_node.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("square");
 * const x = graph.input("x", "float32", [2]);
 * graph.output("square", mul(x, x));
 * const engine = await startOnnxruntimeNode("cpu");
 * const program = await engine.compile(graph, { threads: 2 });
 * const { square } = await program.run({ x: Float32Array.of(2, 3) });
 * deepStrictEqual(square, Float32Array.of(4, 9));
 * await program.dispose();
 * ```
 */
export async function startOnnxruntimeNode(
  device: Device,
  { providers = PROVIDERS }: { providers?: readonly GpuProvider[] } = {},
): Promise<Engine> {
  refuseTelemetry();
  if (device === "cpu") {
    const block = await measureChannelBlock((model) =>
      InferenceSession.create(model, optionsOf("cpu"))
    );
    const title = block === null ? "CPU, no channel blocks" : "CPU";
    return engineOn("cpu", title, block);
  }
  const refusals: string[] = [];
  for (const provider of providers) {
    const refusal = await refusalOf(provider);
    if (refusal === null) return engineOn(provider, await titleOf(provider));
    refusals.push(`${TITLES[provider]}: ${refusal}`);
  }
  throw new Error(
    `Cannot start onnxruntime-node on a GPU as one of its providers must ` +
      `answer: ${refusals.join("; ")}`,
  );
}

/**
 * Else onnxruntime writes to the user's cache and sends what it is used for.
 * Without the permission it is for whoever starts the process to set.
 */
function refuseTelemetry(): void {
  const variable = "ORT_DISABLE_TELEMETRY";
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  if (state === "granted") Deno.env.set(variable, "1");
}

function engineOn(
  provider: "cpu" | GpuProvider,
  detail: string,
  channelBlock: number | null = null,
): Engine {
  const device = provider === "cpu" ? "cpu" : "gpu";
  const runtime: OnnxRuntime = {
    name: "onnxruntime-node",
    device,
    Tensor,
    // Only WebGPU's buffers can be passed from run to run.
    keepsIn: provider === "webgpu" ? "gpu-buffer" : "memory-in-place",
    ...(channelBlock !== null && { channelBlock }),
    createSession: (model, threads, options) =>
      InferenceSession.create(model, {
        ...optionsOf(provider),
        ...options,
        intraOpNumThreads: threads,
      }),
  };
  return {
    name: runtime.name,
    device,
    detail,
    compile: (graph, options) => compileOnnx(runtime, graph, options),
  };
}

/**
 * A provider, and with WebGPU the adapter, which may be a program on the CPU:
 * onnxruntime does not tell its own, Deno's is as much the fastest there is.
 */
async function titleOf(provider: GpuProvider): Promise<string> {
  const adapter = provider === "webgpu" ? await findAdapter() : null;
  return adapter === null
    ? TITLES[provider]
    : `${TITLES[provider]}, ${formatAdapter(adapter.info)}`;
}

function optionsOf(
  provider: "cpu" | GpuProvider,
): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    graphOptimizationLevel: "all",
    interOpNumThreads: 1,
    executionMode: "sequential",
    enableMemPattern: provider !== "dml", // DirectML's documentation asks for it
    logSeverityLevel: 4,
    extra: { session: { use_deterministic_compute: "1" } },
  };
}

/** Why a provider does not run the least model there is; null if it does. */
async function refusalOf(provider: GpuProvider): Promise<string | null> {
  try {
    const session = await InferenceSession.create(
      encodeCopy(),
      optionsOf(provider),
    );
    try {
      await session.run({ x: new Tensor("float32", Float32Array.of(1), [1]) });
    } finally {
      await session.release();
    }
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Before it stand the file and the condition of onnxruntime's own code.
    return message.trim().replace(/^\/onnxruntime_src.* was false\. /s, "");
  }
}
