/**
 * What the builds of onnxruntime have in common, and how they differ.
 *
 * @module
 */
import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { Device, EngineName } from "./engine.ts";

/** A build of onnxruntime and what to start its sessions with. */
export interface OnnxRuntime {
  readonly name: EngineName;
  readonly device: Device;
  /** Its own class: each build only takes tensors of its own. */
  readonly Tensor: typeof Tensor;
  /** Starts a session; `threads` of one run. */
  createSession(
    model: Uint8Array,
    threads: number,
    options: InferenceSession.SessionOptions,
  ): Promise<InferenceSession>;
  /**
   * Where kept parameters are: in plain memory, in plain memory that a run
   * writes in place, or in buffers of the GPU.
   */
  readonly keepsIn: "memory" | "memory-in-place" | "gpu-buffer";
  /**
   * Channels in a block of its fast layout on a CPU, for `blocked_layout.ts`;
   * none if it has no such layout.
   */
  readonly channelBlock?: number;
}
