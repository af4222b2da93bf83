import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  chooseCrf,
  type CrfGpu,
  type CrfMachine,
  type RunCrf,
} from "../../../lib/crf/choose_crf.ts";
import { denseCrf, RESNET101_CRF } from "../../../lib/crf/dense_crf.ts";
import { BeyondGpuError } from "../../../lib/crf/gpu/beyond_gpu.ts";
import { testOnGpu } from "./gpu/on_gpu.ts";
import { difference, randomPicture } from "./gpu/random_picture.ts";

const PICTURE = randomPicture({ width: 8, height: 6, labelCount: 2 }, 1);

/** A machine with a GPU, or with none. */
function having(gpu: Partial<CrfGpu> | null): { machine: CrfMachine } {
  const whole: CrfGpu | null = gpu && {
    name: "RTX 4090",
    isHardware: true,
    open: () =>
      Promise.resolve({
        run: ({ unary }) => Promise.resolve(unary),
        [Symbol.dispose]() {},
      }),
    ...gpu,
  };
  return { machine: { findGpu: () => Promise.resolve(whole) } };
}

Deno.test("chooseCrf takes a GPU that is there", async () => {
  const { device, why } = await chooseCrf("auto", having({}));
  strictEqual(device, "gpu");
  strictEqual(why, "CRF on gpu (RTX 4090), as it was found");
});

Deno.test("chooseCrf takes the CPU where there is no GPU", async () => {
  const { device, why, run } = await chooseCrf("auto", having(null));
  strictEqual(device, "cpu");
  strictEqual(why, "CRF on cpu, as no GPU was found");
  deepStrictEqual(
    await run(PICTURE, RESNET101_CRF),
    denseCrf(PICTURE.image, PICTURE.unary, RESNET101_CRF),
  );
});

Deno.test("chooseCrf takes a program that stands in for a GPU only if asked to", async () => {
  const llvmpipe = having({ name: "llvmpipe", isHardware: false });
  const { device, why } = await chooseCrf("auto", llvmpipe);
  strictEqual(device, "cpu");
  strictEqual(why, "CRF on cpu, as llvmpipe is no hardware");
  const asked = await chooseCrf("gpu", llvmpipe);
  strictEqual(asked.device, "gpu");
  strictEqual(asked.why, "CRF on gpu (llvmpipe), as it was asked for");
});

Deno.test("chooseCrf falls from a GPU that does not start to the CPU, unless asked for", async () => {
  const broken = having({ open: () => Promise.reject(new Error("it broke")) });
  const { device, why } = await chooseCrf("auto", broken);
  strictEqual(device, "cpu");
  strictEqual(why, "CRF on cpu, as RTX 4090 did not start: it broke");
  await rejects(chooseCrf("gpu", broken), { message: "it broke" });
});

Deno.test("chooseCrf takes the CPU if asked to, and looks for no GPU", async () => {
  const findGpu = () => Promise.reject(new Error("not to be looked for"));
  const { device, why } = await chooseCrf("cpu", { machine: { findGpu } });
  strictEqual(device, "cpu");
  strictEqual(why, "CRF on cpu, as it was asked for");
});

Deno.test("chooseCrf does not fall from a GPU that was asked for and is not there", async () => {
  await rejects(chooseCrf("gpu", having(null)), {
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

/** A GPU that takes pictures at most so wide, and is lost at one of 1 px. */
function narrow(most: number): Pick<CrfGpu, "open"> {
  const run: RunCrf = ({ unary }) =>
    unary.width === 1
      ? Promise.reject(new Error("the GPU is lost"))
      : unary.width > most
      ? Promise.reject(new BeyondGpuError(`${unary.width} px`))
      : Promise.resolve(unary);
  return { open: () => Promise.resolve({ run, [Symbol.dispose]() {} }) };
}

Deno.test("chooseCrf lets the CPU do what a GPU does not take, and tells it once", async () => {
  const told: string[] = [];
  const { device, run } = await chooseCrf("auto", {
    ...having(narrow(7)),
    onFallback: (why) => told.push(why),
  });
  strictEqual(device, "gpu");
  const wide = randomPicture({ width: 9, height: 6, labelCount: 2 }, 2);
  for (const { image, unary } of [PICTURE, wide]) {
    deepStrictEqual(
      await run({ image, unary }, RESNET101_CRF),
      denseCrf(image, unary, RESNET101_CRF),
    );
  }
  deepStrictEqual(told, ["CRF on cpu for what the GPU does not take: 8 px"]);
  const small = randomPicture({ width: 7, height: 6, labelCount: 2 }, 2);
  strictEqual(await run(small, RESNET101_CRF), small.unary);
});

Deno.test("chooseCrf lets no other error fall to the CPU, and none of a GPU asked for", async () => {
  const thin = randomPicture({ width: 1, height: 6, labelCount: 2 }, 2);
  const found = await chooseCrf("auto", having(narrow(7)));
  await rejects(found.run(thin, RESNET101_CRF), { message: "the GPU is lost" });
  const asked = await chooseCrf("gpu", having(narrow(7)));
  await rejects(asked.run(PICTURE, RESNET101_CRF), BeyondGpuError);
});

testOnGpu("chooseCrf keeps the GPU of this machine open", async () => {
  const first = await chooseCrf("gpu");
  const options = { ...RESNET101_CRF, smoothnessWeight: 0 };
  const marginals = await first.run(PICTURE, options);
  const { data } = denseCrf(PICTURE.image, PICTURE.unary, options);
  strictEqual(difference(marginals, data).mean < 1e-5, true);
  first[Symbol.dispose]();
  const second = await chooseCrf("gpu");
  strictEqual(second.run, first.run);
  deepStrictEqual(await second.run(PICTURE, options), marginals);
  second[Symbol.dispose]();
});
