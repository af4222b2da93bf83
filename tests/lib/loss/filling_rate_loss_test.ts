import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { FillingRateOptions } from "../../../lib/train/filling_rate_selection.ts";
import { seededRandom } from "../../../lib/random.ts";
import { box, labelMap } from "../../drawings.ts";
import { oracleLoss, type Scene } from "./filling_rate_oracle.ts";
import { type LossRun, runLoss, slope } from "./loss_run.ts";

const C = 4; // classes with background
const HALF: FillingRateOptions = { rates: { kind: "global", rate: 0.5 } };

/** A crop whose labels are drawn. */
function scene(rows: string[], boxes: Scene["boxes"] = []): Scene {
  const { width, height, data } = labelMap(...rows);
  const subClasses = boxes.map(() => 0);
  return { width, height, labels: data, boxes, subClasses, isTruth: false };
}

/** Scores that give class 1 the rows' digits and other classes 0. */
function scoresOfClass1(...rows: string[]): Float64Array {
  const first = [...rows.join("")].map(Number);
  const zeros = first.map(() => 0);
  return Float64Array.from([zeros, first, zeros, zeros].flat());
}

/** Where the scores have a gradient: `#` in the loss, `.` left out. */
function drawnKept({ gradient }: LossRun, { width, height }: Scene): string[] {
  const cells = width * height;
  const rows = Array.from({ length: height }, (_, y) => y);
  return rows.map((y) =>
    Array.from({ length: width }, (_, x) => {
      const p = y * width + x;
      const slopes = Array.from(
        { length: C },
        (_, c) => gradient[c * cells + p],
      );
      return slopes.some((slope) => slope !== 0) ? "#" : ".";
    }).join("")
  );
}

function keptOf(
  scene: Scene,
  scores: Float64Array,
  rules: FillingRateOptions,
): string[] {
  return drawnKept(runLoss([scene], scores, { classCount: C, rules }), scene);
}

Deno.test("keptPixels keeps the labelled pixels among the k surest of the box", () => {
  // k = ⌊0.5 · 8⌋ = 4: the 9, 8, 7 and 6. The 6 is background and takes a place.
  const one = scene(["1111..", "11..1."], [box(1, 0, 0, 4, 2)]);
  deepStrictEqual(keptOf(one, scoresOfClass1("948300", "706120"), HALF), [
    "#.#.##",
    "#.####",
  ]);
});

Deno.test("keptPixels keeps pixels labelled with the class outside its boxes", () => {
  const one = scene(["111111"], [box(1, 0, 0, 4, 1)]);
  deepStrictEqual(keptOf(one, scoresOfClass1("123400"), HALF), ["..####"]);
});

Deno.test("keptPixels ranks void pixels too, which never count", () => {
  const one = scene(["1??1.."], [box(1, 0, 0, 4, 1)]);
  deepStrictEqual(keptOf(one, scoresOfClass1("199800"), HALF), ["....##"]);
});

Deno.test("keptPixels breaks ties by the smaller index", () => {
  const one = scene(["111111"], [box(1, 0, 0, 6, 1)]);
  deepStrictEqual(keptOf(one, scoresOfClass1("555555"), HALF), ["###..."]);
});

Deno.test("keptPixels gives each pixel to the box on top alone", () => {
  // The surest of class 1 are under class 2: of either k is ⌊0.5 · its rest⌋.
  const boxes = [box(1, 0, 0, 7, 1), box(2, 0, 0, 3, 1)];
  const one = scene(["2221111"], boxes);
  deepStrictEqual(keptOf(one, scoresOfClass1("9871234"), HALF), ["..#..##"]);
});

Deno.test("keptPixels leaves boxes of one or two pixels whole", () => {
  const one = scene(["11.222"], [box(1, 0, 0, 2, 1), box(2, 3, 0, 6, 1)]);
  deepStrictEqual(keptOf(one, scoresOfClass1("000000"), HALF), ["####.."]);
});

Deno.test("keptPixels keeps at least one pixel of a box", () => {
  const rules: FillingRateOptions = { rates: { kind: "global", rate: 0 } };
  const one = scene(["1111"], [box(1, 0, 0, 4, 1)]);
  deepStrictEqual(keptOf(one, scoresOfClass1("1121"), rules), ["..#."]);
});

Deno.test("keptPixels by logit ranks by the score alone", () => {
  // The surest by score is the least probable: class 2 has more there.
  const one = scene(["111"], [box(1, 0, 0, 3, 1)]);
  const scores = Float64Array.of(0, 0, 0, 1, 2, 3, 0, 0, 9, 0, 0, 0);
  const run = (rank: "prob" | "logit") =>
    drawnKept(
      runLoss([one], scores, { classCount: C, rules: HALF, rank }),
      one,
    );
  deepStrictEqual(run("prob"), [".#."]);
  deepStrictEqual(run("logit"), ["..#"]);
});

Deno.test("trainingLoss leaves ground truth whole", () => {
  const one = scene(["111111"], [box(1, 0, 0, 6, 1)]);
  const scores = scoresOfClass1("123456");
  deepStrictEqual(keptOf({ ...one, isTruth: true }, scores, HALF), ["######"]);
});

Deno.test("trainingLoss of no kept pixel is 0 with gradient 0, not NaN", () => {
  const scores = scoresOfClass1("123456");
  const empty = [scene(["??????"]), scene(["??????"], [box(1, 0, 0, 6, 1)])];
  for (const each of empty) {
    const run = runLoss([each], scores, { classCount: C, rules: HALF });
    deepStrictEqual([run.lossSum, run.kept], [0, 0]);
    ok(run.gradient.every((slope) => slope === 0));
  }
});

Deno.test("trainingLoss by norm all divides by pixels that are left out too", () => {
  const one = scene(["1111?."], [box(1, 0, 0, 4, 1)]);
  const scores = scoresOfClass1("123400");
  const counts = (norm: "kept" | "all") => {
    const options = { classCount: C, rules: HALF, norm };
    const { kept, divisor } = runLoss([one], scores, options);
    return [kept, divisor];
  };
  deepStrictEqual([counts("kept"), counts("all")], [[3, 3], [3, 5]]);
});

const RATES = [[0.9, 0.3, 0.6], [0.2, 0.7, 0.5], [0.45, 0.05, 1]];

/** Crops of 6 × 5 cells with overlapping boxes of two classes or three. */
const anyScene: fc.Arbitrary<Scene> = fc.record({
  labels: fc.array(fc.constantFrom(0, 1, 2, 3, 255), {
    minLength: 30,
    maxLength: 30,
  }),
  boxes: fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.nat(5),
      fc.nat(4),
      fc.nat(5),
      fc.nat(4),
    )
      .map(([classId, x, y, w, h]) =>
        box(classId, x, y, Math.min(6, x + w + 1), Math.min(5, y + h + 1))
      ),
    { maxLength: 4 },
  ),
  isTruth: fc.boolean(),
}).chain((drawn) =>
  fc.array(fc.nat(2), {
    minLength: drawn.boxes.length,
    maxLength: drawn.boxes.length,
  }).map((subClasses) => ({ ...drawn, subClasses, width: 6, height: 5 }))
);

function randomScores(seed: number, count: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: count }, () => 2 * random.normal());
}

for (const isRefined of [false, true]) {
  const rules: FillingRateOptions = {
    rates: isRefined
      ? { kind: "subClass", rates: RATES }
      : { kind: "class", rates: RATES.map(([rate]) => rate!) },
  };
  const rateOf = (classId: number, subClass: number) =>
    RATES[classId - 1]![isRefined ? subClass : 0]!;
  const refined = isRefined ? ", refined" : "";

  Deno.test(`trainingLoss is the loss of plain loops${refined}`, () => {
    fc.assert(
      fc.property(fc.tuple(anyScene, anyScene), fc.nat(1e6), (scenes, seed) => {
        const scores = randomScores(seed, 2 * C * 30);
        const run = runLoss(scenes, scores, { classCount: C, rules });
        const expected = oracleLoss(scenes, scores, {
          classCount: C,
          rateOf,
          isRefined,
        });
        strictEqual(run.kept, expected.count);
        ok(
          Math.abs(run.lossSum - expected.lossSum) <
            1e-9 * (1 + expected.count),
        );
        expected.kept.forEach((kept, n) =>
          kept.forEach((isKept, p) => {
            const slopes = Array.from(
              { length: C },
              (_, c) => run.gradient[(n * C + c) * 30 + p]!,
            );
            strictEqual(slopes.some((slope) => slope !== 0), isKept);
          })
        );
      }),
      { numRuns: 60, seed: 1 },
    );
  });
}

Deno.test("trainingLoss has the slope of finite differences, 0 where left out", () => {
  const boxes = [box(1, 0, 0, 5, 3), box(2, 3, 1, 6, 4)];
  const one = scene(["1111..", "1?122.", "111222", "...2?2"], boxes);
  const scores = randomScores(3, C * 24);
  const rules: FillingRateOptions = { rates: { kind: "global", rate: 0.4 } };
  const loss = (x: Float64Array) =>
    runLoss([one], x, { classCount: C, rules }).lossSum;
  const { gradient, kept } = runLoss([one], scores, { classCount: C, rules });
  ok(kept > 8 && kept < 22);
  for (let i = 0; i < scores.length; i++) {
    const expected = slope(scores, i, loss);
    ok(
      Math.abs(gradient[i]! - expected) < 1e-6,
      `${i}: ${gradient[i]}, ${expected}`,
    );
  }
});
