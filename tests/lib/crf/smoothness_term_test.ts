import { ok } from "node:assert/strict";
import fc from "fast-check";
import { denseCrf } from "../../../lib/crf/dense_crf.ts";
import type { LabelPlanes } from "../../../lib/crf/label_planes.ts";
import { noisePicture } from "./crf_pictures.ts";

/** Left to right, or upside down. */
function flipped(planes: LabelPlanes, axis: "across" | "down"): LabelPlanes {
  const { width, height } = planes;
  const data = planes.data.map((_, i) => {
    const x = i % width;
    const y = Math.floor(i / width) % height;
    const from = axis === "across"
      ? i - x + width - 1 - x
      : i + (height - 1 - 2 * y) * width;
    return planes.data[from]!;
  });
  return { ...planes, data };
}

const cases = fc.record({
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 40 }),
  labelCount: fc.integer({ min: 2, max: 6 }),
  sigmaPx: fc.oneof(
    fc.double({ min: 0.3, max: 1.2, noNaN: true }),
    fc.double({ min: 1.21, max: 60, noNaN: true }),
  ),
  normalisation: fc.constantFrom("after" as const, "symmetric" as const),
  seed: fc.nat(),
});

for (const axis of ["across", "down"] as const) {
  Deno.test(`denseCrf with smoothness alone flips with its unary, ${axis}`, () => {
    fc.assert(
      fc.property(cases, ({ seed, sigmaPx, normalisation, ...size }) => {
        const { image, unary } = noisePicture(seed, size);
        const options = {
          appearanceWeight: 0,
          appearanceSigmaPx: 1,
          appearanceSigmaLevels: 1,
          smoothnessWeight: 2,
          smoothnessSigmaPx: sigmaPx,
          iterations: 3,
          normalisation,
        };
        const plain = denseCrf(image, unary, options);
        const other = denseCrf(image, flipped(unary, axis), options);
        flipped(other, axis).data.forEach((q, i) =>
          ok(Math.abs(q - plain.data[i]!) < 1e-5, `${q} ${plain.data[i]}`)
        );
      }),
      { numRuns: 50 },
    );
  });
}
