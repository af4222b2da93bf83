/**
 * The dense CRF on a GPU that fails: what it says, and whom it harms.
 */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { openGpuCrf } from "../../../../lib/crf/gpu/gpu_crf.ts";
import { requestDevice, testOnGpu } from "./on_gpu.ts";
import { MILD, randomPicture, SMALL } from "./random_picture.ts";

const LARGE = randomPicture({ width: 100, height: 80, labelCount: 3 }, 1);

/**
 * A device that has no room for `planes` of LARGE, so many times; buffers that
 * are not valid stand in for those that found no memory.
 */
async function scarceDevice(times: number): Promise<GPUDevice> {
  const device = await requestDevice();
  const create = device.createBuffer.bind(device);
  let left = times;
  device.createBuffer = (buffer) => {
    const isScarce = buffer.label === "planes" && buffer.size > 40_000;
    if (!isScarce || left-- <= 0) return create(buffer);
    return create({ ...buffer, size: 2 ** 50 });
  };
  return device;
}

testOnGpu(
  "GpuCrf without memory for one batch gives its neighbours theirs",
  async (crf) => {
    const device = await scarceDevice(Infinity);
    const scarce = await openGpuCrf(device);
    const small = [2, 3, 4].map((seed) => randomPicture(SMALL, seed));
    const [large, ...others] = await Promise.allSettled(
      [LARGE, ...small].map((picture) => scarce.run([picture], MILD)),
    );
    strictEqual(large?.status, "rejected");
    for (const [i, other] of others.entries()) {
      const value = await crf.run([small[i]!], MILD);
      deepStrictEqual(other, { status: "fulfilled", value });
    }
    device.destroy();
  },
);

testOnGpu("GpuCrf makes room where there is none at first", async (crf) => {
  const device = await scarceDevice(1);
  const scarce = await openGpuCrf(device);
  const small = randomPicture(SMALL, 2);
  const results = await Promise.all(
    [small, LARGE, small].map((picture) => scarce.run([picture], MILD)),
  );
  const expected = await crf.run([small, LARGE], MILD);
  deepStrictEqual(results.flat(), [...expected, expected[0]]);
  device.destroy();
});

testOnGpu("GpuCrf may be disposed of while it runs", async (crf) => {
  const device = await requestDevice();
  const other = await openGpuCrf(device);
  const running = [LARGE, LARGE, LARGE, LARGE].map((picture) =>
    other.run([picture], MILD)
  );
  for (let turn = 0; turn < 20; turn++) {
    other.dispose();
    await Promise.resolve();
  }
  const [expected] = await crf.run([LARGE], MILD);
  for (const each of await Promise.all(running)) {
    deepStrictEqual(each, [expected]);
  }
  device.destroy();
});

testOnGpu("GpuCrf says that the device is lost", async () => {
  const device = await requestDevice();
  const crf = await openGpuCrf(device);
  const running = crf.run([randomPicture(SMALL, 1)], MILD);
  device.destroy();
  await rejects(
    running,
    /^Error: Cannot run the dense CRF as the GPU must not/,
  );
  await rejects(crf.run([randomPicture(SMALL, 1)], MILD), {
    message: "Cannot run the dense CRF as the GPU must not be lost " +
      "meanwhile: destroyed, device was lost",
  });
});

testOnGpu("GpuCrf says that the device was lost before", async () => {
  const device = await requestDevice();
  const crf = await openGpuCrf(device);
  device.destroy();
  await rejects(
    crf.run([randomPicture(SMALL, 1)], MILD),
    /^Error: Cannot run the dense CRF as the GPU must not be lost/,
  );
});
