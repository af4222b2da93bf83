import { deepStrictEqual, ok } from "node:assert/strict";
import {
  type CrfEvent,
  denseCrf,
  type DenseCrfOptions,
} from "../../../lib/crf/dense_crf.ts";
import { type LabelPlanes, mapLabels } from "../../../lib/crf/label_planes.ts";
import type { RgbImage } from "../../../lib/image/image.ts";
import { seededRandom } from "../../../lib/random.ts";

const PARAMS: DenseCrfOptions = {
  appearanceWeight: 0.5,
  appearanceSigmaPx: 1,
  appearanceSigmaLevels: 1,
  smoothnessWeight: 1.5,
  smoothnessSigmaPx: 1,
  iterations: 4,
  normalisation: "after",
};

Deno.test("the mean field of one pixel sends its own Q to itself", () => {
  // Normalised by itself, the lone pixel's message for label l is w · Q(l):
  // Q ← softmax(−U + 2 Q), from Q = softmax(−U) = (0.5, 0.3, 0.2).
  const image = { width: 1, height: 1, data: new Uint8Array(3) };
  const unary = {
    labelCount: 3,
    width: 1,
    height: 1,
    data: Float32Array.of(0.5, 0.3, 0.2).map((p) => -Math.log(p)),
  };
  let q = [0.5, 0.3, 0.2];
  for (let iterations = 0; iterations < 4; iterations++) {
    const marginals = denseCrf(image, unary, { ...PARAMS, iterations });
    q.forEach((value, l) => ok(Math.abs(marginals.data[l]! - value) < 1e-6));
    const odds = [0.5, 0.3, 0.2].map((p, l) => p * Math.exp(2 * q[l]!));
    const sum = odds.reduce((a, b) => a + b);
    q = odds.map((odd) => odd / sum);
  }
});

Deno.test("the mean field keeps apart energies that overflow an exponential", () => {
  const image = { width: 2, height: 1, data: new Uint8Array(6) };
  const data = Float32Array.of(-900, 1e30, 900, 1e30);
  const unary = { labelCount: 2, width: 2, height: 1, data };
  const weights = { appearanceWeight: 0, smoothnessWeight: 0 };
  deepStrictEqual(
    denseCrf(image, unary, { ...PARAMS, ...weights }).data,
    Float32Array.of(1, 0.5, 0, 0.5),
  );
});

/** Noise on a ramp, and energies that hesitate between labels. */
function hesitant(labelCount: number): [RgbImage, LabelPlanes] {
  const size = { width: 21, height: 17 };
  const random = seededRandom(3);
  const data = Uint8Array.from(
    { length: size.width * size.height * 3 },
    (_, i) => i / 6 + random.below(9),
  );
  const energies = Float32Array.from(
    { length: labelCount * size.width * size.height },
    () => 2 * random.uniform(),
  );
  return [{ ...size, data }, { ...size, labelCount, data: energies }];
}

for (const labelCount of [2, 5]) {
  const [image, unary] = hesitant(labelCount);
  const options = {
    ...PARAMS,
    appearanceSigmaPx: 5,
    appearanceSigmaLevels: 20,
    appearanceWeight: 2,
    iterations: 50,
  };
  const after = (iterations: number) =>
    denseCrf(image, unary, { ...options, iterations });

  Deno.test(`stopEarly ends when no label changes, ${labelCount} labels`, () => {
    let last = 0;
    const early = denseCrf(image, unary, {
      ...options,
      stopEarly: true,
      onEvent: (event) => {
        if (event.type === "iterated") last = event.iteration;
      },
    });
    ok(last > 1 && last < 50, `${last} iterations`);
    deepStrictEqual(early, after(last));
    const labels = (iterations: number) => mapLabels(after(iterations)).data;
    deepStrictEqual(labels(last - 1), labels(last));
    for (let i = 1; i < last; i++) {
      ok(labels(i - 1).some((label, p) => label !== labels(i)[p]), `${i}`);
    }
  });

  Deno.test(`stopEarly changes nothing before, ${labelCount} labels`, () => {
    deepStrictEqual(
      denseCrf(image, unary, { ...options, iterations: 2, stopEarly: true }),
      after(2),
    );
  });
}

for (const iterations of [0, 1, 3]) {
  Deno.test(`denseCrf tells of its build and ${iterations} iterations, and gives the same`, () => {
    const [image, unary] = hesitant(3);
    const told: CrfEvent[] = [];
    const options = { ...PARAMS, iterations };
    const marginals = denseCrf(image, unary, {
      ...options,
      onEvent: (event) => told.push(event),
    });
    deepStrictEqual(marginals, denseCrf(image, unary, options));
    const [built, ...rest] = told;
    ok(built?.type === "built" && built.memoryBytes > 65536);
    ok(iterations > 0 ? built.vertexCount > 6 : built.vertexCount === 0);
    const { memoryBytes } = built;
    deepStrictEqual(
      rest,
      [1, 2, 3].slice(0, iterations).map((iteration) => ({
        type: "iterated",
        iteration,
        memoryBytes,
      })),
    );
  });
}
