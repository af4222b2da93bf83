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
 * Does work on the device; throws what went wrong. What the work submits, it
 * submits before its first `await`: only so long are problems its own.
 */
export async function watched<T>(
  device: WatchedDevice,
  work: () => Promise<T>,
): Promise<T> {
  device.pushErrorScope("validation");
  device.pushErrorScope("internal");
  device.pushErrorScope("out-of-memory");
  const result = Promise.try(work);
  const scopes = ["memory", "internal", "validation"].map(() =>
    device.popErrorScope()
  );
  const [[done], reported] = await Promise.all([
    Promise.allSettled([result]),
    Promise.allSettled(scopes),
  ]);
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
  if (done.status === "rejected") throw await lossOf(device, done.reason);
  return done.value;
}

/** Why a result did not come: as a rule, the device is lost. */
async function lossOf(
  device: WatchedDevice,
  reason: unknown,
): Promise<unknown> {
  const moment = new Promise<null>((resolve) =>
    setTimeout(() => resolve(null), 100)
  );
  const loss = await Promise.race([device.lost, moment]);
  if (loss === null) return reason;
  return new Error(
    "Cannot run the dense CRF as the GPU must not be lost meanwhile: " +
      `${loss.reason}, ${loss.message}`,
    { cause: reason },
  );
}
