import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  BANA_CRF,
  denseCrf,
  type DenseCrfOptions,
  WSSL_BOX_CRF,
} from "../../../lib/crf/dense_crf.ts";
import type { CrfImage } from "../../../lib/crf/feature_image.ts";
import type { LabelPlanes } from "../../../lib/crf/label_planes.ts";
import { seededRandom } from "../../../lib/random.ts";

/** Random levels below a bound, as a type of array. */
function image(
  size: { width: number; height: number; channels: number },
  values: (levels: number[]) => CrfImage["data"] = (v) => Uint8Array.from(v),
): CrfImage {
  const random = seededRandom(5);
  const count = size.width * size.height * size.channels;
  return {
    ...size,
    data: values(Array.from({ length: count }, () => random.below(200))),
  };
}

function unary(
  { width, height }: { width: number; height: number },
  labelCount: number,
): LabelPlanes {
  const random = seededRandom(6);
  const data = Float32Array.from(
    { length: labelCount * width * height },
    () => 4 * random.uniform(),
  );
  return { labelCount, width, height, data };
}

function assertMarginals({ data, labelCount }: LabelPlanes): void {
  const pixelCount = data.length / labelCount;
  for (let p = 0; p < pixelCount; p++) {
    let sum = 0;
    for (let l = 0; l < labelCount; l++) {
      const q = data[l * pixelCount + p]!;
      ok(q >= 0 && q <= 1, `${q} of label ${l} at ${p}`);
      sum += q;
    }
    ok(Math.abs(sum - 1) < 1e-5, `${sum} at ${p}`);
  }
}

Deno.test("denseCrf takes any size, any channels and up to 255 labels", () => {
  const cases = fc.record({
    width: fc.integer({ min: 1, max: 140 }),
    height: fc.integer({ min: 1, max: 12 }),
    channels: fc.integer({ min: 1, max: 32 }),
    labelCount: fc.oneof(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 250, max: 255 }),
    ),
    options: fc.constantFrom<DenseCrfOptions>(WSSL_BOX_CRF, BANA_CRF),
  });
  fc.assert(
    fc.property(cases, ({ labelCount, options, ...size }) => {
      assertMarginals(
        denseCrf(image(size), unary(size, labelCount), {
          ...options,
          iterations: 2,
        }),
      );
    }),
    { numRuns: 60 },
  );
});

Deno.test("denseCrf gives equal bytes whatever it ran on before", () => {
  const size = { width: 33, height: 20, channels: 3 };
  const run = (labelCount: number) =>
    denseCrf(image(size), unary(size, labelCount), BANA_CRF).data;
  const alone = run(3);
  const other = { width: 70, height: 31, channels: 5 };
  for (const labelCount of [2, 7, 1]) {
    denseCrf(image(other), unary(other, labelCount), WSSL_BOX_CRF);
    deepStrictEqual(run(3), alone);
  }
});

Deno.test("denseCrf gives equal bytes for bytes, words and floats", () => {
  const size = { width: 13, height: 9, channels: 4 };
  const run = (values: (levels: number[]) => CrfImage["data"]) =>
    denseCrf(image(size, values), unary(size, 3), BANA_CRF).data;
  const bytes = run((levels) => Uint8Array.from(levels));
  deepStrictEqual(run((levels) => Uint8ClampedArray.from(levels)), bytes);
  deepStrictEqual(run((levels) => Uint16Array.from(levels)), bytes);
  deepStrictEqual(run((levels) => Float32Array.from(levels)), bytes);
});

Deno.test("denseCrf takes three channels for RGB", () => {
  const size = { width: 13, height: 9 };
  const named = image({ ...size, channels: 3 });
  const { data } = named;
  const expected = denseCrf(named, unary(size, 2), BANA_CRF);
  for (const plain of [{ data }, { data, channels: undefined }]) {
    deepStrictEqual(
      denseCrf({ ...size, ...plain }, unary(size, 2), BANA_CRF),
      expected,
    );
  }
});

Deno.test("denseCrf takes the bytes of a canvas without alpha", () => {
  const size = { width: 13, height: 9 };
  const data = Uint8ClampedArray.from(image({ ...size, channels: 3 }).data);
  assertMarginals(denseCrf({ ...size, data }, unary(size, 2), BANA_CRF));
});

Deno.test("denseCrf scales features with their std", () => {
  const size = { width: 13, height: 9, channels: 2 };
  const scaled = image(size, (v) => Float32Array.from(v, (x) => x / 256));
  deepStrictEqual(
    denseCrf(scaled, unary(size, 2), {
      ...BANA_CRF,
      appearanceSigmaLevels: 3 / 256,
    }),
    denseCrf(image(size), unary(size, 2), BANA_CRF),
  );
});

const SMALL = { width: 3, height: 2, channels: 2 };

function refuses(wrong: CrfImage, error: { name: string; message: string }) {
  throws(() => denseCrf(wrong, unary(SMALL, 2), WSSL_BOX_CRF), error);
}

Deno.test("denseCrf names the pixel whose feature is no number", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    const wrong = image(SMALL, (levels) => Float32Array.from(levels));
    wrong.data[2 * 4 + 1] = value;
    refuses(wrong, {
      name: "RangeError",
      message: "Cannot run the dense CRF as a feature must be a finite " +
        `number: ${value} of channel 1 at pixel (1, 1)`,
    });
  }
});

Deno.test("denseCrf refuses features that are no numbers and go unused", () => {
  const wrong = image(SMALL, () => new Float32Array(12).fill(NaN));
  const error = { name: "RangeError", message: /a feature must be a finite/ };
  throws(() => denseCrf(wrong, unary(SMALL, 1), BANA_CRF), error);
  const options = { ...BANA_CRF, appearanceWeight: 0 };
  throws(() => denseCrf(wrong, unary(SMALL, 2), options), error);
});

Deno.test("denseCrf refuses images that it cannot read", () => {
  refuses({ ...SMALL, channels: 33, data: new Uint8Array(198) }, {
    name: "RangeError",
    message: "Cannot run the dense CRF as an image must have 1…32 channels: 33",
  });
  refuses({ ...SMALL, data: new Uint16Array(11) }, {
    name: "RangeError",
    message: "Cannot run the dense CRF as an image must hold H × W × 2 " +
      "values: 11 values for 2 × 3 × 2",
  });
  const doubles = new Float64Array(12) as unknown as Float32Array;
  refuses({ ...SMALL, data: doubles }, {
    name: "TypeError",
    message: "Cannot run the dense CRF as an image must be a Uint8Array, " +
      "Uint16Array or Float32Array: [object Float64Array]",
  });
});

Deno.test("denseCrf refuses features that are too far apart", () => {
  const wrong = image(SMALL, (levels) => Float32Array.from(levels));
  wrong.data[0] = 3e38;
  throws(() => denseCrf(wrong, unary(SMALL, 2), WSSL_BOX_CRF), {
    name: "RangeError",
    message: /^Cannot build a lattice as its coordinates must be within ±2⁴⁰: /,
  });
});

Deno.test("denseCrf refuses parameters out of their range", () => {
  const refused = (params: object, message: string) =>
    throws(
      () =>
        denseCrf(image(SMALL), unary(SMALL, 2), { ...WSSL_BOX_CRF, ...params }),
      { name: "RangeError", message: `Cannot run the dense CRF as ${message}` },
    );
  refused(
    { appearanceSigmaLevels: 0 },
    "appearanceSigmaLevels must be above 0 and finite: 0",
  );
  refused({ smoothnessWeight: -1 }, "smoothnessWeight must be 0…1000000: -1");
  refused(
    { normalisation: "before" },
    'normalisation must be "after" or "symmetric": "before"',
  );
  refused(
    { appearanceWeight: 1e300 },
    "appearanceWeight must be 0…1000000: 1e+300",
  );
  refused(
    { appearanceSigmaPx: NaN },
    "appearanceSigmaPx must be above 0 and finite: NaN",
  );
  refused(
    { memoryLimit: 2 ** 33 },
    "memoryLimit must be above 0 and at most 4294967296 bytes: 8589934592",
  );
});

Deno.test("denseCrf refuses 256 labels", () => {
  throws(() => denseCrf(image(SMALL), unary(SMALL, 256), WSSL_BOX_CRF), {
    name: "RangeError",
    message: "Cannot run the dense CRF as there must be 1…255 labels: 256",
  });
});
