import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  boxCore,
  boxProbabilities,
  presentLabels,
} from "../../../lib/weak/box_unary.ts";
import { unaryFromProbabilities } from "../../../lib/crf/unary.ts";
import { box } from "../../drawings.ts";
import { readGoldens, readPlanes } from "../crf/goldens.ts";

const SIZE = { width: 500, height: 400 };

// [box, core], sides in px: docs/method.md, Proposals.
const CORES = [
  [[100, 100], [48, 48]],
  [[200, 50], [164, 14]],
  [[300, 200], [182, 82]],
  [[12, 40], [2, 30]],
] as const;

for (const [[width, height], [coreWidth, coreHeight]] of CORES) {
  Deno.test(`boxCore of ${width} × ${height} is ${coreWidth} × ${coreHeight}`, () => {
    const core = boxCore(box(1, 50, 60, 50 + width, 60 + height), SIZE);
    const left = 50 + (width - coreWidth) / 2;
    const top = 60 + (height - coreHeight) / 2;
    deepStrictEqual(
      core,
      box(1, left, top, left + coreWidth, top + coreHeight),
    );
  });
}

Deno.test("boxCore of a small box is the box", () => {
  for (const [width, height] of [[10, 12], [9, 300], [300, 9], [1, 1]]) {
    const small = box(2, 5, 5, 5 + width!, 5 + height!);
    deepStrictEqual(boxCore(small, SIZE), small);
  }
  // 11 × 11 = 121 px is no longer small: 5 × 5 < 121 / 4.
  deepStrictEqual(boxCore(box(2, 5, 5, 16, 16), SIZE), box(2, 8, 8, 13, 13));
});

Deno.test("boxCore takes the outer frame of the image away first", () => {
  // The whole image loses 1 px to the frame and then 25 to the shrinking.
  const whole = boxCore(box(1, 0, 0, 100, 100), { width: 100, height: 100 });
  deepStrictEqual(whole, box(1, 26, 26, 74, 74));
  // On one side only, the core moves away from it.
  deepStrictEqual(
    boxCore(box(1, 0, 50, 100, 150), SIZE),
    box(1, 26, 75, 75, 125),
  );
});

Deno.test("boxCore holds less than a quarter of the box, and something", () => {
  const side = fc.integer({ min: 10, max: 300 });
  fc.assert(fc.property(side, side, fc.nat(200), (width, height, left) => {
    fc.pre(width * height >= 121);
    const { x0, x1, y0, y1 } = boxCore(
      box(1, left, 0, left + width, height),
      SIZE,
    );
    ok(x1 > x0 && y1 > y0);
    ok((x1 - x0) * (y1 - y0) < width * height / 4);
  }));
});

Deno.test("boxCore takes other shares", () => {
  const core = boxCore(box(1, 50, 50, 150, 150), SIZE, { coreShare: 0.5 });
  deepStrictEqual(core, box(1, 65, 65, 135, 135));
});

/** Probabilities at one pixel, [L], rounded to 4 digits. */
function at(
  x: number,
  y: number,
  { data, labelCount }: { data: Float32Array; labelCount: number },
): number[] {
  return Array.from(
    { length: labelCount },
    (_, l) => Number(data[(l * SIZE.height + y) * SIZE.width + x]!.toFixed(4)),
  );
}

// Cores: one 48 × 48 at [76, 124)², the other at [116, 164) × [76, 124).
const one = box(3, 50, 50, 150, 150);
const other = box(5, 90, 50, 190, 150);

Deno.test("boxProbabilities of one box: background, ring and core", () => {
  const planes = boxProbabilities([one], SIZE);
  deepStrictEqual(at(10, 10, planes), [1, 0]);
  deepStrictEqual(at(60, 60, planes), [0.5, 0.5]);
  deepStrictEqual(at(100, 100, planes), [0.25, 0.75]);
  ok(Math.abs(planes.data[SIZE.width * SIZE.height]! / 1e-12 - 1) < 1e-6);
});

Deno.test("boxProbabilities where boxes of two classes overlap", () => {
  const planes = boxProbabilities([one, other], SIZE);
  deepStrictEqual(at(100, 60, planes), [0.3333, 0.3333, 0.3333]);
  deepStrictEqual(at(100, 100, planes), [0.2308, 0.4615, 0.3077]);
  deepStrictEqual(at(120, 100, planes), [0.1429, 0.4286, 0.4286]);
});

Deno.test("boxProbabilities averages over boxes of one class", () => {
  const twin = { ...other, classId: 3 };
  const planes = boxProbabilities([one, twin], SIZE);
  deepStrictEqual(at(100, 60, planes), [0.5, 0.5]);
  deepStrictEqual(at(100, 100, planes), [0.375, 0.625]);
  deepStrictEqual(at(120, 100, planes), [0.25, 0.75]);
});

Deno.test("boxProbabilities with all classes adds planes of almost 0", () => {
  const labels = Array.from({ length: 21 }, (_, label) => label);
  const all = boxProbabilities([one], SIZE, { labels });
  const few = boxProbabilities([one], SIZE);
  strictEqual(all.labelCount, 21);
  for (const [x, y] of [[10, 10], [60, 60], [100, 100]] as const) {
    const probabilities = at(x, y, all);
    deepStrictEqual([probabilities[0], probabilities[3]], at(x, y, few));
    strictEqual(probabilities.filter((p) => p > 0).length, x === 10 ? 1 : 2);
  }
});

Deno.test("boxProbabilities can make the core certain", () => {
  const planes = boxProbabilities([one], SIZE, {
    coreProbability: 1,
    ringProbability: 0.25,
  });
  deepStrictEqual(at(100, 100, planes), [0, 1]);
  deepStrictEqual(at(60, 60, planes), [0.75, 0.25]);
  ok(planes.data[100 * SIZE.width + 100]! > 0);
});

Deno.test("boxProbabilities without boxes is background", () => {
  const planes = boxProbabilities([], SIZE);
  strictEqual(planes.labelCount, 1);
  ok(planes.data.every((p) => p === 1));
});

Deno.test("presentLabels lists background and each class once, sorted", () => {
  deepStrictEqual(presentLabels([other, one, one]), [0, 3, 5]);
  deepStrictEqual(presentLabels([]), [0]);
});

Deno.test("boxProbabilities refuses labels without a class of the boxes", () => {
  throws(() => boxProbabilities([one], SIZE, { labels: [0, 1, 2] }), {
    name: "RangeError",
    message: "Cannot make probabilities of boxes as the labels must hold 0 " +
      "and the class of each box: 3 is not among 0, 1, 2",
  });
});

Deno.test("boxProbabilities refuses shares that are none", () => {
  throws(() => boxProbabilities([one], SIZE, { coreProbability: 75 }), {
    name: "RangeError",
    message: "Cannot make probabilities of boxes as coreProbability must be " +
      "0…1: 75",
  });
});

Deno.test("boxProbabilities names the box that leaves the image", () => {
  throws(() => boxProbabilities([one, box(1, 0, 0, 501, 2)], SIZE), {
    name: "RangeError",
    message: "Cannot make probabilities of box 1 as it must be whole pixels " +
      "of the image: box is [0, 501) × [0, 2), image is 500 × 400",
  });
});

// Those whose box keeps off the outer frame, for which they have no rule.
const goldens = readGoldens().filter(({ unary, box }) =>
  unary.endsWith("wssl.unary.f32") && box !== null && Math.min(...box) > 0
);
Deno.test({
  name: "boxProbabilities gives the unaries of the CRF goldens",
  ignore: goldens.length === 0,
  fn() {
    for (const golden of goldens) {
      const unary = unaryFromProbabilities(
        boxProbabilities([box(1, ...golden.box!)], golden),
      );
      const { data } = readPlanes(golden, golden.unary);
      const worst = data.reduce(
        (worst, value, i) => Math.max(worst, Math.abs(value - unary.data[i]!)),
        0,
      );
      ok(worst < 1e-5, `${worst}`);
    }
  },
});
