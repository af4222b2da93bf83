import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  countImage,
  type ImageCounts,
} from "../../../lib/compare/image_counts.ts";
import { pairedBootstrap } from "../../../lib/compare/paired_bootstrap.ts";
import type { LabelMap } from "../../../lib/label/label_map.ts";
import {
  addConfusion,
  countConfusion,
  emptyConfusion,
} from "../../../lib/metric/confusion_matrix.ts";
import { segmentationScores } from "../../../lib/metric/mean_iou.ts";
import { type Random, seededRandom } from "../../../lib/random.ts";

const CLASSES = 3;

/** One image in truth and two label maps of it. */
interface Triple {
  readonly imageId: string;
  readonly truth: LabelMap;
  readonly a: LabelMap;
  readonly b: LabelMap;
}

/** A set of small images; truths hold void here and there. */
const SET = fc.array(
  fc.array(
    fc.tuple(
      fc.constantFrom(0, 1, 2, 255),
      fc.integer({ min: 0, max: CLASSES - 1 }),
      fc.integer({ min: 0, max: CLASSES - 1 }),
    ),
    { minLength: 4, maxLength: 12 },
  ),
  { minLength: 1, maxLength: 8 },
).map((images) =>
  images.map((pixels, i): Triple => {
    const map = (at: 0 | 1 | 2): LabelMap => ({
      width: pixels.length,
      height: 1,
      data: Uint8Array.from(pixels, (pixel) => pixel[at]),
    });
    return { imageId: `i${i}`, truth: map(0), a: map(1), b: map(2) };
  })
);

const SEED = fc.nat(0xffffffff);

function counted(set: readonly Triple[]): ImageCounts[] {
  return set.map((triple) => countImage(triple, CLASSES));
}

/** Mean IoU of drawn images by confusion matrices added up, and nothing else. */
function meanIouByForce(
  set: readonly Triple[],
  drawn: readonly number[],
  side: "a" | "b",
): number | null {
  const total = emptyConfusion(CLASSES);
  for (const i of drawn) {
    const { imageId, truth, [side]: prediction } = set[i]!;
    addConfusion(
      total,
      countConfusion({ imageId, truth, prediction }, CLASSES),
    );
  }
  return segmentationScores(total).meanIou;
}

/** The bootstrap as its definition reads, by the same lots. */
function byForce(set: readonly Triple[], random: Random, draws: number) {
  const differences: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const drawn = set.map(() => random.below(set.length));
    const [a, b] = [
      meanIouByForce(set, drawn, "a"),
      meanIouByForce(set, drawn, "b"),
    ];
    if (a !== null && b !== null) differences.push(b - a);
  }
  differences.sort((x, y) => x - y);
  const cut = Math.floor(differences.length * 0.025);
  return [differences.at(cut), differences.at(-1 - cut)];
}

const near = (a: number, b: number) => Math.abs(a - b) < 1e-12;

Deno.test("pairedBootstrap gives what confusion matrices added up by force give", () => {
  fc.assert(
    fc.property(SET, SEED, (set, seed) => {
      const draws = 40;
      const found = pairedBootstrap(counted(set), {
        random: seededRandom(seed),
        draws,
      });
      const all = set.map((_, i) => i);
      const a = meanIouByForce(set, all, "a");
      const b = meanIouByForce(set, all, "b");
      if (found === null) {
        ok(a === null || b === null);
        return;
      }
      ok(near(found.meanIouA, a!) && near(found.meanIouB, b!));
      const [low, high] = byForce(set, seededRandom(seed), draws);
      ok(near(found.low, low!) && near(found.high, high!));
    }),
    { numRuns: 60 },
  );
});

Deno.test("pairedBootstrap of swapped runs is the same with its sign changed", () => {
  fc.assert(
    fc.property(SET, SEED, (set, seed) => {
      const images = counted(set);
      const swapped = images.map(({ a, b }) => ({ a: b, b: a }));
      const of = (these: readonly Pick<ImageCounts, "a" | "b">[]) =>
        pairedBootstrap(these, { random: seededRandom(seed), draws: 50 });
      const [there, back] = [of(images), of(swapped)];
      if (there === null || back === null) return strictEqual(there, back);
      // + 0, as −0 is not 0.
      deepStrictEqual(
        [there.difference, there.low, there.high].map((x) => x + 0),
        [-back.difference, -back.high, -back.low].map((x) => x + 0),
      );
    }),
    { numRuns: 60 },
  );
});

Deno.test("pairedBootstrap gives the same for the same seed, and stays within −1…1", () => {
  fc.assert(
    fc.property(SET, SEED, (set, seed) => {
      const of = () =>
        pairedBootstrap(counted(set), {
          random: seededRandom(seed),
          draws: 30,
        });
      const found = of();
      deepStrictEqual(of(), found);
      if (found === null) return;
      ok(-1 <= found.low && found.low <= found.high && found.high <= 1);
    }),
    { numRuns: 30 },
  );
});

/** Label maps that are right but for a share of pixels, wrong at random. */
function noisySet(random: Random, wrongShares: { a: number; b: number }) {
  return Array.from({ length: 30 }, (_, i): Triple => {
    const size = 60;
    const truth = Uint8Array.from(
      { length: size },
      () => random.below(CLASSES),
    );
    const noisy = (share: number) =>
      truth.map((label) =>
        random.uniform() < share ? random.below(CLASSES) : label
      );
    const map = (data: Uint8Array) => ({ width: size, height: 1, data });
    return {
      imageId: `i${i}`,
      truth: map(truth),
      a: map(noisy(wrongShares.a)),
      b: map(noisy(wrongShares.b)),
    };
  });
}

Deno.test("the interval nearly always holds the difference that was observed", () => {
  const random = seededRandom(5);
  const sets = Array.from(
    { length: 60 },
    () => noisySet(random, { a: random.uniform(), b: random.uniform() }),
  );
  const held = sets.filter((set) => {
    const { low, difference, high } = pairedBootstrap(counted(set), {
      random: random.split("draws"),
      draws: 300,
    })!;
    return low <= difference && difference <= high;
  });
  ok(held.length >= 59, `${held.length} of 60`);
});

Deno.test("the interval holds 0 for like runs nearly as often as it says, seldom for unlike ones", () => {
  const random = seededRandom(6);
  const holdsZero = (shares: { a: number; b: number }) =>
    Array.from(
      { length: 100 },
      (_, i) =>
        pairedBootstrap(counted(noisySet(random, shares)), {
          random: seededRandom(i),
          draws: 200,
        })!,
    ).filter(({ low, high }) => low <= 0 && 0 <= high).length;
  // 95 of 100 are expected; a percentile interval of 30 images is a bit short.
  const alike = holdsZero({ a: 0.3, b: 0.3 });
  ok(alike >= 85, `${alike} of 100`);
  strictEqual(holdsZero({ a: 0.3, b: 0.6 }), 0);
});

Deno.test("pairedBootstrap of nothing is null", () => {
  const random = seededRandom(1);
  strictEqual(pairedBootstrap([], { random }), null);
  const none = { rightC: new Float64Array(2), unionC: new Float64Array(2) };
  strictEqual(pairedBootstrap([{ a: none, b: none }], { random }), null);
});
