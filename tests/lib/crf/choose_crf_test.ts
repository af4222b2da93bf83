import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  chooseCrf,
  type CrfGpu,
  type CrfMachine,
} from "../../../lib/crf/choose_crf.ts";
import { denseCrf, RESNET101_CRF } from "../../../lib/crf/dense_crf.ts";
import { testOnGpu } from "./gpu/on_gpu.ts";
import { difference, randomPicture } from "./gpu/random_picture.ts";

const PICTURE = randomPicture({ width: 8, height: 6, labelCount: 2 }, 1);

/** A machine with a GPU, or with none. */
function machine(gpu: Partial<CrfGpu> | null): CrfMachine {
  const whole: CrfGpu | null = gpu && {
    name: "RTX 4090",
    isHardware: true,
    open: () =>
      Promise.resolve({
        run: ({ unary }) => Promise.resolve(unary),
        dispose() {},
      }),
    ...gpu,
  };
  return { findGpu: () => Promise.resolve(whole) };
}

Deno.test("chooseCrf takes a GPU that is there", async () => {
  const { device, why } = await chooseCrf("auto", machine({}));
  strictEqual(device, "gpu");
  strictEqual(why, "CRF on gpu (RTX 4090), as it was found");
});

Deno.test("chooseCrf takes the CPU where there is no GPU", async () => {
  const { device, why, run } = await chooseCrf("auto", machine(null));
  strictEqual(device, "cpu");
  strictEqual(why, "CRF on cpu, as no GPU was found");
  deepStrictEqual(
    await run(PICTURE, RESNET101_CRF),
    denseCrf(PICTURE.image, PICTURE.unary, RESNET101_CRF),
  );
});

Deno.test("chooseCrf takes a program that stands in for a GPU only if asked to", async () => {
  const llvmpipe = machine({ name: "llvmpipe", isHardware: false });
  const { device, why } = await chooseCrf("auto", llvmpipe);
  strictEqual(device, "cpu");
  strictEqual(why, "CRF on cpu, as llvmpipe is no hardware");
  const asked = await chooseCrf("gpu", llvmpipe);
  strictEqual(asked.device, "gpu");
  strictEqual(asked.why, "CRF on gpu (llvmpipe), as it was asked for");
});

Deno.test("chooseCrf falls from a GPU that does not start to the CPU, unless asked for", async () => {
  const broken = machine({ open: () => Promise.reject(new Error("it broke")) });
  const { device, why } = await chooseCrf("auto", broken);
  strictEqual(device, "cpu");
  strictEqual(why, "CRF on cpu, as RTX 4090 did not start: it broke");
  await rejects(chooseCrf("gpu", broken), { message: "it broke" });
});

Deno.test("chooseCrf takes the CPU if asked to, and looks for no GPU", async () => {
  const findGpu = () => Promise.reject(new Error("not to be looked for"));
  const { device, why } = await chooseCrf("cpu", { findGpu });
  strictEqual(device, "cpu");
  strictEqual(why, "CRF on cpu, as it was asked for");
});

Deno.test("chooseCrf does not fall from a GPU that was asked for and is not there", async () => {
  await rejects(chooseCrf("gpu", machine(null)), {
    name: "Error",
    message: "Cannot run the dense CRF on a GPU as WebGPU must have an " +
      "adapter: there is none",
  });
});

Deno.test("chooseCrf tells errors of the CPU as promises too", async () => {
  const { run } = await chooseCrf("cpu");
  const options = { ...RESNET101_CRF, iterations: -1 };
  await rejects(run(PICTURE, options), { name: "RangeError" });
});

testOnGpu("chooseCrf runs on the GPU of this machine", async () => {
  const crf = await chooseCrf("gpu");
  const options = { ...RESNET101_CRF, smoothnessWeight: 0 };
  const marginals = await crf.run(PICTURE, options);
  const { data } = denseCrf(PICTURE.image, PICTURE.unary, options);
  strictEqual(difference(marginals, data).mean < 1e-5, true);
  crf.dispose();
  await rejects(crf.run(PICTURE, options), /the GPU must not be lost/);
});
