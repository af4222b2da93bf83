/**
 * onnxruntime's build for the web: WebAssembly on a CPU, WebGPU on a GPU, with
 * no native code but the browser's or Deno's own.
 *
 * It computes on one thread per program: with more, builds for Node hang and
 * builds for browsers do not load in Deno (docs/engines.md). Whoever wants more
 * starts workers.
 *
 * @module
 */
import type { InferenceSession } from "onnxruntime-node";
import type { Device, Engine } from "./engine.ts";
import { compileOnnx } from "./onnx_program.ts";
import type { OnnxRuntime } from "./onnx_runtime.ts";
import { findAdapter, formatAdapter } from "./webgpu_adapter.ts";

// The library's first session puts Node's class in its place, for threads that
// it is told not to start; workers of this program are not to be of that class.
const OWN_WORKER = globalThis.Worker;

/**
 * Starts the engine.
 *
 * @throws {Error} When there is no adapter of WebGPU for device `gpu`, or the
 *   library does not load.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { mul } from "../graph/operators/arithmetic.ts";
 * import { startOnnxruntimeWeb } from "./onnxruntime_web.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("square");
 * const x = graph.input("x", "float32", [2]);
 * graph.output("square", mul(x, x));
 * const engine = await startOnnxruntimeWeb("cpu");
 * const program = await engine.compile(graph);
 * const { square } = await program.run({ x: Float32Array.of(2, 3) });
 * deepStrictEqual(square, Float32Array.of(4, 9));
 * await program.dispose();
 * ```
 */
export async function startOnnxruntimeWeb(device: Device): Promise<Engine> {
  const adapter = device === "gpu" ? await findAdapter() : null;
  if (device === "gpu" && adapter === null) {
    throw new Error(
      `Cannot start onnxruntime-web on a GPU as WebGPU must have an adapter: ` +
        `there is none`,
    );
  }
  const { env, InferenceSession, Tensor } = device === "gpu"
    ? await import("onnxruntime-web/webgpu")
    : await import("onnxruntime-web");
  env.wasm.numThreads = 1;
  env.logLevel = "error";
  const options: InferenceSession.SessionOptions = {
    executionProviders: [device === "gpu" ? "webgpu" : "wasm"],
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
    extra: { session: { use_deterministic_compute: "1" } },
  };
  const runtime: OnnxRuntime = {
    name: "onnxruntime-web",
    device,
    Tensor,
    keepsIn: device === "gpu" ? "gpu-buffer" : "memory",
    async createSession(model, _threads, more) {
      try {
        return await InferenceSession.create(model, { ...options, ...more });
      } finally {
        globalThis.Worker = OWN_WORKER;
      }
    },
  };
  return {
    name: runtime.name,
    device,
    detail: adapter === null ? "WebAssembly" : formatAdapter(adapter.info),
    compile: (graph, options) => compileOnnx(runtime, graph, options),
  };
}
