/**
 * TensorFlow.js: an implementation of the operators that shares no code with
 * onnxruntime, to check against, and GPU work without a native add-on.
 *
 * @module
 */
import { backend as currentBackend, setBackend } from "@tensorflow/tfjs-core";
import type { Device, Engine } from "./engine.ts";
import {
  compileTfjs,
  type GpuErrors,
  type TfjsBackend,
} from "./tfjs_program.ts";
import { findAdapter, formatAdapter } from "./webgpu_adapter.ts";

/**
 * Starts the engine: WebAssembly on a CPU, WebGPU on a GPU.
 *
 * @throws {Error} When there is no adapter of WebGPU for device `gpu`, or the
 *   backend does not start.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph/graph.ts";
 * import { mul } from "../graph/operators/arithmetic.ts";
 * import { startTfjs } from "./tfjs.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const graph = new Graph("square");
 * const x = graph.input("x", "float32", [2]);
 * graph.output("square", mul(x, x));
 * const engine = await startTfjs("cpu");
 * const program = await engine.compile(graph);
 * const { square } = await program.run({ x: Float32Array.of(2, 3) });
 * deepStrictEqual(square, Float32Array.of(4, 9));
 * await program.dispose();
 * ```
 */
export async function startTfjs(device: Device): Promise<Engine> {
  const adapter = device === "gpu" ? await findAdapter() : null;
  if (device === "gpu" && adapter === null) {
    throw new Error(
      `Cannot start tfjs on a GPU as WebGPU must have an adapter: there is none`,
    );
  }
  if (device === "gpu") await import("@tensorflow/tfjs-backend-webgpu");
  else await import("@tensorflow/tfjs-backend-wasm");
  const name = device === "gpu" ? "webgpu" : "wasm";
  if (!await setBackend(name)) {
    throw new Error(`Cannot start tfjs as its backend ${name} must start`);
  }
  const gpu = device === "cpu"
    ? null
    : (currentBackend() as unknown as { device: GpuErrors }).device;
  const backend: TfjsBackend = { name, device, gpu };
  return {
    name: "tfjs",
    device,
    detail: adapter === null ? "WebAssembly" : formatAdapter(adapter.info),
    compile: (graph, options) =>
      Promise.try(() => compileTfjs(backend, graph, options)),
  };
}
