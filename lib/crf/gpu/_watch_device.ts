/**
 * What goes wrong on a GPU, told as errors: WebGPU reports it aside.
 *
 * @module
 */

/** The part of a device that reports. */
export type WatchedDevice = Pick<
  GPUDevice,
  "pushErrorScope" | "popErrorScope" | "lost"
>;

/**
 * Watches for problems from now on. What it returns waits until the result is
 * there, or throws what went wrong.
 */
export function watchDevice(
  device: WatchedDevice,
): (result: Promise<unknown>) => Promise<void> {
  device.pushErrorScope("validation");
  device.pushErrorScope("internal");
  device.pushErrorScope("out-of-memory");
  return async (result) => {
    const scopes = ["memory", "internal", "validation"].map(() =>
      device.popErrorScope()
    );
    const [done, ...reported] = await Promise.allSettled([result, ...scopes]);
    const [memory, ...others] = reported.map((each) =>
      each.status === "fulfilled" ? each.value : null
    );
    if (memory) {
      throw new Error(
        "Cannot run the dense CRF as the GPU must have memory left: " +
          memory.message,
      );
    }
    const wrong = others.find((error) => error);
    if (wrong) throw new Error(`Internal error: ${wrong.message}`);
    if (done!.status === "rejected") throw await lossOf(device, done!.reason);
  };
}

/** Why a result did not come: as a rule, the device is lost. */
async function lossOf(device: WatchedDevice, reason: unknown): Promise<Error> {
  const moment = new Promise<null>((resolve) =>
    setTimeout(() => resolve(null), 100)
  );
  const info = await Promise.race([device.lost, moment]);
  const why = info === null ? `${reason}` : `${info.reason}, ${info.message}`;
  return new Error(
    `Cannot run the dense CRF as the GPU must not be lost meanwhile: ${why}`,
    { cause: reason },
  );
}
