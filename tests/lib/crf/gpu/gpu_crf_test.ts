import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  denseCrf,
  type DenseCrfOptions,
  RESNET101_CRF,
  WSSL_BOX_CRF,
} from "../../../../lib/crf/dense_crf.ts";
import type { GpuCrf } from "../../../../lib/crf/gpu/gpu_crf.ts";
import { exactCrf } from "../exact_crf.ts";
import {
  mirroredPicture,
  mirroredPlanes,
  MIRRORS,
  symmetricImage,
  symmetricPlanes,
} from "../mirrored.ts";
import { testOnGpu } from "./on_gpu.ts";
import { difference, MILD, randomPicture, SMALL } from "./random_picture.ts";

/** Filtered by the same lattice on a CPU. */
const APPEARANCE: DenseCrfOptions = { ...MILD, smoothnessWeight: 0 };

/** What may differ by rounding. */
function assertEqual(
  marginals: { data: Float32Array },
  expected: ArrayLike<number>,
): void {
  const { mean, most } = difference(marginals, expected);
  ok(mean < 1e-5 && most < 1e-3, `${mean} ${most}`);
}

for (const normalisation of ["after", "symmetric"] as const) {
  testOnGpu(
    `GpuCrf is near brute force, normalisation ${normalisation}`,
    async (crf) => {
      const options = { ...MILD, normalisation };
      const picture = randomPicture(SMALL, 1);
      const [marginals] = await crf.run([picture], options);
      const exact = exactCrf(picture.image, picture.unary, options);
      const { mean } = difference(marginals!, exact);
      ok(mean < 0.005, `${mean}`);
    },
  );
}

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 14 }),
  height: fc.integer({ min: 1, max: 10 }),
  labelCount: fc.integer({ min: 1, max: 6 }),
});
const normalisations = fc.constantFrom("after" as const, "symmetric" as const);
const iterations = fc.integer({ min: 0, max: 4 });

testOnGpu("GpuCrf filters the appearance as denseCrf does", async (crf) => {
  const options = fc.record({
    appearanceWeight: fc.double({ min: 0, max: 5, noNaN: true }),
    // Neither all in one simplex nor all in their own.
    appearanceSigmaPx: fc.double({ min: 0.3, max: 10, noNaN: true }),
    appearanceSigmaLevels: fc.double({ min: 1, max: 50, noNaN: true }),
    iterations,
    normalisation: normalisations,
  });
  await fc.assert(
    fc.asyncProperty(sizes, options, fc.nat(), async (size, options, seed) => {
      const picture = randomPicture(size, seed);
      const all = { ...APPEARANCE, ...options };
      const [marginals] = await crf.run([picture], all);
      const { data } = denseCrf(picture.image, picture.unary, all);
      assertEqual(marginals!, data);
    }),
    { numRuns: 30, seed: 1 },
  );
});

testOnGpu("GpuCrf filters the smoothness exactly", async (crf) => {
  const options = fc.record({
    smoothnessWeight: fc.double({ min: 0, max: 5, noNaN: true }),
    smoothnessSigmaPx: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    iterations,
    normalisation: normalisations,
  });
  await fc.assert(
    fc.asyncProperty(sizes, options, fc.nat(), async (size, options, seed) => {
      const picture = randomPicture(size, seed);
      const all = { ...MILD, appearanceWeight: 0, ...options };
      const [marginals] = await crf.run([picture], all);
      assertEqual(marginals!, exactCrf(picture.image, picture.unary, all));
    }),
    { numRuns: 30, seed: 1 },
  );
});

for (const labelCount of [1, 2, 21, 66, 255]) {
  testOnGpu(`GpuCrf takes ${labelCount} labels`, async (crf) => {
    const picture = randomPicture({ width: 9, height: 7, labelCount }, 2);
    const [marginals] = await crf.run([picture], APPEARANCE);
    const { data } = denseCrf(picture.image, picture.unary, APPEARANCE);
    assertEqual(marginals!, data);
    for (let p = 0; p < 63; p++) {
      let sum = 0;
      for (let at = p; at < data.length; at += 63) sum += marginals!.data[at]!;
      ok(Math.abs(sum - 1) < 1e-5, `${sum} at ${p}`);
    }
  });
}

for (const [width, height] of [[1, 1], [5, 1], [1, 7]] as const) {
  testOnGpu(`GpuCrf takes a picture of ${width} × ${height}`, async (crf) => {
    const picture = randomPicture({ width, height, labelCount: 2 }, 3);
    const [marginals] = await crf.run([picture], MILD);
    const { data } = denseCrf(picture.image, picture.unary, MILD);
    const { mean } = difference(marginals!, data);
    // The smoothness is exact here, and splines there.
    ok(mean < 0.005, `${mean}`);
  });
}

testOnGpu(
  "GpuCrf of mirrored pictures gives the mirrored results",
  async (crf) => {
    const plain = [1, 2, 3].map((seed) => randomPicture(SMALL, seed));
    const { image, unary } = plain[0]!;
    // One colour: the unary decides how it is read.
    plain.push({ image: { ...image, data: new Uint8Array(324) }, unary });
    // Nothing decides.
    plain.push({
      image: MIRRORS.reduce(symmetricImage, image),
      unary: MIRRORS.reduce(symmetricPlanes, unary),
    });
    for (const options of [MILD, { ...MILD, appearanceWeight: 0 }]) {
      const marginals = await crf.run(plain, options);
      for (const mirror of MIRRORS) {
        deepStrictEqual(
          await crf.run(
            plain.map((it) => mirroredPicture(it, mirror)),
            options,
          ),
          marginals.map((it) => mirroredPlanes(it, mirror)),
        );
      }
    }
  },
);

testOnGpu("GpuCrf takes no picture", async (crf) => {
  deepStrictEqual(await crf.run([], MILD), []);
});

testOnGpu(
  "GpuCrf gives many pictures the bytes it gives each alone",
  async (crf) => {
    const kinds = [SMALL, { ...SMALL, labelCount: 5 }, { ...SMALL, width: 20 }];
    const pictures = Array.from(
      { length: 12 },
      (_, i) => randomPicture(kinds[i % 3]!, 10 + i),
    );
    const together = await crf.run(pictures, RESNET101_CRF);
    for (const [i, picture] of pictures.entries()) {
      deepStrictEqual([together[i]], await crf.run([picture], RESNET101_CRF));
    }
  },
);

testOnGpu(
  "GpuCrf gives calls that overlap the bytes it gives each alone",
  async (crf) => {
    const calls = [1, 2, 3, 4, 5, 6].map((labelCount) =>
      [randomPicture(
        { ...SMALL, width: 7 * labelCount, labelCount },
        4,
      )] as const
    );
    const overlapping = await Promise.all(
      calls.map((pictures) => crf.run(pictures, WSSL_BOX_CRF)),
    );
    for (const [i, pictures] of calls.entries()) {
      deepStrictEqual(overlapping[i], await crf.run(pictures, WSSL_BOX_CRF));
    }
  },
);

testOnGpu(
  "GpuCrf gives equal bytes for equal inputs and keeps them",
  async (crf) => {
    const size = { width: 60, height: 50, labelCount: 4 };
    const picture = randomPicture(size, 5);
    const symmetric = { ...WSSL_BOX_CRF, normalisation: "symmetric" } as const;
    const first = await crf.run([picture], symmetric);
    deepStrictEqual(await crf.run([picture], symmetric), first);
    crf.dispose();
    deepStrictEqual(await crf.run([picture], symmetric), first);
    deepStrictEqual(picture, randomPicture(size, 5));
  },
);

testOnGpu(
  "GpuCrf makes room for as many vertices as there are",
  async (crf) => {
    // Six for every pixel.
    const options = {
      ...APPEARANCE,
      appearanceSigmaPx: 0.05,
      appearanceSigmaLevels: 0.05,
    };
    const picture = randomPicture({ width: 40, height: 30, labelCount: 3 }, 6);
    const [marginals] = await crf.run([picture], options);
    const { data } = denseCrf(picture.image, picture.unary, options);
    assertEqual(marginals!, data);
  },
);

testOnGpu(
  "GpuCrf without weights or iterations is the softmax of −U",
  async (crf) => {
    const picture = randomPicture(SMALL, 7);
    const without = { ...MILD, appearanceWeight: 0, smoothnessWeight: 0 };
    for (const options of [without, { ...MILD, iterations: 0 }]) {
      const [marginals] = await crf.run([picture], options);
      const { data } = denseCrf(picture.image, picture.unary, options);
      ok(difference(marginals!, data).most < 1e-6);
    }
  },
);

testOnGpu("GpuCrf forgets the batches before", async (crf) => {
  const tiny = randomPicture({ width: 1, height: 1, labelCount: 2 }, 1);
  const smooth = { ...MILD, appearanceWeight: 0 };
  const first = await crf.run([tiny], MILD);
  const smoothFirst = await crf.run([tiny], smooth);
  await crf.run([randomPicture(SMALL, 2)], RESNET101_CRF);
  deepStrictEqual(await crf.run([tiny], smooth), smoothFirst);
  deepStrictEqual(await crf.run([tiny], MILD), first);
});

testOnGpu(
  "GpuCrf never gives a label that the unary rules out",
  async (crf) => {
    const picture = randomPicture(SMALL, 8);
    picture.unary.data.fill(Infinity, 108, 150);
    const [marginals] = await crf.run([picture], WSSL_BOX_CRF);
    ok(marginals!.data.subarray(108, 150).every((q) => q === 0));
    ok(marginals!.data.every((q) => q >= 0 && q <= 1));
  },
);

/** A picture of one pixel that runs on both, by a unary alone. */
async function ofUnary(crf: GpuCrf, ...energies: number[]): Promise<number[]> {
  const image = { width: 1, height: 1, data: new Uint8Array(3) };
  const unary = {
    labelCount: energies.length,
    width: 1,
    height: 1,
    data: Float32Array.from(energies),
  };
  for (const iterations of [0, 3]) {
    const options = { ...MILD, iterations };
    const [marginals] = await crf.run([{ image, unary }], options);
    assertEqual(marginals!, denseCrf(image, unary, options).data);
  }
  const [marginals] = await crf.run([{ image, unary }], MILD);
  return [...marginals!.data];
}

testOnGpu(
  "GpuCrf tells huge energies from those that rule out",
  async (crf) => {
    const max = 3.4028234663852886e38;
    for (const least of [2e38, max, 1e30, 0, -2e38, -max]) {
      deepStrictEqual(await ofUnary(crf, least, Infinity), [1, 0]);
      deepStrictEqual(await ofUnary(crf, Infinity, least), [0, 1]);
      deepStrictEqual(await ofUnary(crf, Infinity, least, Infinity), [0, 1, 0]);
    }
    deepStrictEqual(await ofUnary(crf, 2e38, 3e38), [1, 0]);
    deepStrictEqual(await ofUnary(crf, -max, max, 0), [1, 0, 0]);
    deepStrictEqual(await ofUnary(crf, max, max), [0.5, 0.5]);
  },
);

testOnGpu(
  "GpuCrf does not mind what all labels have in common",
  async (crf) => {
    const { image, unary } = randomPicture(SMALL, 9);
    // So that nothing is rounded when 2²⁰ is added.
    const data = unary.data.map((energy) => Math.round(8 * energy) / 8);
    const [expected] = await crf.run(
      [{ image, unary: { ...unary, data } }],
      MILD,
    );
    for (const common of [2 ** 20, -(2 ** 20)]) {
      const moved = { ...unary, data: data.map((energy) => energy + common) };
      const [marginals] = await crf.run([{ image, unary: moved }], MILD);
      deepStrictEqual(marginals, expected);
    }
  },
);
