import { ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { type CrfWork, workMemory } from "../../../lib/crf/crf_memory.ts";
import {
  denseCrf,
  type DenseCrfOptions,
  RESNET101_CRF,
} from "../../../lib/crf/dense_crf.ts";
import { crfWork } from "../../../lib/crf/dense_crf_memory.ts";
import { openPictureCrf } from "../../../lib/crf/picture_crf.ts";
import { filteredLength } from "../../../lib/crf/position_filter.ts";
import { seededRandom } from "../../../lib/random.ts";

const RGB = {
  channels: 3,
  bytesPerValue: 1,
  hasAppearance: true,
  isSymmetric: true,
  stopEarly: false,
};

/** What a run took. */
interface Taken {
  readonly bytes: number;
  readonly vertexCount: number;
}

/** Runs on noise, or on one colour. */
function run(
  work: CrfWork,
  levels: number,
  memoryLimit = 2 ** 32,
  smoothnessSigmaPx = 1,
): Taken {
  const { width, height, labelCount } = work;
  const random = seededRandom(8);
  const data = Uint8Array.from(
    { length: 3 * width * height },
    () => random.below(levels),
  );
  const unary = new Float32Array(labelCount * width * height);
  let bytes = 0;
  let vertexCount = 0;
  denseCrf(
    { width, height, data },
    { labelCount, width, height, data: unary },
    {
      ...RESNET101_CRF,
      iterations: 1,
      smoothnessSigmaPx,
      memoryLimit,
      onEvent: (event) => {
        bytes = Math.max(bytes, event.memoryBytes);
        if (event.type === "built") vertexCount = event.vertexCount;
      },
    },
  );
  return { bytes, vertexCount };
}

Deno.test("denseCrf needs no more memory than workMemory says", () => {
  const works = fc.record({
    width: fc.integer({ min: 1, max: 120 }),
    height: fc.integer({ min: 1, max: 120 }),
    labelCount: fc.oneof(fc.integer({ min: 2, max: 9 }), fc.constant(255)),
  });
  fc.assert(
    fc.property(
      works,
      fc.constantFrom(1, 255),
      fc.constantFrom(0.3, 1, 1.2, 1.21, 3, 500),
      (size, levels, sigmaPx) => {
        const smoothnessRows = filteredLength(size.height, sigmaPx);
        const work = { ...RGB, ...size, smoothnessRows };
        // Fails where it would need more.
        const { mostBytes } = workMemory(work);
        const { vertexCount } = run(work, levels, mostBytes, sigmaPx);
        const known = workMemory(work, vertexCount);
        run(work, levels, known.mostBytes, sigmaPx);
      },
    ),
    { numRuns: 40 },
  );
});

/** A picture of one channel, and a CRF of which the lattice is the most. */
function grey(width: number, height: number, data: Uint8Array | Float32Array) {
  const image = { width, height, channels: 1, data };
  const unary = {
    labelCount: 2,
    width,
    height,
    data: new Float32Array(2 * width * height),
  };
  const options: DenseCrfOptions = {
    ...RESNET101_CRF,
    smoothnessWeight: 0,
    iterations: 1,
    appearanceSigmaPx: 0.9,
    appearanceSigmaLevels: 1000,
  };
  return { image, unary, options, work: crfWork(image, unary, options) };
}

Deno.test("denseCrf comes near what workMemory says of a lattice it builds", () => {
  // So wide that the table of vertices has just been doubled, and with long
  // lines of neighbours along every axis.
  const rows = Uint8Array.from({ length: 430 * 346 }, (_, p) => p / 430);
  const { image, unary, options, work } = grey(430, 346, rows);
  // Holds the kernel that others left, so that the next one is new.
  using other = openPictureCrf(image, options);
  other.run(unary);
  let taken = { memoryBytes: 0, vertexCount: 0 };
  denseCrf(image, unary, {
    ...options,
    onEvent: (event) => {
      if (event.type === "built") taken = event;
    },
  });
  const { mostBytes } = workMemory(work, taken.vertexCount);
  const share = taken.memoryBytes / mostBytes;
  ok(share > 0.94 && share <= 1, `${share}`);
});

Deno.test("denseCrf refuses before it builds a lattice whose first table does not fit", () => {
  const size = [2000, 1100] as const;
  const { image, unary, options, work } = grey(
    ...size,
    new Float32Array(2000 * 1100),
  );
  const wide = { ...options, appearanceSigmaPx: 1000 };
  const { leastBytes } = workMemory(work);
  // A few vertices more than none.
  denseCrf(image, unary, { ...wide, memoryLimit: leastBytes + 4096 });
  throws(
    () => denseCrf(image, unary, { ...wide, memoryLimit: leastBytes - 1e6 }),
    {
      message: "Cannot run the dense CRF as it must need at most 96.8 MiB of " +
        "memory: 2000 × 1100 pixels and 2 labels need 97.7 MiB",
    },
  );
});

const SIZE = { width: 300, height: 200, labelCount: 21 };
const WORK = { ...RGB, ...SIZE, smoothnessRows: 200 };

Deno.test("denseCrf refuses what cannot fit before it takes memory", () => {
  throws(() => run(WORK, 1, 16e6), {
    name: "RangeError",
    message: "Cannot run the dense CRF as it must need at most 15.3 MiB of " +
      "memory: 300 × 200 pixels and 21 labels need 19.0 MiB",
  });
});

Deno.test("denseCrf refuses a lattice that does not fit", () => {
  const { leastBytes } = workMemory(WORK);
  throws(() => run(WORK, 255, leastBytes + 1e6), {
    name: "RangeError",
    message: "Cannot run the dense CRF as it must need at most 19.9 MiB of " +
      "memory: 300 × 200 pixels and 21 labels, with 348380 vertices, need " +
      "82.1 MiB",
  });
});

Deno.test("denseCrf of one colour takes little more than the least", () => {
  for (const sigmaPx of [1, 3, 20]) {
    const smoothnessRows = filteredLength(200, sigmaPx);
    const { leastBytes } = workMemory({ ...WORK, smoothnessRows });
    const fresh = run(WORK, 1, leastBytes + 2 ** 20, sigmaPx).bytes;
    ok(fresh > 0.7 * leastBytes, `${fresh} of ${leastBytes}`);
  }
});

Deno.test("denseCrf refuses an image that is larger than all the rest", () => {
  const size = { width: 200, height: 100, channels: 32 };
  const data = new Float32Array(200 * 100 * 32);
  const unary = { ...size, labelCount: 2, data: new Float32Array(40000) };
  throws(
    () =>
      denseCrf({ ...size, data }, unary, {
        ...RESNET101_CRF,
        memoryLimit: 8_000_000,
      }),
    {
      name: "RangeError",
      message: "Cannot run the dense CRF as it must need at most 7.6 MiB of " +
        "memory: 200 × 100 pixels and 2 labels need 9.0 MiB",
    },
  );
});

Deno.test("denseCrf refuses a lattice that finds no room while it is built", () => {
  const work = { ...WORK, labelCount: 2 };
  const { leastBytes } = workMemory(work);
  const { vertexCount } = run(work, 255);
  const { mostBytes } = workMemory(work, vertexCount);
  const refused =
    /^Cannot run the dense CRF as it must need at most (\d+\.\d) MiB of memory: 300 × 200 pixels and 2 labels, with \d+ vertices( or more)?, need (up to )?(\d+\.\d) MiB$/;
  let whileBuilt = 0;
  for (let limit = leastBytes; limit < mostBytes; limit += 1e6) {
    try {
      run(work, 255, limit);
    } catch (error) {
      ok(error instanceof RangeError);
      const [, most, orMore, , needed] = refused.exec(error.message)!;
      ok(Number(most) <= Number(needed), error.message);
      if (orMore !== undefined) whileBuilt++;
    }
  }
  ok(whileBuilt > 5, `${whileBuilt}`);
});
