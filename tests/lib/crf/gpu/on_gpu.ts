/**
 * The dense CRF on the adapter that this machine has, be it a program that
 * stands in for a GPU.
 */
import { requestCrfDevice } from "../../../../lib/crf/gpu/crf_device.ts";
import { type GpuCrf, openGpuCrf } from "../../../../lib/crf/gpu/gpu_crf.ts";
import { findAdapter } from "../../../../lib/engine/webgpu_adapter.ts";

const HAS_ADAPTER = await findAdapter() !== null;

/** Asks the adapter for a device; the one who asks destroys it. */
export async function requestDevice(
  request: (adapter: GPUAdapter) => Promise<GPUDevice> = requestCrfDevice,
): Promise<GPUDevice> {
  return await request(await findAdapter() as unknown as GPUAdapter);
}

let opened: Promise<GpuCrf> | null = null;

/** Declares a test that is skipped, with the reason, where there is no GPU. */
export function testOnGpu(
  claim: string,
  check: (crf: GpuCrf) => Promise<void>,
): void {
  Deno.test({
    name: HAS_ADAPTER
      ? claim
      : `${claim} (skipped: WebGPU has no adapter on this machine)`,
    ignore: !HAS_ADAPTER,
    fn: async () => {
      opened ??= requestDevice().then(openGpuCrf);
      await check(await opened);
    },
    // Drivers of GPUs start threads and keep them.
    sanitizeOps: false,
    sanitizeResources: false,
  });
}
