import { deepStrictEqual, rejects } from "node:assert/strict";
import {
  type DenseCrfOptions,
  WSSL_BOX_CRF,
} from "../../../../lib/crf/dense_crf.ts";
import { type GpuCrf, openGpuCrf } from "../../../../lib/crf/gpu/gpu_crf.ts";
import { requestDevice, testOnGpu } from "./on_gpu.ts";
import { MILD, randomPicture, SMALL } from "./random_picture.ts";

/** What is thrown for a picture that is right but for some part. */
async function assertRefused(
  crf: GpuCrf,
  wrong: {
    image?: Record<string, unknown>;
    unary?: Record<string, unknown>;
    options?: Partial<DenseCrfOptions>;
  },
  message: string,
): Promise<void> {
  const { image, unary } = randomPicture(SMALL, 9);
  const picture = {
    image: { ...image, ...wrong.image },
    unary: { ...unary, ...wrong.unary },
  };
  const options = { ...MILD, ...wrong.options };
  await rejects(crf.run([picture], options), { name: "RangeError", message });
}

testOnGpu("GpuCrf names the pixel whose unary is NaN", async (crf) => {
  const { data } = randomPicture(SMALL, 9).unary;
  data[108 + 12 + 5] = NaN;
  await assertRefused(
    crf,
    { unary: { data } },
    "Cannot run the dense CRF as a unary must be −ln p, a number above −∞: " +
      "NaN of label 1 at pixel (5, 1)",
  );
});

testOnGpu(
  "GpuCrf refuses a picture of another size, or not of RGB",
  async (crf) => {
    await assertRefused(
      crf,
      { image: { width: 9, height: 12 } },
      "Cannot run the dense CRF as image and unary must be of one size: image " +
        "is 9 × 12, unary is 12 × 9",
    );
    await assertRefused(
      crf,
      { image: { data: new Uint8Array(432) } },
      "Cannot run the dense CRF as an image must hold H × W × 3 values: 432 " +
        "values for 9 × 12 × 3",
    );
  },
);

testOnGpu("GpuCrf refuses parameters out of their range", async (crf) => {
  const cannot = "Cannot run the dense CRF as ";
  const cases: readonly [Partial<DenseCrfOptions>, string][] = [
    [
      { iterations: 2.5 },
      "iterations must be a whole number of at least 0: 2.5",
    ],
    [{ appearanceWeight: -1 }, "appearanceWeight must be 0…1000000: -1"],
    [{ smoothnessWeight: NaN }, "smoothnessWeight must be 0…1000000: NaN"],
    [
      { smoothnessSigmaPx: 0 },
      "smoothnessSigmaPx must be above 0 and finite: 0",
    ],
    [
      { normalisation: "none" as "after" },
      'normalisation must be "after" or "symmetric": "none"',
    ],
  ];
  for (const [options, found] of cases) {
    await assertRefused(crf, { options }, cannot + found);
  }
});

testOnGpu("GpuCrf refuses more labels than it has room for", async (crf) => {
  const picture = randomPicture({ width: 1, height: 1, labelCount: 258 }, 1);
  await rejects(crf.run([picture], MILD), {
    name: "RangeError",
    message: "Cannot run the dense CRF on the GPU as labels must be at most " +
      "257: 258",
  });
});

testOnGpu(
  "GpuCrf cuts a batch to what fits the device, and refuses what never does",
  async (crf) => {
    const device = await requestDevice((adapter) => adapter.requestDevice());
    const least = await openGpuCrf(device);
    const options = { ...WSSL_BOX_CRF, iterations: 0 };
    const pictures = [1, 2].map((seed) =>
      randomPicture({ width: 900, height: 700, labelCount: 2 }, seed)
    );
    const [first, second] = await least.run(pictures, options);
    deepStrictEqual([first], await crf.run(pictures.slice(0, 1), options));
    deepStrictEqual([second], await crf.run(pictures.slice(1), options));
    const large = randomPicture(
      { width: 1300, height: 1000, labelCount: 2 },
      3,
    );
    await rejects(least.run([large], options), {
      name: "RangeError",
      message:
        "Cannot run the dense CRF on the GPU as each of its buffers must " +
        `be at most the device's ${2 ** 27} bytes: "neighbours" is 140449152 ` +
        "bytes for 2 labels of 1300000 pixels",
    });
    device.destroy();
  },
);

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
