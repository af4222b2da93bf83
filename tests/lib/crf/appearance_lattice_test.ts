import { ok } from "node:assert/strict";
import fc from "fast-check";
import { denseCrf } from "../../../lib/crf/dense_crf.ts";
import type { FeatureImage } from "../../../lib/crf/feature_image.ts";
import type { LabelPlanes } from "../../../lib/crf/label_planes.ts";
import { type Mirroring, mirroringsOf } from "../../../lib/crf/mirroring.ts";
import { seededRandom } from "../../../lib/random.ts";
import { latticeFilter } from "./lattice_filter.ts";

interface Case {
  readonly image: FeatureImage;
  readonly labelCount: number;
  readonly sigmaPx: number;
  readonly sigmaLevels: number;
  readonly normalisation: "after" | "symmetric";
}

const cases: fc.Arbitrary<Case> = fc.record({
  width: fc.integer({ min: 1, max: 9 }),
  height: fc.integer({ min: 1, max: 9 }),
  channels: fc.integer({ min: 1, max: 5 }),
  labelCount: fc.integer({ min: 2, max: 10 }),
  sigmaPx: fc.double({ min: 0.3, max: 30, noNaN: true }),
  sigmaLevels: fc.double({ min: 0.3, max: 30, noNaN: true }),
  normalisation: fc.constantFrom("after" as const, "symmetric" as const),
  seed: fc.nat(),
}).map(({ width, height, channels, seed, ...rest }) => {
  const random = seededRandom(seed);
  const data = Uint16Array.from(
    { length: width * height * channels },
    () => random.below(60),
  );
  return { ...rest, image: { width, height, channels, data } };
});

/** A unary of random energies up to 3 nats. */
function randomUnary({ image, labelCount }: Case): LabelPlanes {
  const random = seededRandom(1);
  const { width, height } = image;
  const data = Float32Array.from(
    { length: labelCount * width * height },
    () => 3 * random.uniform(),
  );
  return { labelCount, width, height, data };
}

/** Mean field with the oracle's filter, two iterations. */
function slowCrf(
  { image, sigmaPx, sigmaLevels, normalisation }: Case,
  unary: LabelPlanes,
  { across, down }: Mirroring,
): number[] {
  const { width, height, channels, data } = image;
  const pixelCount = width * height;
  const column = (x: number) => across ? width - 1 - x : x;
  const row = (y: number) => down ? height - 1 - y : y;
  const filter = latticeFilter(
    Array.from({ length: pixelCount }, (_, p) => [
      column(p % width) / sigmaPx,
      row(Math.floor(p / width)) / sigmaPx,
      ...Array.from(data.subarray(p * channels, (p + 1) * channels))
        .map((value) => value / sigmaLevels),
    ]),
  );
  const n = filter(Array(pixelCount).fill(1));
  const isSymmetric = normalisation === "symmetric";
  const sent = n.map((sum) => isSymmetric ? 1 / Math.sqrt(sum) : 1);
  const received = n.map((sum) => 2 / (isSymmetric ? Math.sqrt(sum) : sum));
  let messages = Array<number>(unary.data.length).fill(0);
  for (let iteration = 0; iteration < 2; iteration++) {
    const q = softmax(unary, messages);
    messages = Array.from({ length: unary.labelCount }, (_, label) => {
      const from = q.slice(label * pixelCount, (label + 1) * pixelCount);
      return filter(from.map((value, p) => value * sent[p]!))
        .map((value, p) => value * received[p]!);
    }).flat();
  }
  return softmax(unary, messages);
}

function softmax(unary: LabelPlanes, messages: readonly number[]): number[] {
  const pixelCount = unary.width * unary.height;
  const odds = messages.map((message, i) => Math.exp(message - unary.data[i]!));
  const sums = Array<number>(pixelCount).fill(0);
  odds.forEach((odd, i) => sums[i % pixelCount]! += odd);
  return odds.map((odd, i) => odd / sums[i % pixelCount]!);
}

Deno.test("denseCrf filters as a lattice written from the paper does", () => {
  fc.assert(
    fc.property(cases, (it) => {
      const [mirroring, ...others] = mirroringsOf(it.image);
      // Its own mirror image: mirroring_test.ts.
      fc.pre(others.length === 0);
      const unary = randomUnary(it);
      const { data } = denseCrf(it.image, unary, {
        appearanceWeight: 2,
        appearanceSigmaPx: it.sigmaPx,
        appearanceSigmaLevels: it.sigmaLevels,
        smoothnessWeight: 0,
        smoothnessSigmaPx: 1,
        iterations: 2,
        normalisation: it.normalisation,
      });
      const slow = slowCrf(it, unary, mirroring!);
      data.forEach((q, i) =>
        ok(Math.abs(q - slow[i]!) < 2e-5, `${q} ${slow[i]}`)
      );
    }),
    { numRuns: 30 },
  );
});
