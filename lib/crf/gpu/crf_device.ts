/**
 * The WebGPU device that the dense CRF runs on.
 *
 * @module
 */

/**
 * A device with buffers as large as the adapter has them: at WebGPU's defaults
 * 21 labels end at about one and a half million pixels.
 *
 * @returns The caller's, to `destroy`.
 *
 * @example
 * ```ts
 * import { requestCrfDevice } from "./crf_device.ts";
 * import { findAdapter } from "../../engine/webgpu_adapter.ts";
 * import { ok } from "node:assert";
 *
 * const adapter = await findAdapter();
 * if (adapter !== null) {
 *   const device = await requestCrfDevice(adapter as GPUAdapter);
 *   ok(device.limits.maxStorageBufferBindingSize >= 2 ** 27);
 *   device.destroy();
 * }
 * ```
 */
export function requestCrfDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return adapter.requestDevice({
    label: "dense CRF",
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
}
