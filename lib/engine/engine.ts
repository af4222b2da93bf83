/**
 * What an engine is: something that compiles a graph and runs it, on a CPU or
 * a GPU. `choose_engine.ts` picks one; docs/engines.md says what each can do.
 *
 * @module
 */
import type { Graph } from "../graph/graph.ts";
import type { TensorData } from "../graph/tensor_type.ts";

/** The libraries that can run a graph. */
export type EngineName = "onnxruntime-node" | "onnxruntime-web" | "tfjs";

/** Where it runs. */
export type Device = "cpu" | "gpu";

/** By name of a graph's input, parameter or output. */
export type Tensors = Readonly<Record<string, TensorData>>;

/** See `Engine.compile`. */
export interface CompileOptions {
  /** Parameters frozen into the program, which lets the engine pre-pack them. */
  readonly constants?: ReadonlyMap<string, Float32Array>;
  /**
   * Parameters that stay where the engine runs: by name, the output that is
   * the next value after each run (null: it only changes by `write`). Those
   * that are neither here nor in `constants` are fed.
   */
  readonly kept?: ReadonlyMap<string, string | null>;
  /** Threads of one run on a CPU, at least 1, the default; some only use one. */
  readonly threads?: number;
}

/** A compiled graph. Runs of one program must not overlap. */
export interface Program {
  /**
   * Runs the graph once.
   *
   * @param feeds All inputs and fed parameters; may lie in shared memory. They
   *   are read before the promise is settled and not kept.
   * @returns All outputs but those that are next values of kept parameters;
   *   the arrays are the caller's.
   * @throws {RangeError} When feeds are missing, surplus or of a wrong type or
   *   length, or a kept parameter was never written; names them all.
   */
  run(feeds: Tensors): Promise<Record<string, TensorData>>;
  /**
   * Sets a kept parameter; its data is copied.
   *
   * @throws {RangeError} When it is not kept or the data does not fill it.
   */
  write(parameter: string, data: Float32Array): void | Promise<void>;
  /**
   * A copy of a kept parameter.
   *
   * @throws {RangeError} When it is not kept or was never written.
   */
  read(parameter: string): Promise<Float32Array>;
  /** Frees all that the program holds; it must not be used after. */
  dispose(): Promise<void>;
}

/** A library on a device. */
export interface Engine {
  readonly name: EngineName;
  readonly device: Device;
  /** What it runs on, for people: `CUDA`, or the name of a GPU. */
  readonly detail: string;
  /**
   * Makes a graph ready to run; what is added to the graph later is not in it.
   *
   * @throws {RangeError} When options name what the graph does not have, or do
   *   not fit it.
   * @throws {Error} When the engine cannot run one of the nodes; names it.
   */
  compile(graph: Graph, options?: CompileOptions): Promise<Program>;
}
