import { ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { type CrfWork, workMemory } from "../../../lib/crf/crf_memory.ts";
import { denseCrf, RESNET101_CRF } from "../../../lib/crf/dense_crf.ts";
import { seededRandom } from "../../../lib/random.ts";

const RGB = {
  channels: 3,
  bytesPerValue: 1,
  hasAppearance: true,
  hasSmoothness: true,
  isSymmetric: true,
  stopEarly: false,
};

/** Runs on noise, or on one colour; returns the memory taken. */
function run(
  work: CrfWork,
  levels: number,
  memoryLimit = 2 ** 32,
  smoothnessSigmaPx = 1,
): number {
  const { width, height, labelCount } = work;
  const random = seededRandom(8);
  const data = Uint8Array.from(
    { length: 3 * width * height },
    () => random.below(levels),
  );
  const unary = new Float32Array(labelCount * width * height);
  let bytes = 0;
  denseCrf(
    { width, height, data },
    { labelCount, width, height, data: unary },
    {
      ...RESNET101_CRF,
      iterations: 1,
      smoothnessSigmaPx,
      memoryLimit,
      onEvent: (event) => bytes = Math.max(bytes, event.memoryBytes),
    },
  );
  return bytes;
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
        const work = { ...RGB, ...size };
        // Fails where it would need more.
        run(work, levels, workMemory(work).mostBytes, sigmaPx);
      },
    ),
    { numRuns: 40 },
  );
});

const WORK = { ...RGB, width: 300, height: 200, labelCount: 21 };

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
  const { leastBytes } = workMemory(WORK);
  const fresh = run(WORK, 1, leastBytes + 2 ** 20);
  ok(fresh > 0.7 * leastBytes, `${fresh} of ${leastBytes}`);
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
  throws(() => run(work, 255, workMemory(work).leastBytes + 1e6), {
    name: "RangeError",
    message:
      /^Cannot run the dense CRF as it must need at most \d\.\d MiB of memory: 300 × 200 pixels and 2 labels, with \d+ vertices or more, need up to \d+\.\d MiB$/,
  });
});
