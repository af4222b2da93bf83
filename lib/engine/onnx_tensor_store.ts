/**
 * Where programs of onnxruntime keep parameters between runs: tensors that
 * each run is fed again, the outputs of one run being the inputs of the next.
 *
 * @module
 */
import type { Tensor } from "onnxruntime-node";
import { encodeCopy } from "../graph/onnx_file.ts";
import type { KeptParameter } from "./program_plan.ts";
import type { OnnxRuntime } from "./onnx_runtime.ts";

/** Kept parameters by name. */
export interface TensorStore {
  has(name: string): boolean;
  /** What a run is to be fed. */
  get(name: string): Tensor | undefined;
  /** What a run is to write a parameter's next value to; null: to a new tensor. */
  spare(name: string): Tensor | null;
  /** Makes a run's output the parameter's value. */
  advance(name: string, next: Tensor): void;
  write(parameter: KeptParameter, data: Float32Array): void | Promise<void>;
  read(name: string): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * A store in plain memory. If runs write in place, each parameter has two
 * tensors, of which each is input and output by turns, so that nothing is
 * copied and nothing is left to the garbage collector.
 *
 * @example
 * ```ts
 * import { plainTensorStore } from "./onnx_tensor_store.ts";
 * import { deepStrictEqual } from "node:assert";
 * import { Tensor } from "onnxruntime-node";
 *
 * const store = plainTensorStore({ Tensor, keepsIn: "memory" });
 * const type = { type: "float32", shape: [2] } as const;
 * store.write({ name: "bias", ...type, next: null }, Float32Array.of(1, 2));
 * deepStrictEqual(await store.read("bias"), Float32Array.of(1, 2));
 * ```
 */
export function plainTensorStore(
  { Tensor, keepsIn }: Pick<OnnxRuntime, "Tensor" | "keepsIn">,
): TensorStore {
  const current = new Map<string, Tensor>();
  const spares = new Map<string, Tensor>();
  return {
    has: (name) => current.has(name),
    get: (name) => current.get(name),
    spare: (name) => spares.get(name) ?? null,
    advance(name, next) {
      if (keepsIn === "memory-in-place") {
        const spare = spares.get(name)!;
        spares.set(name, current.get(name)!);
        current.set(name, spare);
      } else current.set(name, next);
    },
    write({ name, shape, next }, data) {
      current.set(name, new Tensor("float32", Float32Array.from(data), shape));
      if (keepsIn === "memory-in-place" && next !== null) {
        const spare = new Float32Array(data.length);
        spares.set(name, new Tensor("float32", spare, shape));
      }
    },
    read(name) {
      const tensor = written(name, current.get(name));
      return Promise.resolve(Float32Array.from(tensor.data as Float32Array));
    },
    dispose() {
      current.clear();
      spares.clear();
      return Promise.resolve();
    },
  };
}

/**
 * A store in buffers of the GPU. Data passes to and from it through sessions
 * that copy: onnxruntime's own `getData` ends the process in onnxruntime-node
 * 1.30, and a first run could only be fed from plain memory.
 *
 * @example
 * ```ts
 * import type { OnnxRuntime } from "./onnx_runtime.ts";
 * import { gpuTensorStore } from "./onnx_tensor_store.ts";
 *
 * async function start(runtime: OnnxRuntime) {
 *   const store = await gpuTensorStore(runtime);
 *   await store.dispose();
 * }
 * ```
 */
export async function gpuTensorStore(
  runtime: Pick<OnnxRuntime, "Tensor" | "createSession">,
): Promise<TensorStore> {
  const model = encodeCopy();
  const upload = await runtime.createSession(model, 1, {
    preferredOutputLocation: "gpu-buffer",
  });
  const download = await runtime.createSession(model, 1, {})
    .catch(async (error) => {
      await upload.release();
      throw error;
    });
  const current = new Map<string, Tensor>();
  const set = (name: string, tensor: Tensor) => {
    current.get(name)?.dispose();
    current.set(name, tensor);
  };
  return {
    has: (name) => current.has(name),
    get: (name) => current.get(name),
    spare: () => null,
    advance: set,
    async write({ name, shape }, data) {
      const copy = Float32Array.from(data);
      const x = new runtime.Tensor("float32", copy, shape);
      set(name, (await upload.run({ x })).y!);
    },
    async read(name) {
      const { y } = await download.run({ x: written(name, current.get(name)) });
      return y!.data as Float32Array;
    },
    async dispose() {
      for (const tensor of current.values()) tensor.dispose();
      current.clear();
      await Promise.all([upload.release(), download.release()]);
    },
  };
}

function written(name: string, tensor: Tensor | undefined): Tensor {
  if (tensor !== undefined) return tensor;
  throw new RangeError(
    `Cannot read "${name}" as a kept parameter must be written first: it was not`,
  );
}
