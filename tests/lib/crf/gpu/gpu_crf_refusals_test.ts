import { deepStrictEqual, rejects, throws } from "node:assert/strict";
import {
  denseCrf,
  type DenseCrfOptions,
  WSSL_BOX_CRF,
} from "../../../../lib/crf/dense_crf.ts";
import type { CrfImage } from "../../../../lib/crf/feature_image.ts";
import { BeyondGpuError } from "../../../../lib/crf/gpu/beyond_gpu.ts";
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

testOnGpu("GpuCrf refuses as many labels as denseCrf does", async (crf) => {
  const picture = randomPicture({ width: 1, height: 1, labelCount: 256 }, 1);
  const refusal = {
    name: "RangeError",
    message: "Cannot run the dense CRF as there must be 1…255 labels: 256",
  };
  throws(() => denseCrf(picture.image, picture.unary, MILD), refusal);
  await rejects(crf.run([picture], MILD), refusal);
});

testOnGpu(
  "GpuCrf tells what only a CPU does from what is wrong",
  async (crf) => {
    const { image, unary } = randomPicture(SMALL, 1);
    const { width, height, data } = image;
    const wide = { width, height, channels: 3, data: Uint16Array.from(data) };
    const grey = { width, height, channels: 1, data: data.subarray(0, 108) };
    const refused = async (image: CrfImage, options: DenseCrfOptions) => {
      denseCrf(image, unary, options);
      await rejects(crf.run([{ image, unary }], options), BeyondGpuError);
    };
    await refused(wide, MILD);
    await refused(grey, MILD);
    await refused(image, { ...MILD, stopEarly: true });
    await refused(image, { ...MILD, appearanceSigmaLevels: 1e-6 });
    await rejects(
      crf.run([{ image, unary }], { ...MILD, iterations: -1 }),
      (error) => !(error instanceof BeyondGpuError),
    );
  },
);

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
      constructor: BeyondGpuError,
      message:
        "Cannot run the dense CRF on the GPU as each of its buffers must " +
        `be at most the device's ${2 ** 27} bytes: "neighbours" is 140449152 ` +
        "bytes for 2 labels of 1300000 pixels",
    });
    device.destroy();
  },
);
