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
import type { Device, Engine } from "./engine.ts";
import { compileOnnx } from "./onnx_program.ts";
import type { OnnxRuntime } from "./onnx_runtime.ts";

/** Execution providers for GPUs and what they are called, the fastest first. */
const GPU_PROVIDERS: readonly (readonly [string, string])[] = [
  ["cuda", "CUDA"],
  ...(Deno.build.os === "windows" ? [["dml", "DirectML"] as const] : []),
  ...(Deno.build.os === "darwin" ? [["coreml", "Core ML"] as const] : []),
  ["webgpu", "WebGPU"],
];

// Errors are thrown as well; a provider that is not there is no one's error.
env.logLevel = "fatal";

const OPTIONS: InferenceSession.SessionOptions = {
  graphOptimizationLevel: "all",
  interOpNumThreads: 1,
  executionMode: "sequential",
  logSeverityLevel: 4,
  extra: { session: { use_deterministic_compute: "1" } },
};

/**
 * Starts the engine. On `gpu` its `detail` names the execution provider; what
 * that cannot run, such as little integer work, runs on the CPU.
 *
 * @param device On `gpu` the first execution provider that answers is taken.
 * @throws {Error} When no provider for a GPU answers; says why, of each.
 */
export async function startOnnxruntimeNode(device: Device): Promise<Engine> {
  if (device === "cpu") return engineOn("cpu", "CPU", "memory-in-place");
  const refusals: string[] = [];
  for (const [provider, title] of GPU_PROVIDERS) {
    const keepsIn = provider === "webgpu" ? "gpu-buffer" : "memory-in-place";
    const engine = engineOn(provider, title, keepsIn);
    const refusal = await refusalOf(provider);
    if (refusal === null) return engine;
    refusals.push(`${title}: ${refusal}`);
  }
  throw new Error(
    `Cannot start onnxruntime-node on a GPU as one of its providers must ` +
      `answer: ${refusals.join("; ")}`,
  );
}

function engineOn(
  provider: string,
  detail: string,
  keepsIn: OnnxRuntime["keepsIn"],
): Engine {
  const device = provider === "cpu" ? "cpu" : "gpu";
  const runtime: OnnxRuntime = {
    name: "onnxruntime-node",
    device,
    Tensor,
    keepsIn,
    createSession: (model, threads, options) =>
      InferenceSession.create(model, {
        ...OPTIONS,
        ...options,
        executionProviders: [provider],
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

/** Why a provider does not run the least model there is; null if it does. */
async function refusalOf(provider: string): Promise<string | null> {
  try {
    const session = await InferenceSession.create(encodeCopy(), {
      ...OPTIONS,
      executionProviders: [provider],
    });
    await session.run({ x: new Tensor("float32", Float32Array.of(1), [1]) });
    await session.release();
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Before it stand the file and the condition of onnxruntime's own code.
    return message.trim().replace(/^\/onnxruntime_src.* was false\. /s, "");
  }
}
